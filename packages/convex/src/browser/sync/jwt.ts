/**
 * The claims of a JWT, unverified: good for planning when to renew it, never for
 * trusting it. `null` when the text is no JWT.
 */
export function decodeJwtClaims(token: string): Record<string, unknown> | null {
  try {
    const payload = token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/");
    // UTF-8 by way of percent-encoding, because React Native has no TextDecoder.
    return Object(JSON.parse(decodeURIComponent(escape(atob(payload)))));
  } catch {
    return null;
  }
}
