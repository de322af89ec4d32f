import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

// `app` is one app, compiled twice: with the types of this package, and with the genuine ones. In both it must be free of
// errors, and every line that is marked as wrong must be one.

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

async function compile(config: string): Promise<string> {
  const project = join(import.meta.dirname, config);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", project]);
    return stdout;
  } catch (failure) {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

it("compiles an app with this package's types", async () => {
  expect(await compile("tsconfig.ours.json")).toBe("");
});

it("compiles the same app with the genuine types", async () => {
  expect(await compile("tsconfig.genuine.json")).toBe("");
});
