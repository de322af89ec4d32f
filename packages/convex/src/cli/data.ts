import type { Value } from "@tandem/values";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type CommandContext,
  type DeploymentOptions,
  openDeployment,
  withDeploymentOptions,
  withVerboseOption,
} from "./command.ts";
import { runPaginatedQuery } from "./deployment/system_query.ts";
import { wholeNumber } from "./logs.ts";
import { openProject } from "./project/config.ts";
import { formatTable, formatValue } from "./terminal/value_text.ts";

interface DataOptions extends DeploymentOptions {
  readonly limit: number;
  readonly order: "asc" | "desc";
  readonly component?: string;
  readonly format?: "json" | "jsonArray" | "jsonLines" | "jsonl" | "pretty";
}

/** Adds `convex data`. */
export function addDataCommand(program: Command, context: CommandContext): void {
  const command = program
    .command("data")
    .summary("List tables, and the documents in them")
    .description("List the tables, or the documents of one. System tables such as _storage can be named too.")
    .argument("[table]", "table whose documents to list")
    .option("--limit <n>", "At most so many documents.", positive, 100)
    .addOption(
      new Option("--order <choice>", "Newest (desc) or oldest (asc) documents first.")
        .choices(["asc", "desc"])
        .default("desc"),
    )
    .option("--component <path>", "Component whose tables to list.")
    .addOption(
      new Option(
        "--format <format>",
        "A JSON array, a JSON object a line, or a table for people. (default: a table)",
      ).choices(["jsonArray", "json", "jsonLines", "jsonl", "pretty"]),
    );
  withDeploymentOptions(withVerboseOption(command)).action(
    (table: string | undefined, options: DataOptions) => data(table, options, context),
  );
}

async function data(table: string | undefined, options: DataOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const opened = await openDeployment(openProject(context.cwd), options, context);
  const query = async (path: string, args: Record<string, Value>, limit?: number): Promise<Value[]> =>
    await runPaginatedQuery(
      opened.deployment,
      { path, args, componentPath: options.component ?? "" },
      limit,
      { signal },
    );
  try {
    if (table === undefined) {
      const tables = (await query("_system/cli/tables", {})) as { name: string }[];
      if (tables.length === 0) terminal.say("There are no tables.");
      else
        terminal.result(
          tables
            .map(({ name }) => name)
            .sort()
            .join("\n"),
        );
      return;
    }
    const { limit, order } = options;
    // One more than asked for tells whether there are more.
    const found = (await query("_system/cli/tableData", { table, order }, limit + 1)) as Record<
      string,
      Value
    >[];
    const documents = found.slice(0, limit);
    switch (options.format) {
      case "json":
      case "jsonArray":
        terminal.result(`[\n${documents.map(formatValue).join(",\n")}\n]`);
        return;
      case "jsonLines":
      case "jsonl":
        for (const document of documents) terminal.result(formatValue(document));
        return;
      default:
        break;
    }
    if (documents.length === 0) {
      terminal.say(`There are no documents in "${table}".`);
      return;
    }
    const width = process.stdout.isTTY === true ? process.stdout.columns : undefined;
    const { lines, cut } = formatTable(documents, width);
    for (const line of lines) terminal.result(line);
    if (cut)
      terminal.warn(
        `Lines are cut to the width of the terminal. See them whole with \`npx convex data ${table} | less -S\`.`,
      );
    if (found.length > limit) {
      terminal.warn(
        `These are the ${limit} ${order === "desc" ? "newest" : "oldest"} documents. See more with --limit.`,
      );
    }
  } finally {
    await opened.close();
  }
}

function positive(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new InvalidArgumentError("It must be at least 1.");
  return number;
}
