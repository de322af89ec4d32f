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
import { Failure } from "./failure.ts";
import { parseFunctionName } from "./function_name.ts";
import { runInlineQuery } from "./inline_query.ts";
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
  readonly inlineQuery?: string;
}

/** Adds `convex run`. */
export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("run")
    .summary("Run a function")
    .description(
      "Run a query, mutation or action, internal ones too, and print its result as JSON to stdout. What it logs goes to stderr.\n\n" +
        '  npx convex run messages:send \'{"body": "hello"}\'\n  npx convex run messages:list --watch\n  npx convex run api.messages.list --push\n  npx convex run --inline-query \'await ctx.db.query("messages").take(5)\'',
    )
    .argument("[functionName]", "the function, like `messages:list`, `dir/file:name` or `api.messages.list`")
    .argument("[args]", "its arguments as a JSON object", "{}")
    .option("-w, --watch", "Stay, and print the result of a query again whenever it changes.")
    .option(
      "--inline-query <query>",
      "Run this text as a query instead: an expression, statements with a `return`, or a module that exports a query by default.",
    )
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
    (name: string | undefined, args: string, options: RunOptions) => run(name, args, options, context),
  );
}

async function run(
  functionName: string | undefined,
  argsText: string,
  options: RunOptions,
  context: CommandContext,
): Promise<void> {
  const { terminal, signal } = context;
  const project = openProject(context.cwd);
  const inline = options.inlineQuery?.trim();
  checkTarget(functionName, inline, options);
  const name = functionName === undefined ? "" : parseFunctionName(functionName, project);
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
    if (inline !== undefined) {
      printResult(await runInlineQuery(opened.http, inline, terminal), context);
      return;
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

/** A function or an inline query, and only options that go with it. Throws a {@link Failure}. */
function checkTarget(
  functionName: string | undefined,
  inline: string | undefined,
  options: RunOptions,
): void {
  if (inline === undefined) {
    if (functionName !== undefined) return;
    throw new Failure(
      "Name a function (`npx convex run messages:list`), or give a query with --inline-query.",
    );
  }
  if (functionName !== undefined) {
    throw new Failure("A function's name and --inline-query contradict each other: give one of them.");
  }
  if (inline === "")
    throw new Failure(
      "--inline-query is empty. Write for example 'await ctx.db.query(\"messages\").take(5)'.",
    );
  for (const name of ["watch", "identity", "component"] as const) {
    if (options[name] !== undefined) throw new Failure(`--inline-query cannot be combined with --${name}.`);
  }
}

/** Prints a result; nothing for `null`, the result of a function that returns nothing. */
function printResult(result: JSONValue, { terminal }: CommandContext): void {
  if (result !== null) terminal.result(JSON.stringify(result, null, 2));
}
