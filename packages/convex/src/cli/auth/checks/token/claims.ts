import type { DecodedToken } from "../../given_token.ts";

/** The claims of a token, unverified. */
export type Claims = DecodedToken["claims"];

/** The audiences of a token; `aud` may be one or many. */
export function audiencesOf({ aud }: Claims): readonly string[] {
  if (typeof aud === "string") return [aud];
  return Array.isArray(aud) ? aud.filter((audience) => typeof audience === "string") : [];
}
