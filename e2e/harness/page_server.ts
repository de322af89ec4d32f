import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ConvexPackage } from "./project.ts";

/** Serves a page whose script was bundled with either client, and answers what the page asks its own server. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * Bundles `script` (a path inside `e2e/page`) and serves it. `answer` gets what the page asks under `/ask/…`, the
 * rest of the path and the query, and answers a text. `alias` names further packages that the page takes under
 * another name.
 */
export async function pageServer(
  script: string,
  convex: ConvexPackage,
  answer: (path: string, query: URLSearchParams) => Promise<string>,
  alias: Record<string, string> = {},
): Promise<PageServer> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../page/${script}`, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    alias: { convex, ...alias },
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "warning",
  });
  const bundle = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://page");
    const send = (type: string, text: string, status = 200) =>
      response.writeHead(status, { "content-type": `${type}; charset=utf-8` }).end(text);
    if (pathname === "/") {
      send(
        "text/html",
        '<!doctype html><title>e2e</title><main id="root"></main><script type="module" src="/page.js"></script>',
      );
    } else if (pathname === "/page.js") {
      send("text/javascript", bundle);
    } else if (pathname.startsWith("/ask/")) {
      answer(pathname.slice("/ask/".length), searchParams).then(
        (text) => send("text/plain", text),
        (error: Error) => send("text/plain", error.message, 500),
      );
    } else {
      send("text/plain", "", 404);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
