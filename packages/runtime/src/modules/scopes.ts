import type { Node } from "acorn";

/** Any node of acorn's tree, read loosely: the walk below looks at every property. */
export interface AnyNode extends Node {
  readonly [property: string]: unknown;
}

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  /** Read or written by a function inside the one that it belongs to. */
  isCaptured: boolean;
  /** Written by a function inside the one that it belongs to. */
  isReassignedInside: boolean;
}

/** What a scope is entered by. */
export type ScopeKind = "module" | "function" | "block" | "loop" | "catch" | "switch" | "class" | "name";

export interface Scope {
  readonly kind: ScopeKind;
  readonly node: AnyNode;
  readonly parent: Scope | null;
  /** The function (or module) scope that this one runs in. */
  readonly home: Scope;
  readonly bindings: Map<string, Binding>;
  /** Arrow functions inside use the function's `this` or `arguments`. */
  capturesThis: boolean;
  capturesArguments: boolean;
}

/** A class whose methods write private fields. */
export interface PrivateWriter {
  readonly body: AnyNode;
  readonly hasStaticWrites: boolean;
}

/** A class with private fields: what they hold is out of reach of any reflection. */
export interface PrivateHolder {
  readonly body: AnyNode;
  readonly own: readonly string[];
  readonly statics: readonly string[];
}

export interface ScopeAnalysis {
  readonly scopes: readonly Scope[];
  readonly module: Scope;
  readonly privateWriters: readonly PrivateWriter[];
  readonly privateHolders: readonly PrivateHolder[];
  /** Names that no scope declares and that are read bare. */
  readonly freeNames: ReadonlySet<string>;
  /** Properties of the global object are written (`globalThis.x = …`). */
  readonly writesGlobal: boolean;
  /** `eval` is called: it may read and write any variable around it. */
  readonly usesEval: boolean;
}

interface ClassContext {
  readonly body: AnyNode;
  /** Of its fields, methods and accessors; what it does not declare belongs to a class around it. */
  readonly privateNames: ReadonlySet<string>;
  readonly staticNames: ReadonlySet<string>;
  writes: boolean;
  staticWrites: boolean;
}

/** Finds which variables outlive the call of their function, and who writes them. `program` is a script's tree. */
export function analyzeScopes(program: AnyNode): ScopeAnalysis {
  const scopes: Scope[] = [];
  const privateWriters: PrivateWriter[] = [];
  const privateHolders: PrivateHolder[] = [];
  const freeNames = new Set<string>();
  const references: { name: string; scope: Scope; write: boolean }[] = [];
  let writesGlobal = false;
  let usesEval = false;

  function open(kind: ScopeKind, node: AnyNode, parent: Scope | null): Scope {
    const scope = {
      kind,
      node,
      parent,
      bindings: new Map<string, Binding>(),
      capturesThis: false,
      capturesArguments: false,
    } as unknown as { -readonly [name in keyof Scope]: Scope[name] };
    scope.home = kind === "module" || kind === "function" ? scope : parent!.home;
    scopes.push(scope);
    return scope;
  }

  function declare(scope: Scope, name: string): void {
    if (!scope.bindings.has(name)) {
      scope.bindings.set(name, { name, scope, isCaptured: false, isReassignedInside: false });
    }
  }

  function patternNames(pattern: AnyNode | null, found: (identifier: AnyNode) => void): void {
    if (pattern === null) return;
    switch (pattern.type) {
      case "Identifier":
        found(pattern);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties as AnyNode[]) {
          patternNames(
            (property.type === "RestElement" ? property.argument : property.value) as AnyNode,
            found,
          );
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements as (AnyNode | null)[]) patternNames(element, found);
        return;
      case "AssignmentPattern":
        patternNames(pattern.left as AnyNode, found);
        return;
      case "RestElement":
        patternNames(pattern.argument as AnyNode, found);
        return;
      default:
    }
  }

  /** `var`s belong to the function, the rest to the block: declared before the walk, as the language does it. */
  function hoist(statements: readonly AnyNode[], scope: Scope): void {
    for (const statement of statements) {
      if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
        for (const { id } of statement.declarations as { id: AnyNode }[]) {
          patternNames(id, (identifier) => declare(scope, identifier.name as string));
        }
      } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
        declare(scope, (statement.id as AnyNode).name as string);
      }
    }
  }

  function hoistVars(node: unknown, scope: Scope): void {
    if (Array.isArray(node)) {
      for (const inner of node) hoistVars(inner, scope);
      return;
    }
    if (!isNode(node) || isFunction(node) || node.type === "ClassBody") return;
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      for (const { id } of node.declarations as { id: AnyNode }[]) {
        patternNames(id, (identifier) => declare(scope, identifier.name as string));
      }
    }
    for (const key of Object.keys(node)) if (key !== "type") hoistVars(node[key], scope);
  }

  function writePattern(pattern: AnyNode, scope: Scope, classes: readonly ClassContext[]): void {
    switch (pattern.type) {
      case "Identifier":
        references.push({ name: pattern.name as string, scope, write: true });
        return;
      case "MemberExpression":
        noteMemberWrite(pattern, scope, classes);
        walk(pattern, scope, classes);
        return;
      case "ObjectPattern":
        for (const property of pattern.properties as AnyNode[]) {
          if (property.type === "RestElement") writePattern(property.argument as AnyNode, scope, classes);
          else {
            if (property.computed === true) walk(property.key, scope, classes);
            writePattern(property.value as AnyNode, scope, classes);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements as (AnyNode | null)[]) {
          if (element !== null) writePattern(element, scope, classes);
        }
        return;
      case "AssignmentPattern":
        writePattern(pattern.left as AnyNode, scope, classes);
        walk(pattern.right, scope, classes);
        return;
      case "RestElement":
        writePattern(pattern.argument as AnyNode, scope, classes);
        return;
      default:
        walk(pattern, scope, classes);
    }
  }

  function noteMemberWrite(member: AnyNode, scope: Scope, classes: readonly ClassContext[]): void {
    const property = member.property as AnyNode;
    const object = member.object as AnyNode;
    if (property.type === "PrivateIdentifier") {
      const name = property.name as string;
      const owner = classes.findLast(({ privateNames }) => privateNames.has(name));
      if (owner !== undefined && !isOfNewObject(object, scope.home, owner.body)) {
        owner.writes = true;
        if (owner.staticNames.has(name)) owner.staticWrites = true;
      }
    } else if (object.type === "Identifier" && GLOBAL_NAMES.has(object.name as string)) {
      writesGlobal = true;
    }
  }

  function walkFunction(node: AnyNode, scope: Scope, classes: readonly ClassContext[]): void {
    let outer = scope;
    if (node.type === "FunctionExpression" && node.id !== null) {
      outer = open("name", node, scope);
      declare(outer, (node.id as AnyNode).name as string);
    }
    const own = open("function", node, outer);
    for (const parameter of node.params as AnyNode[]) {
      patternNames(parameter, (identifier) => declare(own, identifier.name as string));
    }
    for (const parameter of node.params as AnyNode[]) walkBindingPattern(parameter, own, classes);
    const body = node.body as AnyNode;
    if (body.type === "BlockStatement") {
      hoistVars(body.body, own);
      hoist(body.body as AnyNode[], own);
      for (const statement of body.body as AnyNode[]) walk(statement, own, classes);
    } else {
      walk(body, own, classes);
    }
  }

  /** A declaration's pattern: its names are no references, its defaults and computed keys are code. */
  function walkBindingPattern(pattern: AnyNode | null, scope: Scope, classes: readonly ClassContext[]): void {
    if (pattern === null) return;
    switch (pattern.type) {
      case "Identifier":
        return;
      case "ObjectPattern":
        for (const property of pattern.properties as AnyNode[]) {
          if (property.type === "RestElement")
            walkBindingPattern(property.argument as AnyNode, scope, classes);
          else {
            if (property.computed === true) walk(property.key, scope, classes);
            walkBindingPattern(property.value as AnyNode, scope, classes);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of pattern.elements as (AnyNode | null)[])
          walkBindingPattern(element, scope, classes);
        return;
      case "AssignmentPattern":
        walkBindingPattern(pattern.left as AnyNode, scope, classes);
        walk(pattern.right, scope, classes);
        return;
      case "RestElement":
        walkBindingPattern(pattern.argument as AnyNode, scope, classes);
        return;
      default:
    }
  }

  function walkClass(node: AnyNode, scope: Scope, classes: readonly ClassContext[]): void {
    const own = open("class", node, scope);
    if (node.id !== null) declare(own, (node.id as AnyNode).name as string);
    if (node.superClass !== null) walk(node.superClass, scope, classes);
    const body = node.body as AnyNode;
    const members = body.body as AnyNode[];
    const privateFields = members.filter(
      (member) =>
        member.type === "PropertyDefinition" && (member.key as AnyNode).type === "PrivateIdentifier",
    );
    if (privateFields.length > 0) {
      const names = (isStatic: boolean) =>
        privateFields
          .filter((member) => (member.static === true) === isStatic)
          .map((member) => (member.key as AnyNode).name as string);
      privateHolders.push({ body, own: names(false), statics: names(true) });
    }
    const privateMembers = members.filter(
      (member) => (member.key as AnyNode | undefined)?.type === "PrivateIdentifier",
    );
    const namesOf = (some: readonly AnyNode[]) =>
      new Set(some.map((member) => (member.key as AnyNode).name as string));
    const context: ClassContext = {
      body,
      privateNames: namesOf(privateMembers),
      staticNames: namesOf(privateMembers.filter((member) => member.static === true)),
      writes: false,
      staticWrites: false,
    };
    for (const member of members) {
      if (member.computed === true) walk(member.key, scope, classes);
      if (member.type === "StaticBlock") {
        const block = open("function", member, own);
        hoistVars(member.body, block);
        hoist(member.body as AnyNode[], block);
        for (const statement of member.body as AnyNode[]) walk(statement, block, [...classes, context]);
      } else if (member.type === "PropertyDefinition") {
        const field = open("function", member, own);
        if (member.value !== null) walk(member.value, field, [...classes, context]);
      } else {
        walk(member.value, own, [...classes, context]);
      }
    }
    if (context.writes) privateWriters.push({ body, hasStaticWrites: context.staticWrites });
  }

  function walk(node: unknown, scope: Scope, classes: readonly ClassContext[]): void {
    if (Array.isArray(node)) {
      for (const inner of node) walk(inner, scope, classes);
      return;
    }
    if (!isNode(node)) return;
    if (isFunction(node)) {
      walkFunction(node, scope, classes);
      return;
    }
    switch (node.type) {
      case "Identifier":
        references.push({ name: node.name as string, scope, write: false });
        if (node.name === "arguments") {
          const owner = functionOwner(scope);
          if (owner !== null && owner !== scope.home) owner.capturesArguments = true;
        }
        return;
      case "ThisExpression":
      case "Super": {
        const owner = functionOwner(scope);
        if (owner !== null && owner !== scope.home) owner.capturesThis = true;
        return;
      }
      case "ClassDeclaration":
      case "ClassExpression":
        walkClass(node, scope, classes);
        return;
      case "BlockStatement": {
        const block = open("block", node, scope);
        hoist(node.body as AnyNode[], block);
        walk(node.body, block, classes);
        return;
      }
      case "SwitchStatement": {
        walk(node.discriminant, scope, classes);
        const cases = open("switch", node, scope);
        for (const one of node.cases as AnyNode[]) hoist(one.consequent as AnyNode[], cases);
        for (const one of node.cases as AnyNode[]) {
          walk(one.test, cases, classes);
          walk(one.consequent, cases, classes);
        }
        return;
      }
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        const loop = open("loop", node, scope);
        const head = (node.type === "ForStatement" ? node.init : node.left) as AnyNode | null;
        if (head?.type === "VariableDeclaration") hoist([head], loop);
        if (head !== null && node.type !== "ForStatement" && head.type !== "VariableDeclaration") {
          writePattern(head, loop, classes);
        } else {
          walk(head, loop, classes);
        }
        walk(node.test, loop, classes);
        walk(node.update, loop, classes);
        walk(node.right, loop, classes);
        walk(node.body, loop, classes);
        return;
      }
      case "CatchClause": {
        const clause = open("catch", node, scope);
        patternNames(node.param as AnyNode | null, (identifier) =>
          declare(clause, identifier.name as string),
        );
        walkBindingPattern(node.param as AnyNode | null, clause, classes);
        walk(node.body, clause, classes);
        return;
      }
      case "VariableDeclarator":
        walkBindingPattern(node.id as AnyNode, scope, classes);
        walk(node.init, scope, classes);
        return;
      case "AssignmentExpression": {
        const left = node.left as AnyNode;
        writePattern(left, scope, classes);
        if (node.operator !== "=" && left.type === "Identifier") walk(left, scope, classes);
        walk(node.right, scope, classes);
        return;
      }
      case "UpdateExpression":
        writePattern(node.argument as AnyNode, scope, classes);
        return;
      case "UnaryExpression": {
        const argument = node.argument as AnyNode;
        if (node.operator === "delete" && argument.type === "MemberExpression")
          noteMemberWrite(argument, scope, classes);
        walk(argument, scope, classes);
        return;
      }
      case "CallExpression": {
        const callee = node.callee as AnyNode;
        if (callee.type === "Identifier" && callee.name === "eval") usesEval = true;
        walk(callee, scope, classes);
        walk(node.arguments, scope, classes);
        return;
      }
      case "MemberExpression":
        walk(node.object, scope, classes);
        if (node.computed === true) walk(node.property, scope, classes);
        return;
      case "Property":
        if (node.computed === true) walk(node.key, scope, classes);
        walk(node.value, scope, classes);
        return;
      case "LabeledStatement":
        walk(node.body, scope, classes);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      default:
        for (const key of Object.keys(node)) if (key !== "type") walk(node[key], scope, classes);
    }
  }

  const module = open("module", program, null);
  hoistVars(program.body, module);
  hoist(program.body as AnyNode[], module);
  walk(program.body, module, []);

  for (const { name, scope, write } of references) {
    let at: Scope | null = scope;
    while (at !== null && !at.bindings.has(name)) at = at.parent;
    const binding = at?.bindings.get(name);
    if (binding === undefined) {
      freeNames.add(name);
      continue;
    }
    if (scope.home !== binding.scope.home) {
      binding.isCaptured = true;
      if (write) binding.isReassignedInside = true;
    }
  }
  return { scopes, module, privateWriters, privateHolders, freeNames, writesGlobal, usesEval };
}

const GLOBAL_NAMES = new Set(["globalThis", "self"]);

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}

function isFunction(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** The function whose `this` and `arguments` code in `scope` sees, or `null` at the top of the module. */
function functionOwner(scope: Scope): Scope | null {
  let at: Scope | null = scope.home;
  while (at !== null && at.kind === "function" && at.node.type === "ArrowFunctionExpression") {
    at = at.parent?.home ?? null;
  }
  return at === null || at.kind === "module" ? null : at;
}

/**
 * Is what is written certainly an object that is only being made? So is `this` in a constructor or a field's
 * initialiser, though not every other object there; and all objects of a class are while its static parts run.
 */
function isOfNewObject(object: AnyNode, home: Scope, classBody: AnyNode): boolean {
  const member = (classBody.body as AnyNode[]).find((one) => one === home.node || one.value === home.node);
  if (member === undefined) return false;
  if (member.type === "StaticBlock") return true;
  if (member.type === "PropertyDefinition") return member.static === true || object.type === "ThisExpression";
  return member.kind === "constructor" && object.type === "ThisExpression";
}
