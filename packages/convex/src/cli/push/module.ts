import { createHash } from "node:crypto";
import type { ModuleConfig } from "@tandem/protocol";

/** A bundled module as it is pushed: its path is relative to the functions folder (R §4.4). */
export type BundledModule = Readonly<ModuleConfig>;

/** SHA-256 in hex over source and source map, by which a deployment knows a module again (R §4.3). */
export function moduleHash(module: BundledModule): string {
  return createHash("sha256")
    .update(module.source)
    .update(module.sourceMap ?? "")
    .digest("hex");
}
