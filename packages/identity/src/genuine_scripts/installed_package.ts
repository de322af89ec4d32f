import { readFile, realpath } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/** A package as npm has put it into a project. */
export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/**
 * The package that code in `folder` would get: from its `node_modules`, or those of the folders above it. Null when
 * there is none.
 */
export async function findInstalled(folder: string, name: string): Promise<InstalledPackage | null> {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules", ...name.split("/"));
    const manifest = await readIfThere(join(candidate, "package.json"));
    if (manifest !== null) {
      const { version } = JSON.parse(manifest) as { version?: unknown };
      if (typeof version !== "string") throw new Error(`${candidate}/package.json has no version.`);
      return { folder: await realpath(candidate), version };
    }
    if (dirname(at) === at) return null;
  }
}

/** Does `wanted` (`5`, `5.128`, `5.128.0`) mean this version? */
export function meansVersion(wanted: string, version: string): boolean {
  return wanted === version || version.startsWith(`${wanted}.`);
}

const PATH = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/;

/**
 * A file below the package's `dist`, or null. The path has plain names only, and where it leads is looked at once more
 * on disk, where a link may lead out of the folder.
 */
export async function distFile({ folder }: InstalledPackage, path: string): Promise<string | null> {
  if (!PATH.test(path)) return null;
  const dist = join(folder, "dist");
  let file: string;
  try {
    file = await realpath(join(dist, ...path.split("/")));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return file.startsWith((await realpath(dist)) + sep) ? file : null;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
