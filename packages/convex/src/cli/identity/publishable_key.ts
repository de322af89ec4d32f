/**
 * The host that a publishable key names (F §1.1), or undefined for what is none: `pk_test_` or `pk_live_` and the
 * base64 of the host and a dollar sign.
 */
export function hostOfPublishableKey(key: string): string | undefined {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/]+=*)$/.exec(key)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  return /^[^$\s]*\.[^$\s]*\$$/.test(decoded) ? decoded.slice(0, -1) : undefined;
}

/** Is this a key of an instance on this machine, or a placeholder such as guides print? Then it may be replaced. */
export function isReplaceableKey(key: string): boolean {
  const host = hostOfPublishableKey(key);
  return host === undefined || /^(?:127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}
