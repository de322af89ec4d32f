import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import type { NodeDependency } from "@tandem/protocol";
import type { Plugin } from "esbuild";
import { Failure } from "../failure.ts";
import type { Project } from "../project/config.ts";

/** Keeps the packages of `convex.json`'s `node.externalPackages` out of bundles (R §5.1). */
export interface ExternalPackages {
  readonly plugin: Plugin;
  /** The packages met by the last build and, if installed, their peers and optional dependencies. */
  used(): NodeDependency[];
}

/** Reads which packages of the project may stay external: listed, installed, and not local files. */
export function externalPackages(project: Project): ExternalPackages {
  const folders = installedFolders(project);
  const met = new Set<string>();
  return {
    plugin: {
      name: "external-packages",
      setup(build) {
        build.onStart(() => met.clear());
        build.onResolve({ filter: /^[^.]/, namespace: "file" }, (args) => {
          const name = packageName(args.path);
          const folder = folders.get(name);
          if (folder === undefined || nearest(name, args.resolveDir) !== folder) return undefined;
          met.add(name);
          return { path: args.path, external: true };
        });
      },
    },
    used() {
      const names = [...met];
      const versions: NodeDependency[] = [];
      // The list grows while it is walked.
      for (const name of names) {
        const manifest = readManifest(name, folders.get(name) ?? "");
        versions.push({ name, version: manifest.version });
        for (const also of manifest.also) if (folders.has(also) && !names.includes(also)) names.push(also);
      }
      return versions;
    },
  };
}

function installedFolders(project: Project): Map<string, string> {
  const allowed = project.config.node.externalPackages;
  const folders = new Map<string, string>();
  if (allowed.length === 0) return folders;
  const manifest = JSON.parse(readFileSync(path.join(project.root, "package.json"), "utf8")) as Record<
    string,
    Record<string, string> | undefined
  >;
  for (const section of ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"]) {
    for (const [name, range] of Object.entries(manifest[section] ?? {})) {
      // The deployment installs from a registry, so what is not there has to be bundled.
      const local = /^(file:|git\+file:|https?:|git:|git\+ssh:|git\+https?:)/.test(range);
      if (name === "convex" || local || !(allowed.includes("*") || allowed.includes(name))) continue;
      const folder = path.join(project.root, "node_modules", name);
      if (!folders.has(name) && existsSync(folder)) folders.set(name, folder);
    }
  }
  return folders;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function nearest(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, "node_modules", name);
    if (existsSync(candidate)) return candidate;
    if (path.dirname(folder) === folder) return undefined;
  }
}

function readManifest(name: string, folder: string): { version: string; also: string[] } {
  const file = path.join(folder, "package.json");
  const manifest = existsSync(file)
    ? (JSON.parse(readFileSync(realpathSync(file), "utf8")) as {
        version?: string;
        peerDependencies?: object;
        optionalDependencies?: object;
      })
    : {};
  if (manifest.version === undefined) {
    throw new Failure(
      `${file} names no version, so "${name}" cannot be installed on the deployment. Install it again, or remove it from \`node.externalPackages\` in convex.json.`,
      { remedy: { type: "files" } },
    );
  }
  const also = [
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ];
  return { version: manifest.version, also };
}
