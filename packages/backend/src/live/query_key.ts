import type { Identity } from "@tandem/runtime";

/** A query as clients ask for it; two that are equal in all parts share one run and one result. */
export interface LiveQueryKey {
  /** As the client named it; the run makes it canonical. */
  readonly path: string;
  /** JSON text of the arguments object. */
  readonly args: string;
  readonly journal: string | null;
  /** Internal and system functions are open to admins only, whose results are theirs alone. */
  readonly internal: boolean;
  /** Empty for the app itself. */
  readonly componentPath: string;
}

/** The key of everything but the caller: results that never asked who calls are shared across callers. */
export function queryKeyText(query: LiveQueryKey): string {
  return `${query.internal ? "i" : "p"}${query.componentPath}/${query.path}\n${query.journal ?? ""}\n${query.args}`;
}

const identityTexts = new WeakMap<object, string>();

/** The part of the key that tells callers apart: the attributes, not the token (P §5.6). */
export function identityKeyText(identity: Identity): string {
  if (identity === null) {
    return "";
  }
  let text = identityTexts.get(identity);
  if (text === undefined) {
    text = JSON.stringify(identity);
    identityTexts.set(identity, text);
  }
  return text;
}
