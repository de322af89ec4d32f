import { existsSync } from "node:fs";
import path from "node:path";
import type { EvaluatedComponentDefinition } from "@tandem/protocol";
import type { Command } from "commander";
import { generateCode, writeGeneratedCode } from "./codegen/index.ts";
import {
  type CommandContext,
  type DeploymentOptions,
  openDeployment,
  selectionOf,
  withDeploymentOptions,
  withTypecheckOption,
  withVerboseOption,
} from "./command.ts";
import { openProject, type Project } from "./project/config.ts";
import { writeInitialFiles } from "./project/initial_files.ts";
import { type TypecheckMode, typecheckFunctions } from "./project/typecheck.ts";
import { type EntryPoints, findEntryPoints } from "./push/entry_points.ts";
import { analyzeApp, bundleFunctions } from "./push/index.ts";

interface CodegenOptions extends DeploymentOptions {
  readonly dryRun?: boolean;
  readonly typecheck: TypecheckMode;
  readonly init?: boolean;
}

/** Adds `convex codegen`. */
export function addCodegenCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("codegen")
    .summary("Generate the code in `_generated`")
    .description(
      "Generate the code in `_generated` from the functions folder. `npx convex dev` does so by itself; this is for CI and for a fresh clone. Nothing on a deployment changes.",
    )
    .option("--dry-run", "Print the generated code to stdout, and write nothing.")
    .option(
      "--init",
      "Also write the default README.md and tsconfig.json of the functions folder over those there.",
    );
  withDeploymentOptions(withTypecheckOption(withVerboseOption(command))).action((options: CodegenOptions) =>
    codegen(options, context),
  );
}

async function codegen(options: CodegenOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const project = openProject(context.cwd);
  if (!options.dryRun) {
    const written = writeInitialFiles(project, options.init);
    if (written.length > 0) terminal.done(`Wrote ${written.join(", ")}.`);
  }
  const entryPoints = findEntryPoints(project.functionsDir);
  if (!options.dryRun) writeGeneratedCode(project, generateCode(project, entryPoints), true);
  const files = generateCode(project, entryPoints, await analyze(project, entryPoints, options, context));
  if (options.dryRun) {
    for (const { name, text } of files)
      terminal.result(`// ${project.config.functions}_generated/${name}\n${text}`);
    return;
  }
  const written = writeGeneratedCode(project, files);
  terminal.done(
    written.length === 0 ? "The generated code was up to date." : `Generated ${written.join(", ")}.`,
  );
  await typecheckFunctions(project, options.typecheck, terminal, signal);
}

/**
 * What a deployment finds in the app. Where none is configured and the code can be generated from the
 * files alone, none is started just for that.
 */
async function analyze(
  project: Project,
  entryPoints: EntryPoints,
  options: CodegenOptions,
  context: CommandContext,
): Promise<EvaluatedComponentDefinition | undefined> {
  const { staticApi, staticDataModel } = project.config.codegen;
  const definition = ["convex.config.ts", "convex.config.js"].some((name) =>
    existsSync(path.join(project.functionsDir, name)),
  );
  const needed = staticApi || staticDataModel || definition;
  if (!needed && selectionOf(project, options, context).type === "local") return undefined;
  if (entryPoints.isolate.length + entryPoints.node.length === 0 && !needed) return undefined;
  const opened = await openDeployment(project, options, context);
  const progress = context.terminal.progress("Analyzing functions ...");
  try {
    const start = await analyzeApp(
      opened.http,
      await bundleFunctions(project.root, { generate: !options.dryRun }),
      {
        functions: project.config.functions,
        nodeVersion: project.config.node.nodeVersion,
        signal: context.signal,
      },
    );
    return start.analysis[""];
  } finally {
    progress.end();
    await opened.close();
  }
}
