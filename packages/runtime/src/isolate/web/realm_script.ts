import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const bundledLibraries = [
  "whatwg-url",
  "webidl-conversions",
  "web-streams-polyfill",
  "@exodus/bytes",
  "object-inspect",
];

let script: Promise<string> | undefined;

/**
 * The text that makes a context a realm; the first script of every snapshot. The product reads `realm_script.js`
 * beside its bundle; source runs build it when its sources changed (`node_modules/.cache/tandem`).
 */
export function realmScript(): Promise<string> {
  script ??= import.meta.url.endsWith(".ts")
    ? builtOrCached()
    : Promise.resolve(readFileSync(join(here, "realm_script.js"), "utf8"));
  return script;
}

async function builtOrCached(): Promise<string> {
  const modules = nodeModulesFolder();
  const cached = join(modules, ".cache", "tandem", `realm-${fingerprint(modules)}.js`);
  if (existsSync(cached)) return readFileSync(cached, "utf8");
  const { buildRealmScript } = await import("./build_realm_script.ts");
  const text = await buildRealmScript();
  mkdirSync(dirname(cached), { recursive: true });
  // Other processes may be doing the same: each writes its own file, and the last rename wins with the same text.
  const draft = `${cached}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, cached);
  return text;
}

function nodeModulesFolder(): string {
  const found = createRequire(import.meta.url).resolve("web-streams-polyfill");
  return found.slice(0, found.lastIndexOf("node_modules") + "node_modules".length);
}

function fingerprint(modules: string): string {
  const hash = createHash("sha256");
  for (const folder of [
    here,
    join(here, "../console"),
    join(here, "../stack_traces"),
    join(here, "../../actions"),
  ]) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const name of names.filter((one) => /(?<!\.test)\.ts$/.test(one)).sort())
      hash.update(readFileSync(join(folder, name)));
  }
  for (const name of bundledLibraries) hash.update(readFileSync(join(modules, name, "package.json")));
  return hash.digest("hex").slice(0, 16);
}
