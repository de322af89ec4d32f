import type { CookieJar } from "./jar.ts";

const PROBE = "__clerk_test_etld";

/**
 * The registrable domain of a host, found without a list of public suffixes: the
 * shortest parent that the browser lets a cookie be set for (F §1.8). A host that
 * has none, like an address or a single name, is given back as it is.
 */
export function siteOf(hostname: string, jar: CookieJar): string {
  const labels = hostname.split(".");
  if (labels.length < 2 || /^[\d.]+$|^\[/.test(hostname)) {
    return hostname;
  }
  for (let first = labels.length - 2; first >= 0; first--) {
    const domain = labels.slice(first).join(".");
    const attributes = { domain, sameSite: "Lax", secure: false } as const;
    jar.set(PROBE, "1", attributes);
    const accepted = jar.get(PROBE) !== undefined;
    jar.remove(PROBE, attributes);
    if (accepted) {
      return domain;
    }
  }
  return hostname;
}
