import { sha1 } from "./sha1.ts";

/** What tells the cookies of two instances on one host apart (F §1.8). */
export function cookieSuffix(publishableKey: string): string {
  return btoa(String.fromCharCode(...sha1(publishableKey)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .slice(0, 8);
}
