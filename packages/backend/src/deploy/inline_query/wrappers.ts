import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** What inline queries import, as `convex:/_system/repl/wrappers.js` (R §4.9). */
export const WRAPPERS_PATH = "_system/repl/wrappers.js";

let script: Promise<string> | undefined;

/** The module with `query` and `internalQuery`. The product reads it beside its bundle; source runs bundle it. */
export function wrappersScript(): Promise<string> {
  script ??= import.meta.url.endsWith(".ts")
    ? buildWrappersScript()
    : Promise.resolve(readFileSync(join(here, "inline_query_wrappers.js"), "utf8"));
  return script;
}

/** Bundles the builders of `convex/server`, which belong to the app's side: as text, not as code of the server's. */
export async function buildWrappersScript(): Promise<string> {
  const { build } = await import("esbuild");
  const result = await build({
    stdin: {
      contents: 'export { queryGeneric as query, internalQueryGeneric as internalQuery } from "./index.ts";',
      resolveDir: join(here, "../../../../convex/src/server"),
    },
    bundle: true,
    format: "esm",
    target: "esnext",
    platform: "browser",
    conditions: ["tandem-source"],
    minifyWhitespace: true,
    logLevel: "silent",
    write: false,
  });
  return result.outputFiles[0]!.text;
}
