/** Builds what is published and what `tandem` and `convex` run from: `dist/` of each package. */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { buildWrappersScript } from "../packages/backend/src/deploy/inline_query/wrappers.ts";
import { buildExecutionScript } from "../packages/runtime/src/isolate/execution_script.ts";
import { buildRealmScript } from "../packages/runtime/src/isolate/web/build_realm_script.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const common: BuildOptions = {
  bundle: true,
  format: "esm",
  target: "es2022",
  conditions: ["tandem-source"],
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  absWorkingDir: root,
};

/** Third-party packages stay imports; our own workspaces are bundled in. */
function thirdParty(...packages: string[]): string[] {
  const names = packages.flatMap((name) => {
    const manifest = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8"));
    return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  });
  return [...new Set(names.filter((name) => !name.startsWith("@tandem/")))].flatMap((name) => [
    name,
    `${name}/*`,
  ]);
}

async function libraries(): Promise<void> {
  for (const name of ["values", "protocol"]) {
    await build({
      ...common,
      entryPoints: [`packages/${name}/src/index.ts`],
      outdir: `packages/${name}/dist`,
    });
  }
  const source = "packages/convex/src";
  await build({
    ...common,
    entryPoints: ["values", "server", "browser", "react", "react-clerk"].map((face) => ({
      in: `${source}/${face}/index.ts`,
      out: `${face}/index`,
    })),
    outdir: "packages/convex/dist",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: ["react", "ws"],
    jsx: "automatic",
  });
  withoutBareImports(`${root}packages/convex/dist`);
  await build({
    ...common,
    entryPoints: ["packages/clerk-js/src/index.ts"],
    outdir: "packages/clerk-js/dist",
  });
  await build({
    ...common,
    entryPoints: ["index", "errors"].map((face) => ({
      in: `packages/clerk-react/src/${face}.ts`,
      out: face,
    })),
    outdir: "packages/clerk-react/dist",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: ["react", "react-dom"],
    jsx: "automatic",
  });
  withoutBareImports(`${root}packages/clerk-react/dist`);
}

/** Splitting leaves imports for effects that no file of ours has; an app's bundler would warn of each. */
function withoutBareImports(folder: string): void {
  for (const file of globSync("**/*.js", { cwd: folder })) {
    const path = `${folder}/${file}`;
    const text = readFileSync(path, "utf8");
    // The line stays, so that source maps stay true.
    writeFileSync(path, text.replace(/^import "[^"]+";$/gm, ""));
  }
}

async function programs(): Promise<void> {
  await build({
    ...common,
    platform: "node",
    target: "node20",
    entryPoints: [
      { in: "packages/convex/src/cli/main.ts", out: "cli/main" },
      { in: "packages/convex/src/cli/push/index.ts", out: "cli/push" },
    ],
    splitting: true,
    chunkNames: "cli/[name]-[hash]",
    outdir: "packages/convex/dist",
    external: thirdParty("convex"),
  });
  await build({
    ...common,
    platform: "node",
    target: "node24",
    entryPoints: [
      { in: "packages/tandem/src/index.ts", out: "index" },
      { in: "packages/tandem/src/main.ts", out: "main" },
      { in: "packages/runtime/src/lanes/database_worker.ts", out: "database_worker" },
      { in: "packages/runtime/src/lanes/read_worker.ts", out: "read_worker" },
      { in: "packages/backend/src/auth/signatures/signature_worker.ts", out: "signature_worker" },
      { in: "packages/identity/src/passwords/password_worker.ts", out: "password_worker" },
      { in: "packages/engine/src/persistence/sqlite/checkpoint_worker.ts", out: "sqlite_checkpointer" },
    ],
    outdir: "packages/tandem/dist",
    splitting: true,
    chunkNames: "[name]-[hash]",
    external: thirdParty("tandem", "backend", "identity", "runtime", "engine"),
  });
}

/** The identity server's own pages: all that a browser needs, React included. */
async function hostedPages(): Promise<void> {
  const source = "packages/clerk-react/src/hosted";
  await build({
    ...common,
    entryPoints: [
      { in: `${source}/main.tsx`, out: "main" },
      { in: `${source}/page.css`, out: "main" },
    ],
    outdir: "packages/tandem/dist/hosted",
    splitting: true,
    chunkNames: "[name]-[hash]",
    minify: true,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
}

/** The text of realms is made once here: the product must not need a bundler to start. */
async function realmScripts(): Promise<void> {
  writeFileSync(`${root}packages/tandem/dist/realm_script.js`, await buildRealmScript());
  writeFileSync(`${root}packages/tandem/dist/execution_script.js`, await buildExecutionScript());
  writeFileSync(`${root}packages/tandem/dist/inline_query_wrappers.js`, await buildWrappersScript());
}

function declarations(): void {
  for (const name of ["values", "protocol", "convex", "clerk-js", "clerk-react"]) {
    const project = `packages/${name}/tsconfig.build.json`;
    const { status } = spawnSync("tsc", ["-p", project], {
      cwd: root,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    if (status !== 0) {
      process.exit(status ?? 1);
    }
  }
}

for (const name of ["values", "protocol", "convex", "clerk-js", "clerk-react", "tandem"]) {
  if (existsSync(`${root}packages/${name}/dist`)) {
    rmSync(`${root}packages/${name}/dist`, { recursive: true });
  }
}
await libraries();
await programs();
await hostedPages();
await realmScripts();
declarations();
