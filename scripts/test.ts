/** `npm test`: everything that decides whether a change may land. `--long` runs the long forms whole. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const long = process.argv.includes("--long");

function run(title: string, command: string, args: string[], env: Record<string, string> = {}): void {
  console.log(`\n── ${title}`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  if (error !== undefined || status !== 0) {
    console.error(`\n${title}: failed${error === undefined ? "" : ` (${error.message})`}.`);
    process.exit(status ?? 1);
  }
}

/** The browser tests need Debian's Chromium; installed when it is missing and we may. */
function findChromium(): void {
  const places = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  if (places.some((place) => place !== undefined && existsSync(place))) {
    return;
  }
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    console.error("The browser tests need Chromium: install it, or name it in CHROMIUM_PATH.");
    process.exit(1);
  }
  run("installing Chromium", "sh", ["-c", "apt-get update -qq && apt-get install -y -qq chromium"], {
    DEBIAN_FRONTEND: "noninteractive",
  });
}

findChromium();
if (!long) {
  run("check", process.execPath, ["--conditions=tandem-source", "scripts/check.ts"]);
}
const summary = join(mkdtempSync(join(tmpdir(), "tandem-tests-")), "summary.json");
const filters = process.argv.slice(2).filter((argument) => argument !== "--long");
run(
  long ? "tests, long forms" : "tests",
  "vitest",
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${summary}`, ...filters],
  long ? { TANDEM_LONG: "1" } : {},
);

const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(summary, "utf8")) as {
  numPassedTests: number;
  numFailedTests: number;
};
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
