import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { password } from "@clack/prompts";
import type { Command } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  type OpenDeployment,
  openDeployment,
  readStdin,
  withDeploymentOptions,
  withVerboseOption,
} from "./command.ts";
import { runQueryOnce } from "./deployment/system_query.ts";
import { Failure } from "./failure.ts";
import { openProject } from "./project/config.ts";
import { formatEnvValue, parseEnvText } from "./project/env_file.ts";
import { siteUrlNames, urlNames } from "./project/framework.ts";

interface Variable {
  readonly name: string;
  readonly value: string;
}

interface SetOptions extends DeploymentOptions {
  readonly fromFile?: string;
  readonly force?: boolean;
}

/** Variables of the command line itself, which mean nothing on a deployment. */
const ownNames = new Set([
  "CONVEX_DEPLOY_KEY",
  "CONVEX_DEPLOYMENT_TOKEN",
  "CONVEX_DEPLOYMENT",
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  ...urlNames,
  ...siteUrlNames,
]);

/** Adds `convex env` with `set`, `get`, `list` and `remove`. */
export function addEnvCommand(program: Command, context: CommandContext): void {
  const env = program
    .command("env")
    .summary("Set and read the deployment's environment variables")
    .description("Set and read the environment variables that functions see as `process.env`.");
  withDeploymentOptions(withVerboseOption(env));

  env
    .command("set")
    .summary("Set a variable, or several from a file")
    .description(
      "Set environment variables.\n\n" +
        "  npx convex env set NAME value\n  npx convex env set NAME=value\n  npx convex env set NAME                      asks for the value, or reads it from a pipe\n  npx convex env set NAME --from-file key.pem  takes a file's content as the value\n  npx convex env set --from-file .env.backend  sets all variables of the file\n  npx convex env set NAME -- -value            for a value that begins with a dash",
    )
    .argument("[name]", "its name")
    .argument("[value]", "its value")
    .option("--from-file <file>", "Read the value, or without a name all variables, from a file.")
    .option("--force", "When setting several: overwrite those that have another value.")
    .action((name: string | undefined, value: string | undefined, _options: unknown, command: Command) =>
      withDeployment(command, context, (opened) =>
        set(opened, name, value, command.optsWithGlobals(), context),
      ),
    );

  env
    .command("get")
    .description("Print the value of a variable.")
    .argument("<name>", "its name")
    .action((name: string, _options: unknown, command: Command) =>
      withDeployment(command, context, async ({ deployment }) => {
        const path = "_system/cli/queryEnvironmentVariables:get";
        const found = (await runQueryOnce(deployment, { path, args: { name } }, context)) as Variable | null;
        if (found === null) {
          throw new Failure(
            `The deployment has no environment variable ${name}. Set it with \`npx convex env set ${name} <value>\`.`,
          );
        }
        context.terminal.result(found.value);
      }),
    );

  env
    .command("list")
    .description("Print all variables, in the format of .env files.")
    .option("--names-only", "Print the names only.")
    .option("--include-values", "Print the values too, as is the default.")
    .action((options: { namesOnly?: boolean }, command: Command) =>
      withDeployment(command, context, async (opened) => {
        const variables = await list(opened, context);
        if (variables.length === 0) context.terminal.say("No environment variables are set.");
        for (const { name, value } of variables) {
          if (options.namesOnly) {
            context.terminal.result(name);
            continue;
          }
          const { text, warning } = formatEnvValue(value);
          if (warning !== undefined) context.terminal.warn(`${name} ${warning}.`);
          context.terminal.result(`${name}=${text}`);
        }
      }),
    );

  env
    .command("remove")
    .alias("rm")
    .description("Remove a variable. It is no error if it is not set.")
    .argument("<name>", "its name")
    .action((name: string, _options: unknown, command: Command) =>
      withDeployment(command, context, async (opened) => {
        await update(opened, [{ name, value: null }]);
        context.terminal.done(`Removed ${name}.`);
      }),
    );
}

async function withDeployment(
  command: Command,
  context: CommandContext,
  work: (opened: OpenDeployment) => Promise<void>,
): Promise<void> {
  const opened = await openDeployment(
    openProject(context.cwd),
    command.optsWithGlobals<DeploymentOptions>(),
    context,
  );
  try {
    await work(opened);
  } finally {
    await opened.close();
  }
}

async function set(
  opened: OpenDeployment,
  name: string | undefined,
  value: string | undefined,
  options: SetOptions,
  context: CommandContext,
): Promise<void> {
  if (name === undefined) return await setSeveral(opened, options, context);
  const single = await singleVariable(name, value, options, context);
  await update(opened, [single]);
  context.terminal.done(`Set ${single.name}.`);
}

/** The variable that the arguments of `set` mean, with its value from wherever it comes. */
async function singleVariable(
  name: string,
  value: string | undefined,
  options: SetOptions,
  context: CommandContext,
): Promise<Variable> {
  if (value !== undefined && options.fromFile !== undefined) {
    throw new Failure("A value and --from-file contradict each other: give one of them.");
  }
  if (value !== undefined) return { name, value };
  const equals = name.indexOf("=");
  if (equals > 0) return { name: name.slice(0, equals), value: name.slice(equals + 1) };
  if (options.fromFile !== undefined) return { name, value: readGivenFile(options.fromFile, context) };
  if (context.stdin.isTTY !== true) return { name, value: (await readStdin(context)).replace(/\r?\n$/, "") };
  const answer = await password({ message: `Value of ${name}`, output: process.stderr });
  if (typeof answer !== "string") throw new Failure(`${name} was not set.`);
  return { name, value: answer };
}

async function setSeveral(
  opened: OpenDeployment,
  options: SetOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal } = context;
  if (options.fromFile === undefined && context.stdin.isTTY === true) {
    throw new Failure(
      "Give a name and a value (`npx convex env set NAME value`), or a file (`--from-file .env`).",
    );
  }
  const source = options.fromFile ?? "the standard input";
  const text =
    options.fromFile === undefined ? await readStdin(context) : readGivenFile(options.fromFile, context);
  const all = Object.entries(parseEnvText(text)).map(([name, value]) => ({ name, value }));
  const wanted = all.filter(({ name }) => !ownNames.has(name));
  if (wanted.length < all.length) {
    const skipped = all.filter(({ name }) => ownNames.has(name)).map(({ name }) => name);
    terminal.say(`Left out ${skipped.join(", ")}: for the command line, not for the deployment.`);
  }
  if (wanted.length === 0) {
    terminal.say(`There are no environment variables to set in ${source}.`);
    return;
  }
  const present = new Map((await list(opened, context)).map(({ name, value }) => [name, value]));
  const changes = wanted.filter(({ name, value }) => present.get(name) !== value);
  const conflicts = changes.filter(({ name }) => present.has(name));
  if (conflicts.length > 0 && !options.force) {
    throw new Failure(
      `The deployment has other values for ${conflicts.map(({ name }) => name).join(", ")}, so nothing was set. Overwrite them with --force.`,
    );
  }
  if (changes.length > 0) await update(opened, changes);
  const unchanged = wanted.length - changes.length;
  terminal.done(
    `Set ${changes.length} ${changes.length === 1 ? "variable" : "variables"} from ${source}${unchanged > 0 ? ` (${unchanged} already had the same value)` : ""}.`,
  );
}

async function list({ deployment }: OpenDeployment, { signal }: CommandContext): Promise<Variable[]> {
  const query = { path: "_system/cli/queryEnvironmentVariables", args: {} };
  return (await runQueryOnce(deployment, query, { signal })) as unknown as Variable[];
}

async function update(
  { http }: OpenDeployment,
  changes: { name: string; value: string | null }[],
): Promise<void> {
  await http.json("/api/update_environment_variables", { method: "POST", body: { changes } });
}

function readGivenFile(name: string, context: CommandContext): string {
  const file = path.resolve(context.cwd, name);
  if (!existsSync(file)) throw new Failure(`--from-file: there is no file ${file}.`);
  return readFileSync(file, "utf8");
}
