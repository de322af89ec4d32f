import type { ModuleSource } from "../lanes/lane.ts";
import type { AnyNode } from "./scopes.ts";
import type { Insertion } from "./state_analysis.ts";

/** The bundler's helper in a module that gives functions their names, as it is known inside and outside. */
export interface NameHelper {
  readonly local: string;
  readonly exported: readonly string[];
}

const HELPER =
  /\b(?:var|let|const)\s+([\w$]+)\s*=\s*\(([\w$]+),\s*([\w$]+)\)\s*=>\s*[\w$]+\(\2,\s*"name",\s*\{\s*value:\s*\3,\s*configurable:\s*(?:!0|true)\s*\}\)/;
const HELPER_IN_LIST =
  /[\s,]([\w$]+)\s*=\s*\(([\w$]+),\s*([\w$]+)\)\s*=>\s*[\w$]+\(\2,\s*"name",\s*\{\s*value:\s*\3,\s*configurable:\s*(?:!0|true)\s*\}\)/;

/** Finds the helper that esbuild's `keepNames` leaves in bundles (R §5.1). By module path. */
export function findNameHelpers(modules: readonly ModuleSource[]): Map<string, NameHelper> {
  const helpers = new Map<string, NameHelper>();
  for (const { path, source } of modules) {
    const local = (HELPER.exec(source) ?? HELPER_IN_LIST.exec(source))?.[1];
    if (local === undefined) continue;
    const exported: string[] = [];
    for (const [, list] of source.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
      for (const item of list!.split(",")) {
        const [name, as] = item.trim().split(/\s+as\s+/);
        if (name === local) exported.push(as ?? name);
      }
    }
    helpers.set(path, { local, exported });
  }
  return helpers;
}

/**
 * `keepNames` wraps each nameless function in `__name(fn, "name")`, which calls `Object.defineProperty` whenever
 * the function is made: 36 µs of a call that builds the usual `ctx`, against 5 µs without. The language names a
 * function that is the value of a property, for nothing: so `__name(fn, "n")` becomes `({"n": fn})["n"]`. Done by
 * insertions alone, the rest commented out, so that positions stay known.
 */
export function nameByProperty(
  program: AnyNode,
  links: Readonly<Record<string, string>>,
  own: NameHelper | undefined,
  helpers: ReadonlyMap<string, NameHelper>,
): Insertion[] {
  const insertions: Insertion[] = [];
  const namespaces = new Map<string, NameHelper>();

  function isHelper(callee: AnyNode): boolean {
    if (callee.type === "Identifier") return own !== undefined && callee.name === own.local;
    const last = callee.type === "SequenceExpression" ? (callee.expressions as AnyNode[]).at(-1) : callee;
    if (last?.type !== "MemberExpression" || last.computed === true) return false;
    const object = last.object as AnyNode;
    const helper = object.type === "Identifier" ? namespaces.get(object.name as string) : undefined;
    return helper?.exported.includes((last.property as AnyNode).name as string) === true;
  }

  function visit(node: unknown): void {
    if (Array.isArray(node)) {
      for (const inner of node) visit(inner);
      return;
    }
    if (typeof node !== "object" || node === null || typeof (node as AnyNode).type !== "string") return;
    const one = node as AnyNode;
    if (one.type === "VariableDeclarator") noteNamespace(one);
    if (one.type === "CallExpression" && isHelper(one.callee as AnyNode)) rename(one);
    for (const key of Object.keys(one)) if (key !== "type") visit(one[key]);
  }

  function noteNamespace({ id, init }: AnyNode): void {
    const call = init as AnyNode | null;
    if (call?.type !== "CallExpression" || (call.callee as AnyNode).name !== "require") return;
    const specifier = (call.arguments as AnyNode[])[0]?.value;
    const helper = helpers.get(links[String(specifier)] ?? "");
    if (helper !== undefined) namespaces.set((id as AnyNode).name as string, helper);
  }

  function rename(call: AnyNode): void {
    const [fn, name] = call.arguments as AnyNode[];
    if (fn === undefined || name?.type !== "Literal" || typeof name.value !== "string") return;
    if (name.value === "__proto__" || !isNameless(fn)) return;
    const key = JSON.stringify(name.value);
    const inner = fn.end - fn.start;
    const outer = call.end - call.start;
    insertions.push(
      { at: call.start, text: "/*", opens: outer },
      { at: fn.start, text: `*/({${key}:`, opens: inner },
      { at: fn.end, text: `})[${key}]/*`, closes: inner },
      { at: call.end, text: "*/", closes: outer },
    );
  }

  visit(program);
  return insertions;
}

function isNameless(fn: AnyNode): boolean {
  if (fn.type === "ArrowFunctionExpression") return true;
  return fn.type === "FunctionExpression" && fn.id === null;
}
