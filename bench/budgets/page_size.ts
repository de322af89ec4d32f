import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a page loads for `convex/react` and `convex/react-clerk`, without React: minified, gzipped, in KiB. */
export async function pageSize(): Promise<{ convex_react_gzip_kb: number }> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export * from "@tandem/convex/react"; export * from "@tandem/convex/react-clerk";',
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react"],
    write: false,
  });
  return { convex_react_gzip_kb: gzipSync(outputFiles[0]!.contents, { level: 9 }).length / 1024 };
}
