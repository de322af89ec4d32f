/**
 * What is wrong with package-lock.json: npm writes only the platform packages of the machine it runs on into a lock
 * that it makes while node_modules is there, and mends that on every fresh clone.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Entry {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export function lockFaults(): string[] {
  const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const { packages } = JSON.parse(readFileSync(file, "utf8")) as {
    packages: Readonly<Record<string, Entry>>;
  };
  return Object.entries(packages).flatMap(([path, { resolved, optionalDependencies = {} }]) => [
    ...(resolved !== undefined && /^[a-z+]+:/.test(resolved)
      ? [`package-lock.json: ${path} has a download address: npm install with this repository's .npmrc.`]
      : []),
    ...Object.keys(optionalDependencies)
      .filter((name) => !isNamed(packages, path, name))
      .map(
        (name) =>
          `package-lock.json: ${name}, which ${path} has on other platforms, is missing: take the lock that npm install makes in a fresh clone.`,
      ),
  ]);
}

/** Is `name` found from `path`, in its own node_modules or in one above it? */
function isNamed(packages: Readonly<Record<string, Entry>>, path: string, name: string): boolean {
  for (let folder = path; folder !== ""; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    if (packages[`${folder}/node_modules/${name}`] !== undefined) return true;
  }
  return packages[`node_modules/${name}`] !== undefined;
}
