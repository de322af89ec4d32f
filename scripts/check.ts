/** Types, lint and format, floors: `npm run check`. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { faults } from "./floors.ts";
import { lockFaults } from "./lock_file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let failed = false;

function run(title: string, command: string, args: string[]): void {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${title}`);
  failed ||= status !== 0;
}

const projects = [
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}`),
  ...readdirSync(`${root}examples`).map((name) => `examples/${name}`),
  "bench",
  "e2e",
  "scripts",
].filter((path) => existsSync(`${root}${path}/tsconfig.json`));

for (const project of projects) {
  run(`types: ${project}`, "tsc", ["--noEmit", "-p", project]);
}
run("lint and format", "biome", ["check", "--error-on-warnings", "."]);

for (const [title, found] of [
  ["floors and circles", faults()],
  ["lock of packages", lockFaults()],
] as const) {
  for (const fault of found) console.error(fault);
  console.log(`${found.length === 0 ? "ok    " : "FAILED"} ${title}`);
  failed ||= found.length > 0;
}
process.exit(failed ? 1 : 0);
