import path from "node:path";
import { type Command, Option } from "commander";
import {
  createDeploymentHttp,
  type Deployment,
  type DeploymentHttp,
  realSurroundings,
} from "./deployment/http.ts";
import { type LocalBackend, startLocalBackend } from "./deployment/local_backend.ts";
import { type Selection, type SelectionOptions, selectDeployment } from "./deployment/selection.ts";
import { Failure } from "./failure.ts";
import type { Project } from "./project/config.ts";
import type { TypecheckMode } from "./project/typecheck.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What a command takes from the process it runs in. */
export interface CommandContext {
  readonly cwd: string;
  readonly environment: Record<string, string | undefined>;
  readonly terminal: Terminal;
  /** Aborts when the user wants to end the command. */
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean | undefined };
  /** Ends the process with this code once the command is over. */
  setExitCode(code: number): void;
}

/** Options that every command which talks to a deployment has. */
export interface DeploymentOptions extends SelectionOptions {
  /** Data folder of the local backend. */
  readonly data?: string | undefined;
  readonly prod?: boolean | undefined;
  readonly deployment?: string | undefined;
}

/** A deployment that a command works on, for as long as the command runs. */
export interface OpenDeployment {
  readonly deployment: Deployment;
  readonly http: DeploymentHttp;
  /** The backend of this machine, if that is the deployment. */
  readonly local: LocalBackend | undefined;
  /** Ends what was started for the command. */
  close(): Promise<void>;
}

/** Adds the options of {@link DeploymentOptions}. */
export function withDeploymentOptions(command: Command): Command {
  return command
    .option(
      "--env-file <envFile>",
      "File of environment variables that names the deployment, instead of the environment, .env.local and .env.",
    )
    .option("--url <url>", "Address of the deployment. Needs --admin-key.")
    .option("--admin-key <adminKey>", "Admin key of the deployment. Needs --url.")
    .option("--data <dir>", "Data folder of the local backend. (default: .tandem in the project)")
    .addOption(new Option("--prod").hideHelp())
    .addOption(new Option("--deployment <deployment>").hideHelp());
}

/** Adds `--typecheck`. */
export function withTypecheckOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--typecheck <mode>",
      "Whether the types of your functions must be right: always, if TypeScript is installed, or never.",
    )
      .choices(["enable", "try", "disable"] satisfies TypecheckMode[])
      .default("try" satisfies TypecheckMode),
  );
}

/** Adds `--verbose`, which `runCommandLine` reads before the command starts. */
export function withVerboseOption(command: Command): Command {
  return command.option("-v, --verbose", "Tell more about what is done and why.");
}

/** Which deployment the options and the surroundings name. Throws a {@link Failure}. */
export function selectionOf(
  project: Project,
  options: DeploymentOptions,
  context: CommandContext,
): Selection {
  for (const name of ["prod", "deployment"] as const) {
    if (options[name] === undefined) continue;
    throw new Failure(
      `--${name} picks a deployment of a project in the Convex cloud, which this command does not use. Name the deployment with --env-file, or with --url and --admin-key.`,
    );
  }
  return selectDeployment(project.root, options, context.environment);
}

/** Opens the selected deployment; starts the local backend if it is that one and does not run yet. */
export async function openDeployment(
  project: Project,
  options: DeploymentOptions,
  context: CommandContext,
): Promise<OpenDeployment> {
  const { terminal } = context;
  const selection = selectionOf(project, options, context);
  const connect = (deployment: Deployment, local: LocalBackend | undefined): OpenDeployment => {
    terminal.hide(deployment.adminKey);
    const surroundings = realSurroundings({
      onRetry: (text) => terminal.warn(text),
      onNotice: (text) => terminal.warn(text),
    });
    return {
      deployment,
      http: createDeploymentHttp(deployment, surroundings),
      local,
      close: async () => local?.stop(),
    };
  };
  if (selection.type === "configured") return connect(selection.deployment, undefined);
  const progress = terminal.progress("Starting the local backend ...");
  try {
    const local = await startLocalBackend({
      projectRoot: project.root,
      dataDir: path.resolve(project.root, options.data ?? ".tandem"),
      environment: context.environment,
      terminal,
    });
    return connect({ url: local.url, adminKey: local.adminKey }, local);
  } finally {
    progress.end();
  }
}

/** Everything on standard input. */
export async function readStdin(context: CommandContext): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
