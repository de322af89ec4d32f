/** What tells the cookies of two instances on one host apart: the start of the key's SHA-1 (F §1.8). */
export async function cookieSuffix(publishableKey: string): Promise<string> {
  return btoa(String.fromCharCode(...(await sha1(publishableKey))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .slice(0, 8);
}

/** Pages without HTTPS have no `crypto.subtle`, and they alone need the code that stands in for it. */
async function sha1(text: string): Promise<Uint8Array> {
  return crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text)))
    : (await import("./sha1.ts")).sha1(text);
}
