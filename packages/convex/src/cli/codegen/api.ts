import type { AnalyzedFunction, EvaluatedComponentDefinition } from "@tandem/protocol";
import type { ValidatorJSON } from "@tandem/values";
import { moduleIdentifiers } from "./module_identifier.ts";
import { doc, header, indent, propertyKey } from "./source_text.ts";
import { validatorType } from "./validator_type.ts";

/** `_generated/api.js`: references are made up as they are named. */
export function apiJs(): string {
  return `${header("References to the functions of this app.")}
import { anyApi, componentsGeneric } from "convex/server";

${apiDoc}
export const api = anyApi;

${internalDoc}
export const internal = anyApi;

${componentsDoc}
export const components = componentsGeneric();
`;
}

/** `_generated/api_cjs.cjs`, for code that can only `require` (R §5.2, `generateCommonJSApi`). */
export function apiCjs(): string {
  return `${header("References to the functions of this app, for CommonJS.")}
const { anyApi } = require("convex/server");

module.exports = { api: anyApi, internal: anyApi };
`;
}

/**
 * `_generated/api.d.ts` from the app's modules, named without extension (`a/b`). The types come from the
 * modules themselves, so they are right as soon as a file is saved.
 */
export function apiTypes(modules: readonly string[]): string {
  return `${header("References to the functions of this app.")}
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
${moduleImports(modules)}

declare const fullApi: ApiFromModules<${moduleMap(modules)}>;

${apiDoc}
export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;

${internalDoc}
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;

${componentsDoc}
export declare const components: {};
`;
}

/** `_generated/api.ts`: {@link apiJs} and {@link apiTypes} in one file (R §5.2, `fileType: "ts"`). */
export function apiTs(modules: readonly string[]): string {
  return `${header("References to the functions of this app.")}
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import { anyApi, componentsGeneric } from "convex/server";
${moduleImports(modules)}

const fullApi: ApiFromModules<${moduleMap(modules)}> = anyApi as any;

${apiDoc}
export const api: FilterApi<typeof fullApi, FunctionReference<any, "public">> = anyApi as any;

${internalDoc}
export const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">> = anyApi as any;

${componentsDoc}
export const components = componentsGeneric() as unknown as {};
`;
}

/**
 * The same, with every type written out from the deployment's analysis (R §5.2, `staticApi`): faster for
 * an editor with many functions, but only as new as the last push.
 */
export function staticApi(
  analysis: EvaluatedComponentDefinition,
  form: "declarations" | "typescript",
): string {
  const runtime = form === "typescript";
  const constant = (name: string, visibility: "public" | "internal"): string =>
    runtime
      ? `export const ${name}: ${referenceTree(analysis, visibility)} = anyApi as any;`
      : `export declare const ${name}: ${referenceTree(analysis, visibility)};`;
  return `${header("References to the functions of this app.")}
import type { FunctionReference } from "convex/server";
${runtime ? 'import { anyApi, componentsGeneric } from "convex/server";\n' : ""}import type { GenericId as Id } from "convex/values";

${apiDoc}
${constant("api", "public")}

${internalDoc}
${constant("internal", "internal")}

${componentsDoc}
${runtime ? "export const components = componentsGeneric() as unknown as {};" : "export declare const components: {};"}
`;
}

const apiDoc = doc(
  "The public functions, by module and name.",
  "",
  "@example",
  "const tasks = useQuery(api.tasks.list);",
);
const internalDoc = doc(
  "The internal functions, which only other functions can call.",
  "",
  "@example",
  "await ctx.runMutation(internal.tasks.clean);",
);
const componentsDoc = doc("The components that `convex.config` mounts.");

function moduleImports(modules: readonly string[]): string {
  const names = moduleIdentifiers(modules);
  return modules.map((module) => `import type * as ${names.get(module)} from "../${module}.js";`).join("\n");
}

function moduleMap(modules: readonly string[]): string {
  const names = moduleIdentifiers(modules);
  if (modules.length === 0) return "{}";
  return `{\n${modules.map((module) => `  ${JSON.stringify(module)}: typeof ${names.get(module)};`).join("\n")}\n}`;
}

interface Tree {
  [name: string]: Tree | string;
}

function referenceTree(analysis: EvaluatedComponentDefinition, visibility: "public" | "internal"): string {
  const root: Tree = {};
  for (const [path, module] of Object.entries(analysis.functions).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const fn of module.functions) {
      if ((fn.visibility?.kind ?? "public") !== visibility) continue;
      let node = root;
      for (const part of path.replace(/\.js$/, "").split("/")) {
        const child = node[part] ?? {};
        node[part] = child;
        if (typeof child === "string") throw new Error(`The name ${path} is both a function and a folder.`);
        node = child;
      }
      node[fn.name] = referenceType(fn, visibility);
    }
  }
  return printTree(root);
}

function printTree(tree: Tree): string {
  const lines = Object.entries(tree).map(
    ([name, child]) => `${propertyKey(name)}: ${typeof child === "string" ? child : printTree(child)};`,
  );
  return lines.length === 0 ? "{}" : `{\n${indent(lines.join("\n"))}\n}`;
}

function referenceType(fn: AnalyzedFunction, visibility: "public" | "internal"): string {
  const args = parseValidator(fn.args);
  const returns = parseValidator(fn.returns);
  const argsType = args === null ? "any" : validatorType(args);
  const returnType = returns === null ? "any" : validatorType(returns);
  return `FunctionReference<"${fn.udfType.toLowerCase()}", "${visibility}", ${argsType}, ${returnType}>`;
}

function parseValidator(text: string | null): ValidatorJSON | null {
  return text === null ? null : (JSON.parse(text) as ValidatorJSON | null);
}
