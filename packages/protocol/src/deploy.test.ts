import { expect, test } from "vitest";
import type {
  AnalyzedModule,
  EvaluatePushResponse,
  FinishPushDiff,
  GetConfigHashesResponse,
  SchemaJson,
  SchemaStatus,
  StartPushResponse,
} from "./deploy.ts";

// The least that the genuine CLI 1.48.0 accepted (R §8): the types must be able to say it.
const minimal = {
  hashes: {
    config: { functions: "convex/" },
    moduleHashes: [],
    udfServerVersion: null,
    nodeVersion: null,
  } satisfies GetConfigHashesResponse,
  evaluate: {
    schemaChange: { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {} },
  } satisfies EvaluatePushResponse,
  start: {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: { "": {} },
    appAuth: [{ applicationID: "convex", domain: "http://127.0.0.1:3212" }],
    analysis: {
      "": {
        definition: {
          path: "",
          definitionType: { type: "app" },
          childComponents: [],
          httpMounts: {},
          httpPrefix: null,
          exports: { type: "branch", branch: [] },
        },
        schema: null,
        functions: {
          "messages.js": { functions: [], httpRoutes: null, cronSpecs: null, sourceMapped: null },
        },
        udfConfig: { serverVersion: "1.48.0", importPhaseRngSeed: null, importPhaseUnixTimestamp: null },
      },
    },
    app: {
      definitionPath: "",
      componentPath: "",
      httpPrefix: null,
      args: {},
      env: {},
      childComponents: {},
      httpRoutes: { httpModuleRoutes: null, mounts: [] },
      exports: {},
    },
    schemaChange: { allocatedComponentIds: {}, schemaIds: { "": "x" }, indexDiffs: {} },
  } satisfies StartPushResponse,
  wait: { type: "complete" } satisfies SchemaStatus,
  finish: {
    authDiff: { added: [], removed: [] },
    definitionDiffs: {},
    componentDiffs: {
      "": {
        diffType: { type: "modify" },
        moduleDiff: { added: [], removed: [] },
        udfConfigDiff: null,
        cronDiff: { added: [], updated: [], deleted: [] },
        indexDiff: { added_indexes: [], removed_indexes: [] },
        schemaDiff: null,
      },
    },
  } satisfies FinishPushDiff,
};

const full = {
  module: {
    functions: [
      {
        name: "list",
        pos: { path: "messages.ts", start_lineno: 3, start_col: 10 },
        udfType: "Query",
        visibility: { kind: "public" },
        args: '{"type":"any"}',
        returns: "null",
      },
    ],
    httpRoutes: [{ route: { path: "/hook", method: "POST" }, pos: null }],
    cronSpecs: [
      {
        identifier: "daily",
        spec: {
          udfPath: "jobs.js:run",
          udfArgs: [91, 93],
          cronSchedule: { type: "weekly", dayOfWeek: 1, hourUTC: 4 },
        },
      },
    ],
    sourceMapped: null,
    reuseContext: true,
  } satisfies AnalyzedModule,
  schema: {
    tables: [
      {
        tableName: "messages",
        indexes: [{ indexDescriptor: "by_author", fields: ["author"] }],
        searchIndexes: [{ indexDescriptor: "search", searchField: "body", filterFields: [] }],
        documentType: { type: "object", value: { body: { fieldType: { type: "string" }, optional: false } } },
      },
    ],
    schemaValidation: true,
  } satisfies SchemaJson,
};

test("what a push answers comes back from the client as it was sent", () => {
  for (const message of [...Object.values(minimal), ...Object.values(full)]) {
    expect(JSON.parse(JSON.stringify(message))).toEqual(message);
  }
});
