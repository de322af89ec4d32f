import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

// What V8 lacks in a snapshot, and what is not worth its size there, gets a stand-in.
const standIns: Plugin = {
  name: "realm-stand-ins",
  setup(build) {
    build.onLoad({ filter: /object-inspect[\\/]util\.inspect\.js$/ }, () => ({
      contents: "module.exports = {};",
    }));
    build.onLoad({ filter: /node_modules[\\/]tr46[\\/]index\.js$/ }, () => ({
      contents: 'export { toASCII } from "./domain_to_ascii.ts";',
      resolveDir: here,
    }));
    build.onLoad(
      { filter: /(?:webidl-conversions[\\/]lib[\\/]index|whatwg-url[\\/]lib[\\/]utils)\.js$/ },
      ({ path }) => ({
        contents: `const SharedArrayBuffer = class { get byteLength() { throw new TypeError("not shared"); } get growable() { throw new TypeError("not shared"); } };\n${readFileSync(path, "utf8")}`,
      }),
    );
  },
};

const options: BuildOptions = {
  entryPoints: [join(here, "realm.ts")],
  bundle: true,
  format: "iife",
  platform: "neutral",
  mainFields: ["module", "main"],
  conditions: ["import"],
  target: "es2024",
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  legalComments: "none",
  // The package says that its modules have no side effects; here the side effects are the point.
  ignoreAnnotations: true,
  write: false,
  plugins: [standIns],
};

/** Bundles the realm script (half a second, with esbuild). The product's build writes it beside its own bundle. */
export async function buildRealmScript(): Promise<string> {
  // esbuild is a tool of the build: the running product never loads it.
  const { build } = await import("esbuild");
  const result = await build(options);
  return result.outputFiles![0]!.text;
}
