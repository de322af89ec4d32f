import { ApiError } from "@tandem/protocol";

export type Claims = { readonly [name: string]: unknown };

/** A JSON Web Token (RFC 7519) taken apart; nothing about it is verified yet. */
export interface DecodedJwt {
  readonly header: Claims;
  readonly claims: Claims;
  /** What the signature covers. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Throws `InvalidAuthHeader` (P §5.5) for anything that is not a signed JWT. */
export function decodeJwt(token: string): DecodedJwt {
  const parts = token.split(".");
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) {
    throw malformed();
  }
  return {
    header: jsonObject(header),
    claims: jsonObject(payload),
    signed: `${header}.${payload}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

/** 401 `InvalidAuthHeader` with this text. */
export function invalidToken(message: string, cause?: unknown): ApiError {
  return new ApiError(
    "Unauthenticated",
    "InvalidAuthHeader",
    message,
    cause === undefined ? undefined : { cause },
  );
}

function jsonObject(part: string): Claims {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) {
      return json as Claims;
    }
  } catch (error) {
    throw malformed(error);
  }
  throw malformed();
}

function malformed(cause?: unknown): ApiError {
  return invalidToken(
    "Could not parse JWT payload. Check that the token is a valid JWT format with three base64-encoded parts separated by dots.",
    cause,
  );
}
