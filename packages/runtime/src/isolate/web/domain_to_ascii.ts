import { callHost } from "./bridge.ts";

/**
 * Stands for the package `tr46` in the realm script: its table would be a fifth of the snapshot, and names that
 * are not ASCII are rare. The host knows the answer (`domainToASCII` of `node:url`).
 */
export function toASCII(domain: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the question.
  if (/^[\x00-\x7f]*$/.test(domain) && !/xn--/i.test(domain)) return domain.toLowerCase();
  return callHost("domain", domain) || null;
}
