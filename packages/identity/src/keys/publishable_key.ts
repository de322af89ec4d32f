import type { Environment } from "../store/index.ts";

/**
 * The publishable key of an instance (F §1.1): says where its Frontend API is, and nothing secret.
 * `frontendApi` is a host, with its port when it has one.
 */
export function publishableKey(environment: Environment, frontendApi: string): string {
  const kind = environment === "production" ? "live" : "test";
  return `pk_${kind}_${Buffer.from(`${frontendApi}$`).toString("base64")}`;
}

/** First 8 characters of the key's SHA-1 in base64url: the suffix of this instance's cookies (F §1.8). */
export async function cookieSuffix(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(key));
  return Buffer.from(digest).toString("base64url").slice(0, 8);
}
