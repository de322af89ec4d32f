import type { Disk } from "@tandem/engine";
import type { SourceChange } from "@tandem/engine/simulation";
import type { StartOptions } from "../testing/start_identity.ts";
import type { Target } from "./target.ts";

/** Something an attacker may try, and what keeps them from it. */
export interface Threat {
  /** What the attacker does, and wants. */
  readonly name: string;
  /**
   * What keeps them out, each with what is left when it is taken away. Where several guards cover one hole they are
   * taken away together: each of them alone would keep the attacker out.
   */
  readonly guards: readonly SourceChange[];
  /** How the server is set up that is attacked. */
  readonly options?: StartOptions;
  /** What stands where its disk would; by default one that takes no time. */
  readonly disk?: Disk;
  /** True: the attacker got what they wanted. */
  attempt(target: Target): Promise<boolean>;
}

/** A guard in a source file of this package: `path` from `src/`. */
export function guard(path: string, find: string, replace: string): SourceChange {
  return { file: new URL(`../${path}`, import.meta.url), find, replace };
}
