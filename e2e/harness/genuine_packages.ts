import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../node_modules/.genuine/", import.meta.url));

/**
 * Packages whose browser bundles are needed and nothing else. As dependencies they would bring hundreds of packages
 * that no test runs, so they are fetched as archives, once, and compared with these digests.
 */
const DIGESTS = {
  "@clerk/clerk-js@5.128.0":
    "sha512-aw8USKnrZVPOqJfp1eKpbaQL+jUYkXJn/v3XdBslfT4jXEUIqkyITmlgY8bA9GqVF7xGcr+m/HJTpgvGbtIvXA==",
  "@clerk/clerk-js@6.40.0":
    "sha512-2MnZ/ygvuCmeuqfXQmsxfQaLN/SSJvQbtT2cLXbgr5VKr3KmZFZBVvX977fG3eZ6pprl4J9pO+I2bbe6BvColg==",
  "@clerk/ui@1.36.0":
    "sha512-uI96zYCh5jISLOt1mdpIPy/Y31P0kwFxjUFOxLUwFfTHFmGUcRjbqN6bbb+75tdI2Bz6ARGws3rhspDer+xIfQ==",
} as const;

export type GenuinePackage = keyof typeof DIGESTS;

/** A folder that has these packages installed, as an app's folder has. Remove it with its disposal. */
export async function projectWith(
  packages: readonly GenuinePackage[],
): Promise<Disposable & { root: string }> {
  const root = mkdtempSync(join(tmpdir(), "tandem-project-"));
  for (const name of packages) {
    const place = join(root, "node_modules", name.slice(0, name.lastIndexOf("@")));
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(await fetched(name), place);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}

/** The folder of an unpacked package, from the npm registry the first time. */
async function fetched(name: GenuinePackage): Promise<string> {
  const folder = join(cache, name.replace("/", "+"));
  if (existsSync(folder)) return join(folder, "package");
  const draft = mkdtempSync(join(tmpdir(), "tandem-genuine-"));
  const { stdout } = await run("npm", ["pack", "--silent", name], {
    cwd: draft,
    shell: process.platform === "win32",
  });
  const archive = join(draft, stdout.trim());
  const digest = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (digest !== DIGESTS[name]) throw new Error(`The archive of ${name} has the digest ${digest}.`);
  await run("tar", ["-xzf", archive], { cwd: draft });
  rmSync(archive);
  mkdirSync(cache, { recursive: true });
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another test was faster.
    if (!existsSync(folder)) throw error;
  }
  return join(folder, "package");
}
