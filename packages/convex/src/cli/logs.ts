import { type Command, InvalidArgumentError } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  openDeployment,
  withDeploymentOptions,
  withVerboseOption,
} from "./command.ts";
import { streamFunctionLogs } from "./deployment/function_logs.ts";
import type { DeploymentHttp } from "./deployment/http.ts";
import { openProject } from "./project/config.ts";
import { formatLogEntry } from "./terminal/log_lines.ts";
import type { Terminal } from "./terminal/terminal.ts";

interface LogsOptions extends DeploymentOptions {
  readonly history?: number | true;
  readonly success: boolean;
  readonly jsonl: boolean;
}

/** Adds `convex logs`. */
export function addLogsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("logs")
    .summary("Show what functions log")
    .description("Show what functions log, as it happens. End with Ctrl-C.")
    .option(
      "--history [n]",
      "Begin with the latest `n` log entries, or with all that the deployment still has.",
      wholeNumber,
    )
    .option("--success", "Show a line for each call that succeeds, too.", false)
    .option("--jsonl", "Print the entries as the deployment sends them, a JSON object a line.", false);
  withDeploymentOptions(withVerboseOption(command)).action(async (options: LogsOptions) => {
    const { terminal, signal } = context;
    const opened = await openDeployment(openProject(context.cwd), options, context);
    try {
      terminal.say(`Showing the logs of ${opened.deployment.url} ...`, "faint");
      await showLogs(opened.http, {
        terminal,
        signal,
        to: "stdout",
        history: options.history === true ? Number.MAX_SAFE_INTEGER : options.history,
        success: options.success,
        jsonl: options.jsonl,
      });
    } finally {
      await opened.close();
    }
  });
}

/** Prints log entries until the signal aborts. `gate` is waited for before each batch. */
export async function showLogs(
  http: DeploymentHttp,
  options: {
    terminal: Terminal;
    signal: AbortSignal;
    to: "stdout" | "stderr";
    history?: number | undefined;
    success?: boolean;
    jsonl?: boolean;
    gate?: () => Promise<void>;
  },
): Promise<void> {
  const { terminal, to } = options;
  const write = (text: string): void => (to === "stdout" ? terminal.result(text) : terminal.say(text));
  const stream = streamFunctionLogs(http, {
    history: options.history,
    signal: options.signal,
    onTrouble: (text) => terminal.warn(text),
  });
  for await (const entries of stream) {
    await options.gate?.();
    for (const entry of entries) {
      if (options.jsonl) {
        write(JSON.stringify(entry));
        continue;
      }
      const style = {
        success: options.success ?? false,
        paint: (text: string, tone: Parameters<Terminal["paint"]>[1]) => terminal.paint(text, tone, to),
      };
      for (const line of formatLogEntry(entry, style)) write(line);
    }
  }
}

/** Reads an option's value as a whole number of at least 0. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return Number(text);
}
