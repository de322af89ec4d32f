import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { EvaluatedComponentDefinition } from "@tandem/protocol";
import type { Project } from "../project/config.ts";
import { type EntryPoints, modulePath } from "../push/entry_points.ts";
import { apiCjs, apiJs, apiTs, apiTypes, staticApi } from "./api.ts";
import { dataModelFromSchema, dataModelWithoutSchema, staticDataModel } from "./data_model.ts";
import { serverJs, serverTs, serverTypes } from "./server.ts";

/** A generated file: its name in `_generated` and its text. */
export interface GeneratedFile {
  readonly name: string;
  readonly text: string;
}

/**
 * The files of `_generated` (R §5.3). Without an `analysis`, before the first push, declared environment
 * variables and static types are left out.
 */
export function generateCode(
  project: Project,
  entryPoints: EntryPoints,
  analysis?: EvaluatedComponentDefinition,
): GeneratedFile[] {
  const { codegen, generateCommonJSApi } = project.config;
  const modules = [...entryPoints.isolate, ...entryPoints.node]
    .map((file) => modulePath(project.functionsDir, file).replace(/\.js$/, ""))
    .sort();
  const variables = analysis?.definition.envVars;
  const fixed = codegen.staticApi ? analysis : undefined;
  const dataModel = dataModelText(project, analysis);
  if (codegen.fileType === "ts") {
    return [
      { name: "api.ts", text: fixed === undefined ? apiTs(modules) : staticApi(fixed, "typescript") },
      { name: "server.ts", text: serverTs(variables) },
      { name: "dataModel.ts", text: dataModel },
    ];
  }
  const types = fixed === undefined ? apiTypes(modules) : staticApi(fixed, "declarations");
  return [
    { name: "api.d.ts", text: types },
    { name: "api.js", text: apiJs() },
    { name: "server.d.ts", text: serverTypes(variables) },
    { name: "server.js", text: serverJs() },
    { name: "dataModel.d.ts", text: dataModel },
    ...(generateCommonJSApi
      ? [
          { name: "api_cjs.cjs", text: apiCjs() },
          { name: "api_cjs.d.cts", text: types },
        ]
      : []),
  ];
}

function dataModelText(project: Project, analysis: EvaluatedComponentDefinition | undefined): string {
  const schema = project.config.codegen.staticDataModel ? analysis?.schema : undefined;
  if (schema !== undefined && schema !== null) return staticDataModel(schema);
  const exists = ["schema.ts", "schema.js"].some((name) => existsSync(path.join(project.functionsDir, name)));
  return exists ? dataModelFromSchema() : dataModelWithoutSchema();
}

const everyName = [
  "api.d.ts",
  "api.js",
  "api.ts",
  "api_cjs.cjs",
  "api_cjs.d.cts",
  "dataModel.d.ts",
  "dataModel.ts",
  "server.d.ts",
  "server.js",
  "server.ts",
];

/**
 * Writes the files whose text changed and removes those of the other file type. An unchanged file is not
 * touched, so that neither editors nor dev servers reload. With `onlyMissing`, existing files stay.
 * Returns the names written or removed.
 */
export function writeGeneratedCode(
  project: Project,
  files: readonly GeneratedFile[],
  onlyMissing = false,
): string[] {
  const folder = path.join(project.functionsDir, "_generated");
  mkdirSync(folder, { recursive: true });
  const changed: string[] = [];
  for (const { name, text } of files) {
    const file = path.join(folder, name);
    if (existsSync(file) && (onlyMissing || readFileSync(file, "utf8") === text)) continue;
    writeFileSync(file, text);
    changed.push(name);
  }
  for (const name of everyName) {
    if (files.some((file) => file.name === name) || !existsSync(path.join(folder, name))) continue;
    rmSync(path.join(folder, name));
    changed.push(name);
  }
  return changed;
}
