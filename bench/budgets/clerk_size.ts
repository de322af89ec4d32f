import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

/** The module that `SignIn` imports when it is shown. */
const SIGN_IN = "packages/clerk-react/src/ui/sign_in.tsx";

/**
 * What a page loads for sign-in before any of its interface shows, and what showing `SignIn` adds: without React,
 * minified, each file gzipped by itself, in KiB.
 */
export async function clerkSize(): Promise<{ clerk_gzip_kb: number; clerk_signin_gzip_kb: number }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: 'export * from "@tandem/clerk-react"; export { Clerk } from "@tandem/clerk-js";',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    conditions: ["tandem-source"],
    external: ["react", "react-dom"],
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    outdir: "bench/budgets",
    metafile: true,
    write: false,
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [path, gzipSync(contents, { level: 9 }).length / 1024]),
  );
  const size = (files: Iterable<string>) => {
    let sum = 0;
    for (const file of files) {
      sum += sizes.get(fileURLToPath(new URL(`../../${file}`, import.meta.url)))!;
    }
    return sum;
  };
  const page = loadedWith(metafile, outputOf(metafile, "<stdin>"));
  const shown = loadedWith(metafile, outputOf(metafile, SIGN_IN));
  return {
    clerk_gzip_kb: size(page),
    clerk_signin_gzip_kb: size([...shown].filter((file) => !page.has(file))),
  };
}

function outputOf({ outputs }: Metafile, entryPoint: string): string {
  const found = Object.keys(outputs).find((file) => outputs[file]!.entryPoint === entryPoint);
  if (found === undefined) {
    throw new Error(`No file of the bundle begins at ${entryPoint}: is it still imported dynamically?`);
  }
  return found;
}

/** A file and all that it imports statically. */
function loadedWith(metafile: Metafile, file: string, loaded = new Set<string>()): Set<string> {
  if (!loaded.has(file)) {
    loaded.add(file);
    for (const { path, kind, external } of metafile.outputs[file]!.imports) {
      if (kind === "import-statement" && external !== true) {
        loadedWith(metafile, path, loaded);
      }
    }
  }
  return loaded;
}
