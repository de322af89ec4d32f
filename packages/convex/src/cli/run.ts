import { convexToJson, type JSONValue, jsonToConvex, type Value } from "@tandem/values";
import { type Command, Option } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  openDeployment,
  withDeploymentOptions,
  withTypecheckOption,
  withVerboseOption,
} from "./command.ts";
import { watchQuery } from "./deployment/system_query.ts";
import { parseFunctionName } from "./function_name.ts";
import { openProject } from "./project/config.ts";
import type { TypecheckMode } from "./project/typecheck.ts";
import { createAppPush } from "./push/app_push.ts";
import { parseArguments, parseIdentity, runFunction } from "./run_function.ts";

interface RunOptions extends DeploymentOptions {
  readonly watch?: boolean;
  readonly push?: boolean;
  readonly identity?: string;
  readonly typecheck: TypecheckMode;
  readonly codegen: "enable" | "disable";
  readonly component?: string;
}

/** Adds `convex run`. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .summary("Run a function")
    .description(
      "Run a query, mutation or action, internal ones too, and print its result as JSON to stdout. What it logs goes to stderr.\n\n" +
        '  npx convex run messages:send \'{"body": "hello"}\'\n  npx convex run messages:list --watch\n  npx convex run api.messages.list --push',
    )
    .argument("<functionName>", "the function, like `messages:list`, `dir/file:name` or `api.messages.list`")
    .argument("[args]", "its arguments as a JSON object", "{}")
    .option("-w, --watch", "Stay, and print the result of a query again whenever it changes.")
    .option("--push", "Push the functions of this folder first.")
    .option("--identity <identity>", 'Attributes of the user to act as, as JSON: \'{"name": "John"}\'.')
    .addOption(
      new Option("--codegen <mode>", "Whether --push writes the code in `_generated`.")
        .choices(["enable", "disable"])
        .default("enable"),
    )
    .option("--component <path>", "Component that the function is in.")
    .addOption(new Option("--typecheck-components").hideHelp());
  withDeploymentOptions(withTypecheckOption(withVerboseOption(command))).action(
    (name: string, args: string, options: RunOptions) => run(name, args, options, context),
  );
}

async function run(
  functionName: string,
  argsText: string,
  options: RunOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const project = openProject(context.cwd);
  const name = parseFunctionName(functionName, project);
  const args = parseArguments(argsText);
  const identity = options.identity === undefined ? undefined : parseIdentity(options.identity);
  const componentPath = options.component;
  const opened = await openDeployment(project, options, context);
  try {
    if (options.push) {
      const { typecheck, codegen } = options;
      const appPush = createAppPush({
        project,
        http: opened.http,
        terminal,
        typecheck,
        typecheckWhen: "before",
        writeCode: codegen === "enable",
      });
      try {
        await appPush.run(signal);
      } finally {
        await appPush.dispose();
      }
    }
    if (!options.watch) {
      const result = await runFunction(opened.http, { name, args, componentPath, identity }, terminal);
      printResult(result, context);
      return;
    }
    terminal.say(`Watching ${name}. End with Ctrl-C.`, "faint");
    const query = { path: name, args: jsonToConvex(args) as Record<string, Value>, componentPath, identity };
    const results = watchQuery(opened.deployment, query, {
      signal,
      onReconnect: (text) => terminal.warn(text),
      onLog: (line) => terminal.say(line),
    });
    for await (const result of results) printResult(convexToJson(result), context);
  } finally {
    await opened.close();
  }
}

/** Prints a result; nothing for `null`, the result of a function that returns nothing. */
function printResult(result: JSONValue, { terminal }: CommandContext): void {
  if (result !== null) terminal.result(JSON.stringify(result, null, 2));
}
