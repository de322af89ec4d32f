import { posix } from "node:path";
import type { AnyNode } from "./scopes.ts";

/**
 * What a module's code requires, and the modules that are meant. Specifiers of bundles are relative paths; one
 * that leads to no module is left out: requiring it fails when, and only when, the code gets there.
 */
export function moduleLinks(
  path: string,
  program: unknown,
  paths: ReadonlySet<string>,
): Record<string, string> {
  const requires = new Set<string>();
  collect(program, requires);
  const links: Record<string, string> = {};
  for (const specifier of requires) {
    const target = resolveModule(path, specifier, paths);
    if (target !== null) links[specifier] = target;
  }
  return links;
}

/** The module that a specifier means in the module at `path`; `null` when there is none such. */
export function resolveModule(path: string, specifier: string, paths: ReadonlySet<string>): string | null {
  // `convex:/…` is a path from the root, as the host names modules.
  const own = specifier.replace(/^convex:(?=\/)/, "");
  if (!own.startsWith(".") && !own.startsWith("/")) return null;
  const target = (own.startsWith("/") ? posix.normalize(own) : posix.join(posix.dirname(path), own)).replace(
    /^\/+/,
    "",
  );
  for (const candidate of [target, `${target}.js`, `${target}/index.js`])
    if (paths.has(candidate)) return candidate;
  return null;
}

function collect(node: unknown, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const inner of node) collect(inner, found);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const {
    type,
    callee,
    arguments: parameters,
  } = node as AnyNode & { callee?: AnyNode; arguments?: AnyNode[] };
  if (type === "CallExpression" && callee?.type === "Identifier" && callee.name === "require") {
    const [first] = parameters ?? [];
    if (first?.type === "Literal" && typeof first.value === "string") found.add(first.value);
  }
  for (const key of Object.keys(node)) collect((node as AnyNode)[key], found);
}
