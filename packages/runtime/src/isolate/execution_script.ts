import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

let script: Promise<string> | undefined;

/**
 * The script of `realm/execution.ts`, second of every snapshot. The product reads `execution_script.js` beside its
 * bundle; source runs bundle it (some 20 ms).
 */
export function executionScript(): Promise<string> {
  script ??= import.meta.url.endsWith(".ts")
    ? buildExecutionScript()
    : Promise.resolve(readFileSync(join(here, "execution_script.js"), "utf8"));
  return script;
}

export async function buildExecutionScript(): Promise<string> {
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [join(here, "realm/execution.ts")],
    bundle: true,
    format: "iife",
    platform: "neutral",
    target: "es2024",
    keepNames: false,
    minifyWhitespace: true,
    ignoreAnnotations: true,
    write: false,
  });
  return result.outputFiles[0]!.text;
}
