import { spawn } from "node:child_process";
import { type Command, Option } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  openDeployment,
  selectionOf,
  withDeploymentOptions,
  withTypecheckOption,
  withVerboseOption,
} from "./command.ts";
import { Failure } from "./failure.ts";
import { openProject, type Project } from "./project/config.ts";
import { frameworkNames } from "./project/framework.ts";
import type { TypecheckMode } from "./project/typecheck.ts";
import { createAppPush } from "./push/app_push.ts";
import type { Terminal } from "./terminal/terminal.ts";

interface DeployOptions extends DeploymentOptions {
  readonly dryRun?: boolean;
  readonly typecheck: TypecheckMode;
  readonly codegen: "enable" | "disable";
  readonly cmd?: string;
  readonly cmdUrlEnvVarName?: string;
  readonly message?: string;
  readonly skipLargeIndexesCheck?: boolean;
}

/** Adds `convex deploy`. */
export function addDeployCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("deploy")
    .summary("Push functions to a deployment once, as in production or CI")
    .description(
      "Deploy to the deployment that CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY name: run the command of --cmd, check types, generate code, bundle the functions, and push them with the schema and indexes. If a step fails, the next ones do not happen. Running requests are not disturbed.",
    )
    .option("-y, --yes", "Ask nothing. (This command asks nothing anyway.)")
    .option("--dry-run", "Tell what would be pushed, and push nothing.");
  withTypecheckOption(withVerboseOption(command))
    .addOption(
      new Option("--codegen <mode>", "Whether to write the code in `_generated`.")
        .choices(["enable", "disable"])
        .default("enable"),
    )
    .option(
      "--cmd <command>",
      "Command to run first, such as `vite build`, with the address of the deployment in its environment.",
    )
    .option(
      "--cmd-url-env-var-name <name>",
      "Environment variable in which --cmd gets the address. (default: the one that the framework expects)",
    )
    .option("--message <message>", "Note for the deployment's audit log.")
    .option(
      "--skip-large-indexes-check",
      "Do not tell beforehand what the schema change makes the deployment do.",
    )
    .addOption(new Option("--typecheck-components").hideHelp())
    .addOption(new Option("--allow-unstaging-schema").hideHelp())
    .addOption(new Option("--preview-run <functionName>").hideHelp())
    .addOption(new Option("--preview-name <name>").hideHelp())
    .addOption(new Option("--preview-create <name>").hideHelp());
  withDeploymentOptions(command).action((options: DeployOptions) => deploy(options, context));
}

async function deploy(options: DeployOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const project = openProject(context.cwd);
  if (selectionOf(project, options, context).type === "local") {
    throw new Failure(
      "No deployment is configured. Set CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY (in the environment, or in a file that --env-file names). To develop on this machine, use `npx convex dev`.",
    );
  }
  const opened = await openDeployment(project, options, context);
  if (options.cmd !== undefined) {
    const { convexCloudUrl } = (await opened.http.json("/api/v1/get_canonical_urls", { signal })) as {
      convexCloudUrl: string;
    };
    await runFirst(options.cmd, options, project, convexCloudUrl, context);
  }
  const appPush = createAppPush({
    project,
    http: opened.http,
    terminal,
    typecheck: options.typecheck,
    typecheckWhen: "before",
    writeCode: options.codegen === "enable",
    dryRun: options.dryRun ?? false,
    message: options.message,
    onSchemaEvaluation: options.skipLargeIndexesCheck
      ? undefined
      : (evaluation) => tellWork(evaluation, terminal),
  });
  try {
    const outcome = await appPush.run(signal);
    if (outcome.type === "unchanged") return;
    if (options.dryRun) {
      for (const { path, environment, source } of outcome.app.modules) {
        terminal.say(`  ${path} (${environment}, ${(source.length / 1024).toFixed(1)} KiB)`);
      }
      terminal.done(`Dry run: nothing was pushed to ${opened.deployment.url}.`);
    } else {
      terminal.done(`Deployed to ${opened.deployment.url} in ${(outcome.ms / 1000).toFixed(1)} s.`);
    }
  } finally {
    await appPush.dispose();
  }
}

function runFirst(
  line: string,
  options: DeployOptions,
  project: Project,
  url: string,
  context: CommandContext,
): Promise<void> {
  const name = options.cmdUrlEnvVarName ?? frameworkNames(project.packages).url;
  if (options.dryRun) {
    context.terminal.say(`Would run \`${line}\` with ${name}=${url}.`);
    return Promise.resolve();
  }
  context.terminal.say(`Running \`${line}\` with ${name}=${url} ...`, "faint");
  return new Promise((resolve, reject) => {
    const child = spawn(line, {
      shell: true,
      cwd: project.root,
      stdio: "inherit",
      env: { ...context.environment, [name]: url },
    });
    child.once("error", reject);
    child.once("exit", (code, ending) => {
      if (code === 0) resolve();
      else
        reject(new Failure(`\`${line}\` failed (${ending ?? `exit code ${code}`}), so nothing was pushed.`));
    });
  });
}

/** Tells which changes of the schema make the deployment work through documents (R §4.5). */
function tellWork(evaluation: unknown, terminal: Terminal): void {
  const { componentSchemaEvaluations } = evaluation as {
    componentSchemaEvaluations?: Record<
      string,
      {
        tables?: { name: string; outcome: string; numDocs: number }[];
        indexes?: { name: string; change: string; needsBackfill: boolean; numDocs: number }[];
      }
    >;
  };
  for (const { tables = [], indexes = [] } of Object.values(componentSchemaEvaluations ?? {})) {
    for (const { name, outcome, numDocs } of tables) {
      if (outcome === "mustWalk" && numDocs > 0) {
        terminal.say(`  ${numDocs} documents of "${name}" will be checked against the schema.`);
      }
    }
    for (const { name, change, needsBackfill, numDocs } of indexes) {
      if (needsBackfill && numDocs > 0)
        terminal.say(`  Index ${name} will be filled with ${numDocs} documents.`);
      if (change === "dropped") terminal.warn(`  Index ${name} will be deleted.`);
    }
  }
}
