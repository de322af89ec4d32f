import type { JwtPayload, TokenResource } from "../types/session.ts";

/**
 * Reads a token. Its signature is for servers to check: a browser has nobody to
 * protect from it.
 *
 * @throws Error when it is not a JWT with numeric `iat` and `exp` (F §6.1)
 */
export function readToken(raw: string): TokenResource {
  const claims = decodeClaims(raw);
  if (typeof claims.exp !== "number" || typeof claims.iat !== "number") {
    throw new Error("The server's token has no iat or no exp, so that nobody can tell how long it is good.");
  }
  return { jwt: { claims: claims as JwtPayload, raw }, getRawString: () => raw };
}

function decodeClaims(raw: string): Record<string, unknown> {
  const [header, payload, signature] = raw.split(".");
  if (!header || !payload || !signature) {
    throw new Error("The server's token is not a JWT of three parts.");
  }
  const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}
