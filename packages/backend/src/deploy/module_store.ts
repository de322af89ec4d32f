import { createHash } from "node:crypto";
import { andThen, type MaybePromise, type PlainRows } from "@tandem/engine";
import type { ModuleConfig } from "@tandem/protocol";
import { ApiError } from "@tandem/protocol";

/** A module of a version, by the content that is stored once for all versions. */
export interface ModuleEntry {
  /** `dir/mod.js` */
  readonly path: string;
  /** SHA-256 of the source, then the source map, in hex (R §4.3). */
  readonly sha256: string;
}

export interface ModuleContent {
  readonly source: string;
  readonly sourceMap?: string;
}

/** The hash under which a module is known to the CLI: computed there too, byte for byte (R §4.3). */
export function moduleHash(module: Pick<ModuleConfig, "source" | "sourceMap">): string {
  return createHash("sha256")
    .update(module.source)
    .update(module.sourceMap ?? "")
    .digest("hex");
}

/** Stores a module's content under its hash. */
export function putModule(rows: Pick<PlainRows, "putRow">, sha256: string, content: ModuleContent): void {
  rows.putRow("_modules", sha256, JSON.stringify(content));
}

export function removeModule(rows: Pick<PlainRows, "putRow">, sha256: string): void {
  rows.putRow("_modules", sha256, null);
}

/** The stored content, or `null`. */
export function findModule(
  rows: Pick<PlainRows, "getRow">,
  sha256: string,
): MaybePromise<ModuleContent | null> {
  return andThen(rows.getRow("_modules", sha256), (json) =>
    json === null ? null : (JSON.parse(json) as ModuleContent),
  );
}

/** The sources of `entries`, in their order. Throws when one is not stored: a version is never without them. */
export async function readModules(
  rows: Pick<PlainRows, "getRow">,
  entries: readonly ModuleEntry[],
): Promise<(ModuleContent & { readonly path: string })[]> {
  const modules: (ModuleContent & { path: string })[] = [];
  for (const entry of entries) {
    const content = await findModule(rows, entry.sha256);
    if (content === null) {
      throw new ApiError(
        "BadRequest",
        "ModuleNotFound",
        `The content of the module "${entry.path}" (sha256 ${entry.sha256}) is not on this deployment: push it with its source.`,
      );
    }
    modules.push({ path: entry.path, ...content });
  }
  return modules;
}
