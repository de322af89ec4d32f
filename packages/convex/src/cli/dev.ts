import { spawn } from "node:child_process";
import { type Command, Option } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  type OpenDeployment,
  openDeployment,
  withDeploymentOptions,
  withTypecheckOption,
  withVerboseOption,
} from "./command.ts";
import { pause, UnreachableFailure } from "./deployment/http.ts";
import { waitForChange, watchQuery } from "./deployment/system_query.ts";
import { Failure, messageOf } from "./failure.ts";
import { parseFunctionName } from "./function_name.ts";
import { provideIdentity } from "./identity/provide_identity.ts";
import { showLogs } from "./logs.ts";
import { openProject, type Project } from "./project/config.ts";
import { writeDeploymentUrls } from "./project/env_file.ts";
import { frameworkNames } from "./project/framework.ts";
import { ignoreInGit } from "./project/gitignore.ts";
import { writeInitialFiles } from "./project/initial_files.ts";
import type { TypecheckMode } from "./project/typecheck.ts";
import { type AppPush, createAppPush, type PushOutcome } from "./push/app_push.ts";
import { type AppWatch, watchApp } from "./push/watch.ts";
import { runFunction } from "./run_function.ts";

interface DevOptions extends DeploymentOptions {
  readonly typecheck: TypecheckMode;
  readonly codegen: "enable" | "disable";
  readonly once?: boolean;
  readonly untilSuccess?: boolean;
  readonly start?: string;
  readonly run?: string;
  readonly runComponent?: string;
  readonly tailLogs: "always" | "pause-on-deploy" | "disable" | true;
}

/** Adds `convex dev`. */
export function addDevCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("dev")
    .summary("Push functions to the deployment in development whenever a file changes")
    .description(
      "Develop against a deployment: push the functions, generate their types, and do so again whenever a file changes.\n\n" +
        "The deployment is the one that CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY name (in the environment, .env.local or .env). If they are not set, a backend of this project's own runs on this machine for as long as the command does, with its data in .tandem.",
    );
  withTypecheckOption(withVerboseOption(command))
    .addOption(
      new Option("--codegen <mode>", "Whether to write the code in `_generated`.")
        .choices(["enable", "disable"])
        .default("enable"),
    )
    .option("--once", "Push once, and fail if that fails.", false)
    .option(
      "--until-success",
      "Push until it succeeds once: after a failure, wait for a change and try again.",
      false,
    )
    .option("--start <command>", "Command to run beside this one after the first push, such as a dev server.")
    .option("--run <functionName>", "Function to run after the first push, like `init:createData`.")
    .option("--run-component <path>", "Component that the function of --run is in.")
    .addOption(
      new Option(
        "--tail-logs [mode]",
        "When to show what functions log: always, not during pushes, or never.",
      )
        .choices(["always", "pause-on-deploy", "disable"])
        .default("pause-on-deploy"),
    )
    .addOption(new Option("--typecheck-components").hideHelp())
    .addOption(new Option("--configure [choice]").hideHelp());
  withDeploymentOptions(command).action((options: DevOptions) => dev(options, context));
}

async function dev(options: DevOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const project = openProject(context.cwd);
  if (options.once && options.untilSuccess) {
    throw new Failure("--once and --until-success contradict each other: choose one.");
  }
  const opened = await openDeployment(project, options, context);
  try {
    const created = writeInitialFiles(project);
    if (created.length > 0) terminal.done(`Created ${created.join(", ")}.`);
    const siteUrl = await writeSettings(project, opened, context);
    terminal.say(
      `Deployment ${terminal.paint(opened.deployment.url, "strong")}, HTTP actions ${terminal.paint(siteUrl, "strong")}`,
    );
    const appPush = createAppPush({
      project,
      http: opened.http,
      terminal,
      typecheck: options.typecheck,
      typecheckWhen: options.once || options.untilSuccess ? "before" : "beside",
      writeCode: options.codegen === "enable",
    });
    try {
      await session(options, context, project, opened, appPush);
    } finally {
      await appPush.dispose();
    }
  } catch (error) {
    // What fails because the user ends the command is no failure.
    if (!signal.aborted) throw error;
  } finally {
    await opened.close();
  }
}

/** Writes down where the deployment is for the app's own build. Resolves to the address of HTTP actions. */
async function writeSettings(
  project: Project,
  opened: OpenDeployment,
  context: CommandContext,
): Promise<string> {
  const { terminal, signal } = context;
  const canonical = (await opened.http.json("/api/v1/get_canonical_urls", { signal })) as {
    convexSiteUrl: string;
  };
  const siteUrl = canonical.convexSiteUrl;
  const names = frameworkNames(project.packages);
  const written = writeDeploymentUrls(project.root, names, { url: opened.deployment.url, siteUrl });
  if (written.changed.length > 0) terminal.done(`Wrote ${written.changed.join(" and ")} to ${written.file}.`);
  const ignored = ignoreInGit(
    project.root,
    opened.local === undefined ? [".env.local"] : [".env.local", ".tandem"],
  );
  if (ignored.length > 0) terminal.done(`Added ${ignored.join(" and ")} to .gitignore.`);
  return siteUrl;
}

async function session(
  options: DevOptions,
  context: CommandContext,
  project: Project,
  opened: OpenDeployment,
  appPush: AppPush,
): Promise<void> {
  const { terminal, signal } = context;
  const onSuccess = async (): Promise<void> => {
    if (options.run === undefined) return;
    const name = parseFunctionName(options.run, project);
    const result = await runFunction(
      opened.http,
      { name, args: {}, componentPath: options.runComponent },
      terminal,
    );
    terminal.done(`Ran ${name}.`);
    if (result !== null) terminal.result(JSON.stringify(result, null, 2));
  };
  if (options.once) {
    await provideIdentity(project, opened, context);
    report(await appPush.run(signal), context);
    await onSuccess();
    return;
  }
  const watch = await watchApp(project.functionsDir);
  const ending = new AbortController();
  const anyEnd = AbortSignal.any([signal, ending.signal]);
  let pushing: Promise<unknown> = Promise.resolve();
  const untilPushed = async (): Promise<void> => {
    if (options.tailLogs !== "always" && options.tailLogs !== true) await pushing;
  };
  const beside: Promise<unknown>[] = [];
  let fault: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    fault ??= { error };
    ending.abort();
  };
  opened.local?.ended.then((why) => {
    if (why !== "") fail(new Failure(why));
  }, fail);
  try {
    for (let first = true; !anyEnd.aborted; ) {
      const cycle = untilSuccess(project, appPush, watch, opened, context, anyEnd);
      pushing = cycle.then(
        () => undefined,
        () => undefined,
      );
      const outcome = await cycle;
      if (outcome === undefined) break;
      report(outcome, context);
      if (first) {
        first = false;
        await onSuccess();
        if (options.untilSuccess) return;
        if (options.tailLogs !== "disable") {
          beside.push(
            showLogs(opened.http, { terminal, signal: anyEnd, to: "stderr", gate: untilPushed }).catch(fail),
          );
        }
        if (options.start !== undefined) {
          const started = startBeside(options.start, project, context, anyEnd);
          beside.push(started.then(() => ending.abort(), fail));
        }
        terminal.say("Watching for changes. End with Ctrl-C.", "faint");
      }
      const changed = await watch.next(anyEnd);
      for (const file of changed) terminal.detail(`Changed: ${file}`);
    }
  } finally {
    ending.abort();
    await Promise.all([watch.close(), ...beside]);
  }
  if (fault !== undefined) throw fault.error;
}

/** Pushes; after each failure tells it, waits for what could change it, and tries again. */
async function untilSuccess(
  project: Project,
  appPush: AppPush,
  watch: AppWatch,
  opened: OpenDeployment,
  context: CommandContext,
  signal: AbortSignal,
): Promise<PushOutcome | undefined> {
  while (!signal.aborted) {
    try {
      await provideIdentity(project, opened, context);
      const outcome = await appPush.run(signal);
      watchSources(watch, appPush);
      return outcome;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof Failure)) throw error;
      context.terminal.fail(error.message);
      watchSources(watch, appPush);
      await remedied(error, watch, opened, context, signal);
    }
  }
  return undefined;
}

function watchSources(watch: AppWatch, appPush: AppPush): void {
  const { files, readAt } = appPush.sources();
  watch.setFiles(files, readAt);
}

/** Resolves when something happened that may make a failed push succeed. */
async function remedied(
  failure: Failure,
  watch: AppWatch,
  opened: OpenDeployment,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  const { terminal } = context;
  const waiting = new AbortController();
  const either = AbortSignal.any([signal, waiting.signal]);
  const ways: Promise<unknown>[] = [watch.next(either)];
  const remote = (change: Promise<unknown>): void => {
    const onTrouble = (error: unknown): Promise<unknown> => {
      if (!either.aborted) terminal.warn(`${messageOf(error)} Save a file to try again.`);
      return new Promise(() => undefined);
    };
    ways.push(change.catch(onTrouble));
  };
  switch (failure.remedy?.type) {
    case "environment":
      terminal.say("Waiting for the variable to be set, or a file to change ...", "faint");
      remote(untilSet(failure.remedy.names, opened, either));
      break;
    case "table": {
      const { tableName, componentPath } = failure.remedy;
      terminal.say(`Waiting for the documents in "${tableName}" or a file to change ...`, "faint");
      const query = {
        path: "_system/cli/queryTable",
        args: { tableName },
        componentPath: componentPath === "" ? undefined : componentPath,
      };
      remote(waitForChange(opened.deployment, query, { signal: either }));
      break;
    }
    case "again":
      ways.push(pause(1000, either));
      break;
    default:
      if (failure instanceof UnreachableFailure) ways.push(pause(2000, either));
      else terminal.say("Waiting for a file to change ...", "faint");
  }
  try {
    await Promise.race(ways);
  } finally {
    waiting.abort();
  }
}

/** Resolves when the deployment has a variable of each name. */
async function untilSet(
  names: readonly string[],
  opened: OpenDeployment,
  signal: AbortSignal,
): Promise<void> {
  const query = { path: "_system/cli/queryEnvironmentVariables", args: {} };
  for await (const result of watchQuery(opened.deployment, query, { signal })) {
    const present = (result as { name: string }[]).map(({ name }) => name);
    if (!names.every((name) => present.includes(name))) continue;
    // A deployment that goes on to call a variable missing which it has must not be asked in a tight loop.
    await pause(200, signal);
    return;
  }
}

function report(outcome: PushOutcome, { terminal }: CommandContext): void {
  if (outcome.type === "unchanged") {
    terminal.detail("Nothing to push: the bundled functions are the same as before.");
    return;
  }
  const time = new Date().toLocaleTimeString("en-GB");
  terminal.done(`${time} Functions ready (${Math.round(outcome.ms)} ms)`);
}

/** Runs a shell command with the terminal for itself until it ends; ends it when the signal aborts. */
function startBeside(
  line: string,
  project: Project,
  context: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(line, {
      shell: true,
      cwd: project.root,
      env: context.environment,
      stdio: "inherit",
    });
    const stop = (): void => {
      child.kill("SIGTERM");
    };
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", reject);
    child.once("exit", (code) => {
      signal.removeEventListener("abort", stop);
      if (code !== null) context.setExitCode(code);
      resolve();
    });
  });
}
