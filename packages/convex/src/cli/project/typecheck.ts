import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { Failure } from "../failure.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Project } from "./config.ts";

/**
 * `enable`: types must be checked and be right. `try`: they must be right if a compiler and a tsconfig are
 * there. `disable`: they are not looked at.
 */
export type TypecheckMode = "enable" | "try" | "disable";

const slowMs = 10_000;

/**
 * Checks the types of the functions folder with the compiler that the project has installed.
 * Resolves when they are right or need no check; throws a {@link Failure} with the compiler's text otherwise.
 * Ends the compiler when `signal` aborts, and then resolves: nobody waits for the result any more.
 */
export async function typecheckFunctions(
  project: Project,
  mode: TypecheckMode,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<void> {
  if (mode === "disable" || signal?.aborted) return;
  const impossible = (why: string): void => {
    if (mode === "enable") throw new Failure(why, { remedy: { type: "files" } });
    terminal.detail(why);
  };
  const tsconfig = path.join(project.functionsDir, "tsconfig.json");
  if (!existsSync(tsconfig)) {
    return impossible(
      `Types were not checked: there is no ${path.relative(project.root, tsconfig)}. Create it with \`npx convex codegen --init\`.`,
    );
  }
  const compiler = findCompiler(project);
  if (compiler === undefined) {
    return impossible(
      "Types were not checked: the project has no TypeScript. Install it with `npm install --save-dev typescript`.",
    );
  }
  const slow = setTimeout(() => terminal.say("Still checking types ...", "faint"), slowMs);
  try {
    const { code, output } = await run(compiler, project, terminal, signal);
    if (signal?.aborted || code === 0) return;
    throw new Failure(
      `${output.trimEnd()}\nThe types of your functions are not right: fix the errors above, or push without the check with \`--typecheck disable\`.`,
      { remedy: { type: "files" } },
    );
  } finally {
    clearTimeout(slow);
  }
}

/** The compiler's program in the `node_modules` of the project or of a workspace around it. */
function findCompiler(project: Project): string | undefined {
  const candidates =
    project.config.typescriptCompiler === "tsgo"
      ? ["@typescript/native-preview/bin/tsgo", "@typescript/native-preview/bin/tsgo.js"]
      : ["@typescript/native/bin/tsc", "typescript/bin/tsc"];
  for (let folder = project.root; ; folder = path.dirname(folder)) {
    for (const candidate of candidates) {
      const file = path.join(folder, "node_modules", candidate);
      if (existsSync(file)) return file;
    }
    if (path.dirname(folder) === folder) return undefined;
  }
}

function run(
  compiler: string,
  project: Project,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; output: string }> {
  const pretty = terminal.paint("x", "strong") === "x" ? "false" : "true";
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [compiler, "--project", project.functionsDir, "--noEmit", "--pretty", pretty],
      { cwd: project.root, stdio: ["ignore", "pipe", "pipe"] },
    );
    const stop = (): void => {
      child.kill();
    };
    signal?.addEventListener("abort", stop, { once: true });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, output });
    });
  });
}
