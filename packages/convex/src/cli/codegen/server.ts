import type { EvaluatedComponentDefinition } from "@tandem/protocol";
import type { ValidatorJSON } from "@tandem/values";
import { doc, header, propertyKey } from "./source_text.ts";
import { validatorType } from "./validator_type.ts";

/** Environment variables that `convex.config` declares; undefined while they are not known. */
export type DeclaredVariables = EvaluatedComponentDefinition["definition"]["envVars"];

const builders = [
  {
    name: "query",
    type: 'QueryBuilder<DataModel, "public">',
    about: "Defines a query that clients can call: it reads the database and is live where it is shown.",
  },
  {
    name: "internalQuery",
    type: 'QueryBuilder<DataModel, "internal">',
    about: "Defines a query that only other functions can call.",
  },
  {
    name: "mutation",
    type: 'MutationBuilder<DataModel, "public">',
    about: "Defines a mutation that clients can call: it reads and writes the database, all or nothing.",
  },
  {
    name: "internalMutation",
    type: 'MutationBuilder<DataModel, "internal">',
    about: "Defines a mutation that only other functions can call.",
  },
  {
    name: "action",
    type: 'ActionBuilder<DataModel, "public">',
    about:
      "Defines an action that clients can call: it may call other services, and reaches the database through queries and mutations.",
  },
  {
    name: "internalAction",
    type: 'ActionBuilder<DataModel, "internal">',
    about: "Defines an action that only other functions can call.",
  },
  {
    name: "httpAction",
    type: "HttpActionBuilder",
    about: "Defines a handler of HTTP requests. Give it a route in `http.ts`.",
  },
] as const;

const contexts = [
  { name: "QueryCtx", type: "GenericQueryCtx<DataModel>", about: "What a query gets as its first argument." },
  {
    name: "MutationCtx",
    type: "GenericMutationCtx<DataModel>",
    about: "What a mutation gets as its first argument.",
  },
  {
    name: "ActionCtx",
    type: "GenericActionCtx<DataModel>",
    about: "What an action gets as its first argument.",
  },
  { name: "DatabaseReader", type: "GenericDatabaseReader<DataModel>", about: "`ctx.db` of a query." },
  { name: "DatabaseWriter", type: "GenericDatabaseWriter<DataModel>", about: "`ctx.db` of a mutation." },
] as const;

const about = "What the functions of this app are made with, typed for its tables.";
const envDoc = doc(
  "The environment variables of the deployment: those it always has, and those that `convex.config` declares.",
);

/** `_generated/server.js`. */
export function serverJs(): string {
  return `${header(about)}
import {
${builders.map(({ name }) => `  ${name}Generic,`).join("\n")}
} from "convex/server";

${builders.map((one) => `${doc(one.about)}\nexport const ${one.name} = ${one.name}Generic;`).join("\n\n")}

${envDoc}
export const env = process.env;
`;
}

/** `_generated/server.d.ts`. */
export function serverTypes(variables: DeclaredVariables): string {
  return `${header(about)}
${typeImports}
import type { DataModel } from "./dataModel.js";

${builders.map((one) => `${doc(one.about)}\nexport declare const ${one.name}: ${one.type};`).join("\n\n")}

${contextTypes}

${envType(variables)}

${envDoc}
export declare const env: Env;
`;
}

/** `_generated/server.ts` (R §5.2, `fileType: "ts"`). */
export function serverTs(variables: DeclaredVariables): string {
  return `${header(about)}
${typeImports}
import {
${builders.map(({ name }) => `  ${name}Generic,`).join("\n")}
} from "convex/server";
import type { DataModel } from "./dataModel.js";

${builders.map((one) => `${doc(one.about)}\nexport const ${one.name}: ${one.type} = ${one.name}Generic;`).join("\n\n")}

${contextTypes}

${envType(variables)}

${envDoc}
export const env: Env = (globalThis as unknown as { process: { env: Env } }).process.env;
`;
}

const typeImports = `import type {
  ActionBuilder,
  GenericActionCtx,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  GenericMutationCtx,
  GenericQueryCtx,
  HttpActionBuilder,
  MutationBuilder,
  QueryBuilder,
} from "convex/server";`;

const contextTypes = contexts
  .map((one) => `${doc(one.about)}\nexport type ${one.name} = ${one.type};`)
  .join("\n\n");

function envType(variables: DeclaredVariables): string {
  const declared = (variables ?? []).map(([name, { value, optional }]) => {
    const type = validatorType(JSON.parse(value) as ValidatorJSON);
    return `  readonly ${propertyKey(name)}: ${type}${optional ? " | undefined" : ""};`;
  });
  return `type Env = {
  readonly CONVEX_CLOUD_URL: string;
  readonly CONVEX_SITE_URL: string;
${declared.map((line) => `${line}\n`).join("")}};`;
}
