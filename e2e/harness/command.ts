import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type ConvexPackage, packageFolder } from "./project.ts";

/** The command's script of either package. */
const SCRIPTS: Record<ConvexPackage, string> = {
  "convex-genuine": join(packageFolder["convex-genuine"], "bin/main.js"),
  "@tandem/convex": join(packageFolder["@tandem/convex"], "bin/convex.js"),
};

/** A command that runs in a process of its own. */
export interface RunningCommand {
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the text stands in what it wrote; fails when the command ends without it. */
  said(text: string | RegExp): Promise<void>;
  /** Asks it to end as Ctrl-C does, and waits for that. */
  interrupt(): Promise<number | null>;
  readonly exitCode: Promise<number | null>;
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `convex …` of either package in a folder. Only the variables given reach it, besides PATH and HOME. */
export function startConvexCommand(
  convex: ConvexPackage,
  folder: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): RunningCommand {
  return startCommand(process.execPath, [SCRIPTS[convex], ...args], folder, environment);
}

/** Runs `convex …` to its end. */
export async function convexCommand(...given: Parameters<typeof startConvexCommand>): Promise<CommandResult> {
  return await finished(startConvexCommand(...given));
}

/** Runs any program to its end. */
export async function runCommand(...given: Parameters<typeof startCommand>): Promise<CommandResult> {
  return await finished(startCommand(...given));
}

async function finished(command: RunningCommand): Promise<CommandResult> {
  const code = await command.exitCode;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

function startCommand(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Record<string, string> = {},
): RunningCommand {
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: "1", NO_COLOR: "1", ...environment },
  });
  running.add(child);
  const written = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  let over = false;
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
      for (const check of [...waiting]) check();
    });
  }
  const exitCode = once(child, "close").then(([code]) => {
    running.delete(child);
    over = true;
    for (const check of [...waiting]) check();
    return code as number | null;
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
        const check = () => {
          const all = written.stdout + written.stderr;
          if (typeof text === "string" ? all.includes(text) : text.test(all)) {
            resolve();
          } else if (over) {
            reject(new Error(`The command ended without "${text}". It said:\n${all}`));
          } else {
            return;
          }
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
    async interrupt() {
      child.kill("SIGINT");
      return await exitCode;
    },
    exitCode,
  };
}
