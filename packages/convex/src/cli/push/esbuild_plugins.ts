import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";

/** Replaces `node:async_hooks`, which isolates lack, by the classes that they have as globals. */
export const asyncHooksInIsolates: Plugin = {
  name: "async-hooks",
  setup(build) {
    build.onResolve({ filter: /^(node:)?async_hooks$/ }, ({ path }) => ({
      path,
      namespace: "async-hooks-shim",
    }));
    build.onLoad({ filter: /.*/, namespace: "async-hooks-shim" }, () => ({
      loader: "js",
      contents: [
        "export const AsyncLocalStorage = globalThis.AsyncLocalStorage;",
        "export const AsyncResource = globalThis.AsyncResource;",
        "export default { AsyncLocalStorage, AsyncResource };",
      ].join("\n"),
    }));
  },
};

/** `import "server-only"` throws in a browser by design; here it means nothing. */
export const serverOnly: Plugin = {
  name: "server-only",
  setup(build) {
    build.onResolve({ filter: /^server-only$/ }, ({ path }) => ({ path, namespace: "server-only-stub" }));
    build.onLoad({ filter: /.*/, namespace: "server-only-stub" }, () => ({ contents: "", loader: "js" }));
  },
};

/** `import wasm from "./x.wasm"` gives a `WebAssembly.Module` with the file's bytes bundled in. */
export const webAssembly: Plugin = {
  name: "web-assembly",
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, (args) => {
      if (args.namespace === "wasm-stub") return { path: args.path, namespace: "wasm-binary" };
      if (args.resolveDir === "") return undefined;
      return { path: path.resolve(args.resolveDir, args.path), namespace: "wasm-stub" };
    });
    build.onLoad({ filter: /.*/, namespace: "wasm-stub" }, (args) => ({
      contents: `import bytes from ${JSON.stringify(args.path)};\nexport default new WebAssembly.Module(bytes);`,
    }));
    build.onLoad({ filter: /.*/, namespace: "wasm-binary" }, async (args) => ({
      contents: await readFile(args.path),
      loader: "binary",
      watchFiles: [args.path],
    }));
  },
};
