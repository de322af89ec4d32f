import type { SignatureAlgorithm } from "../key_sets.ts";

/** Tokens whose signatures the thread is to verify. */
export interface Batch {
  readonly tokens: readonly string[];
  /** For each token the index of its key. */
  readonly keyOf: readonly number[];
  readonly keys: readonly { readonly algorithm: SignatureAlgorithm; readonly spki: string }[];
}

/** For each token of a batch: */
export const Verdict = {
  refused: 0,
  stands: 1,
  /** The thread could not say. */
  unknown: 2,
} as const;

/** Batches are answered in their order. */
export type Verdicts = Uint8Array;
