import { Command, CommanderError } from "commander";
import { addAuthCommand } from "./auth/command.ts";
import { addCodegenCommand } from "./codegen.ts";
import type { CommandContext } from "./command.ts";
import { addDataCommand } from "./data.ts";
import { addDeployCommand } from "./deploy.ts";
import { addDevCommand } from "./dev.ts";
import { addEnvCommand } from "./env.ts";
import { Failure } from "./failure.ts";
import { addLogsCommand } from "./logs.ts";
import { addRunCommand } from "./run.ts";
import { createTerminal, type Output } from "./terminal/terminal.ts";
import { protocolVersion } from "./version.ts";

/** What the command line takes from the process. */
export interface ProcessSurroundings
  extends Pick<CommandContext, "cwd" | "environment" | "stdin" | "signal"> {
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * Runs `convex` with the given arguments (without program and script). Resolves to the exit code: 0, or 1
 * after a failure, which has been told on stderr.
 */
export async function runCommandLine(
  args: readonly string[],
  surroundings: ProcessSurroundings,
): Promise<number> {
  const { stdout, stderr, environment } = surroundings;
  const verbose = args.some((arg) => arg === "--verbose" || arg === "-v");
  const terminal = createTerminal({ stdout, stderr, verbose, environment });
  let exitCode = 0;
  const context: CommandContext = {
    ...surroundings,
    terminal,
    setExitCode(code) {
      exitCode = code;
    },
  };
  try {
    await createProgram(context, surroundings).parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (surroundings.signal.aborted) return exitCode;
    if (error instanceof Failure) {
      terminal.fail(error.message);
      if (verbose && error.cause !== undefined) terminal.detail(String(error.cause));
    } else {
      terminal.fail(
        `A fault in this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
    return 1;
  }
}

function createProgram(context: CommandContext, { stdout, stderr }: ProcessSurroundings): Command {
  const program = new Command("convex")
    .description("Develop and deploy the backend functions of an app. Start with `npx convex dev`.")
    .usage("<command> [options]")
    .version(protocolVersion, "-V, --version", "Print the version of the API that this command speaks.")
    .helpCommand("help <command>", "Show the options of a command.")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
  for (const add of [
    addDevCommand,
    addDeployCommand,
    addRunCommand,
    addLogsCommand,
    addEnvCommand,
    addAuthCommand,
    addDataCommand,
    addCodegenCommand,
  ]) {
    add(program, context);
  }
  return program;
}
