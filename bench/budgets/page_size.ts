import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";

/** Leaves out what a page fetches only when it is shown. */
const withoutLazyParts: Plugin = {
  name: "without lazy parts",
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    ),
};

/** What a page loads for some packages, without React: minified, gzipped, in KiB. */
async function sizeOf(...packages: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: packages.map((name) => `export * from "${name}";`).join(" "),
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["react", "react-dom"],
    plugins: [withoutLazyParts],
    write: false,
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length / 1024;
}

/** The client of the backend, and that of the identity server before any of its user interface is shown. */
export async function pageSize(): Promise<{ convex_react_gzip_kb: number; clerk_react_gzip_kb: number }> {
  return {
    convex_react_gzip_kb: await sizeOf("@tandem/convex/react", "@tandem/convex/react-clerk"),
    clerk_react_gzip_kb: await sizeOf("@tandem/clerk-react"),
  };
}
