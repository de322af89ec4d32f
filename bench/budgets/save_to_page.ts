import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { startTandem } from "../harness/tandem.ts";

const PROJECT = fileURLToPath(new URL("./page/", import.meta.url));
const CLI = fileURLToPath(new URL("../../packages/convex/bin/convex.js", import.meta.url));
const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const SAVES = 5;
const CHROMIUM_ARGS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );

/** From saving a function, with `convex dev` watching, to its new result in an open page: the median. */
export async function saveToPage(): Promise<{ save_to_page_ms: number }> {
  const folder = mkdtempSync(join(tmpdir(), "tandem-save-"));
  cpSync(PROJECT, folder, { recursive: true });
  symlinkSync(MODULES, join(folder, "node_modules"));
  const tandem = await startTandem();
  const dev = spawn(process.execPath, [CLI, "dev", "--typecheck", "disable", "--tail-logs", "disable"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      CONVEX_SELF_HOSTED_URL: tandem.backendUrl,
      CONVEX_SELF_HOSTED_ADMIN_KEY: tandem.adminKey,
    },
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: CHROMIUM_ARGS,
  });
  const page = await servePage(tandem.backendUrl);
  try {
    const tab = await browser.newPage();
    await tab.goto(page.url);
    await shows(tab, "version 0", 60_000);
    const times: number[] = [];
    for (let version = 1; version <= SAVES; version++) {
      const seen = shows(tab, `version ${version}`, 30_000);
      const saved = performance.now();
      writeFileSync(join(folder, "convex/greeting.ts"), greeting(version));
      await seen;
      times.push(performance.now() - saved);
    }
    return { save_to_page_ms: times.sort((a, b) => a - b)[Math.floor(SAVES / 2)]! };
  } finally {
    dev.kill("SIGTERM");
    await once(dev, "exit");
    await browser.close();
    page.close();
    await tandem.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function greeting(version: number): string {
  return (
    'import { queryGeneric as query } from "convex/server";\n\n' +
    `export const text = query({ args: {}, handler: async () => "version ${version}" });\n`
  );
}

function shows(tab: Page, text: string, timeout: number): Promise<unknown> {
  return tab.waitForFunction((wanted) => document.body?.textContent === wanted, text, {
    timeout,
    polling: "raf",
  });
}

async function servePage(backend: string): Promise<{ url: string; close: () => void }> {
  const { outputFiles } = await build({
    entryPoints: [join(PROJECT, "main.ts")],
    bundle: true,
    format: "esm",
    conditions: ["tandem-source"],
    write: false,
  });
  const server = createServer((request, response) => {
    if (request.url!.startsWith("/main.js")) {
      response.writeHead(200, { "content-type": "text/javascript" }).end(outputFiles[0]!.contents);
    } else {
      response
        .writeHead(200, { "content-type": "text/html" })
        .end('<!doctype html><body></body><script type="module" src="/main.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/?backend=${encodeURIComponent(backend)}`,
    close: () => server.close(),
  };
}
