import { ApiError } from "@tandem/protocol";

export type Claims = { readonly [name: string]: unknown };

/** A JSON Web Token (RFC 7519) taken apart; nothing about it is verified yet. */
export interface DecodedJwt {
  readonly header: Claims;
  readonly claims: Claims;
  /** The token itself. */
  readonly token: string;
}

/**
 * Base64url and dots (RFC 7515). Decoders read other letters each in a way of its own: what is verified has to be what
 * is read.
 */
const ALPHABET = /^[\w.-]+$/;

/** Throws `InvalidAuthHeader` (P §5.5) for anything that is not a signed JWT. */
export function decodeJwt(token: string): DecodedJwt {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const isJwt =
    first > 0 && second > first + 1 && second < token.length - 1 && !token.includes(".", second + 1);
  if (!isJwt || !ALPHABET.test(token)) {
    throw malformed();
  }
  return {
    header: decodeHeader(token.slice(0, first)),
    claims: jsonObject(token.slice(first + 1, second)),
    token,
  };
}

/** All tokens of one key have the same header; the last one's is at hand. */
let lastHeader: { readonly part: string; readonly header: Claims } | null = null;

function decodeHeader(part: string): Claims {
  if (lastHeader?.part !== part) {
    lastHeader = { part, header: jsonObject(part) };
  }
  return lastHeader.header;
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
