import { parse } from "acorn";
import { type AnyNode, analyzeScopes, type Scope } from "./scopes.ts";

/** Text put into a module's code; never with a line break, so that lines stay where they are. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Length of the node that the text stands before: of several in one place the longest comes first. */
  readonly opens?: number;
  /** Length of the node that the text stands behind: of several in one place the shortest comes first. */
  readonly closes?: number;
}

/** The order in which insertions are made. */
export function byPlace(a: Insertion, b: Insertion): number {
  if (a.at !== b.at) return a.at - b.at;
  if ((a.closes === undefined) !== (b.closes === undefined)) return a.closes === undefined ? 1 : -1;
  if (a.closes !== undefined) return a.closes - b.closes!;
  return (b.opens ?? 0) - (a.opens ?? 0);
}

export interface StateAnalysis {
  /** Why the module can never be shared, or `null`: then its evaluation decides. */
  readonly disproof: string | null;
  /** Needs a global object that can be written to under bare names: only a fresh realm has one. */
  readonly needsOwnRealm: boolean;
  readonly insertions: readonly Insertion[];
}

/** Names the factory's parameter that instrumented code reports to. */
export const TRACKER = "$tandem";

/**
 * Decides from a module's code what can be decided without running it, and where the rest must be watched.
 *
 * A module may be shared between calls when nothing that outlives a call can change. Objects are seen to by
 * freezing them; variables cannot be frozen. So: no function may reassign a variable of the module; and functions
 * that run while the module is evaluated must leave no variable behind that an inner function reassigns. Whether
 * a function runs then is not guessed: each one with captured variables reports it, together with a way to read
 * them, because what they hold has to be frozen too.
 */
export function analyzeState(code: string): StateAnalysis {
  const program = parse(code, {
    ecmaVersion: "latest",
    sourceType: "script",
    allowReturnOutsideFunction: true,
  });
  const { scopes, module, privateWriters, privateHolders, freeNames, writesGlobal, usesEval } = analyzeScopes(
    program as unknown as AnyNode,
  );
  let disproof: string | null = null;
  for (const binding of module.bindings.values()) {
    if (binding.isReassignedInside)
      disproof ??= `a function reassigns the module's variable "${binding.name}"`;
  }
  for (const scope of scopes) {
    if (scope.home !== module || scope === module) continue;
    for (const binding of scope.bindings.values()) {
      if (binding.isReassignedInside)
        disproof ??= `a function reassigns the module's variable "${binding.name}"`;
    }
  }
  if (usesEval) disproof ??= "it calls eval";
  if (writesGlobal) disproof ??= "it writes to the global object";
  const insertions: Insertion[] = [];
  for (const scope of scopes) {
    const problem = watch(scope, insertions);
    if (problem !== null) disproof ??= problem;
  }
  for (const { body, hasStaticWrites } of privateWriters) {
    if (hasStaticWrites) disproof ??= "a method writes a static private field";
    insertions.push({
      at: body.start + 1,
      text: `#${TRACKER}=${TRACKER}.on&&${TRACKER}.g("an object with private fields that change was made");`,
    });
  }
  for (const { body, own, statics } of privateHolders) {
    const report = (names: readonly string[]) =>
      `${TRACKER}.on&&${TRACKER}.f(0,[${names.map((name) => `()=>this.#${name}`).join(",")}])`;
    if (own.length > 0) insertions.push({ at: body.start + 1, text: `#${TRACKER}Held=${report(own)};` });
    if (statics.length > 0) insertions.push({ at: body.start + 1, text: `static{${report(statics)}}` });
  }
  const unknownNames = [...freeNames].some((name) => !KNOWN_GLOBALS.has(name));
  return { disproof, needsOwnRealm: writesGlobal && unknownNames, insertions };
}

/** Puts the report into a scope's beginning. Answers why that is not possible. */
function watch(scope: Scope, insertions: Insertion[]): string | null {
  const reads: string[] = [];
  let unstable = 0;
  for (const binding of scope.bindings.values()) {
    if (!binding.isCaptured) continue;
    reads.push(`()=>${binding.name}`);
    if (binding.isReassignedInside) unstable = 1;
  }
  // A function expression's own name is known inside it only; what hangs on the function is found through it.
  if (scope.kind === "function" && scope.parent?.kind === "name") {
    for (const binding of scope.parent.bindings.values()) {
      if (binding.isCaptured) reads.push(`()=>${binding.name}`);
    }
  }
  if (scope.capturesThis) reads.push("()=>this");
  if (scope.capturesArguments) reads.push("()=>arguments");
  const { node } = scope;
  const isMachine = scope.kind === "function" && (node.generator === true || node.async === true);
  if (reads.length === 0 && !isMachine) return null;
  const machine = isMachine
    ? `${TRACKER}.on&&${TRACKER}.g("${node.async === true ? "an async function" : "a generator"} was started")`
    : "";
  const report = reads.length === 0 ? "" : `${TRACKER}.on&&${TRACKER}.f(${unstable},[${reads.join(",")}])`;
  const text = [machine, report].filter((part) => part !== "").join(",");
  switch (scope.kind) {
    case "module":
      insertions.push({ at: 0, text: `${text};` });
      return null;
    case "function": {
      if (node.type === "PropertyDefinition") {
        // An arrow function in a field holds on to the object whose field it is, or to the class.
        const at = (scope.parent!.node.body as AnyNode).start + 1;
        insertions.push({
          at,
          text: node.static === true ? `static{${text};}` : `#${TRACKER}${node.start}=${text};`,
        });
        return null;
      }
      if (node.type === "StaticBlock") {
        insertions.push({ at: openingBrace(node) + 1, text: `${text};` });
        return null;
      }
      const body = node.body as AnyNode;
      if (body.type === "BlockStatement") {
        insertions.push({ at: afterDirectives(body), text: `${text};` });
      } else {
        const span = body.end - body.start + 0.5;
        insertions.push(
          { at: body.start, text: `(${text},`, opens: span },
          { at: body.end, text: ")", closes: span },
        );
      }
      return null;
    }
    case "block":
      insertions.push({ at: node.start + 1, text: `${text};` });
      return null;
    case "loop": {
      const body = node.body as AnyNode;
      if (body.type === "BlockStatement") insertions.push({ at: body.start + 1, text: `${text};` });
      else {
        const span = body.end - body.start + 0.5;
        insertions.push(
          { at: body.start, text: `{${text};`, opens: span },
          { at: body.end, text: "}", closes: span },
        );
      }
      return null;
    }
    case "catch":
      insertions.push({ at: (node.body as AnyNode).start + 1, text: `${text};` });
      return null;
    case "switch":
      return "functions capture variables of a switch";
    case "class":
      // A method that was taken out of its class may be the only one that still knows it, by its name.
      insertions.push({ at: (node.body as AnyNode).start + 1, text: `static{${text};}` });
      return null;
    case "name":
      // Told by the function itself.
      return null;
    default:
      return scope.kind satisfies never;
  }
}

function openingBrace(staticBlock: AnyNode): number {
  // `static {`: nothing but white space and comments can stand between, and comments are gone by now.
  return staticBlock.start + "static ".length;
}

function afterDirectives(body: AnyNode): number {
  let at = body.start + 1;
  for (const statement of body.body as AnyNode[]) {
    if (statement.directive === undefined) break;
    at = statement.end;
  }
  return at;
}

const KNOWN_GLOBALS = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  "Convex",
  "AsyncLocalStorage",
  "AsyncResource",
  "self",
  "require",
  "module",
  "exports",
  "undefined",
  "arguments",
]);
