import { Readable } from "node:stream";
import { runCommandLine } from "../command_line.ts";

/** A command that runs in this process. */
export interface RunningCommand {
  /** What it wrote so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when a text stands in its stderr; fails if the command ends without it. */
  said(text: string): Promise<void>;
  /** Asks it to end, as Ctrl-C does. */
  stop(): void;
  readonly exitCode: Promise<number>;
}

/** Starts `convex` with these arguments in a folder. */
export function startConvex(
  cwd: string,
  args: readonly string[],
  environment: Record<string, string> = {},
  input = "",
): RunningCommand {
  const ending = new AbortController();
  const waiting = new Set<() => void>();
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    write(text: string) {
      written[name] += text;
      for (const check of waiting) check();
    },
  });
  let over = false;
  const exitCode = runCommandLine(args, {
    cwd,
    environment: { PATH: process.env["PATH"], ...environment },
    stdin: Readable.from(input === "" ? [] : [input]),
    stdout: output("stdout"),
    stderr: output("stderr"),
    signal: ending.signal,
  }).finally(() => {
    over = true;
    for (const check of waiting) check();
  });
  return {
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (written.stderr.includes(text)) resolve();
          else if (over)
            reject(new Error(`The command ended without "${text}". It said:\n${written.stderr}`));
          else return;
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    stop: () => ending.abort(),
    exitCode,
  };
}

/** Runs `convex` to its end. */
export async function runConvex(
  ...given: Parameters<typeof startConvex>
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = startConvex(...given);
  const code = await command.exitCode;
  return { code, stdout: command.stdout, stderr: command.stderr };
}
