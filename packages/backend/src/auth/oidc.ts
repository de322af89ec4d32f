import { ApiError, type ErrorKind } from "@tandem/protocol";
import { DocumentError, type FetchedDocument, type ProviderDocuments } from "./documents.ts";
import { type DecodedJwt, invalidToken } from "./jwt.ts";
import { isKeySetType, type ProviderKey, parseKeySet } from "./key_sets.ts";
import { audiencesOf } from "./providers.ts";
import { readOnce } from "./read_once.ts";
import type { Signatures } from "./signatures/signatures.ts";

const ALGORITHMS = new Set(["RS256", "EdDSA"]);
const TOKEN_TYPES = new Set(["jwt", "jose", "application/jwt", "application/jose"]);
/** An unknown key makes us ask the provider again, but not more often than this. */
const KEY_REFETCH_MILLISECONDS = 5000;

/**
 * Verifies an OpenID Connect ID token (P §5.3): signature by a key of the issuer's discovery document, issuer,
 * audience, expiry. `now` in milliseconds. Throws `ApiError`.
 */
export async function verifyOidcToken(
  jwt: DecodedJwt,
  applicationID: string,
  documents: ProviderDocuments,
  signatures: Signatures,
  now: number,
): Promise<void> {
  const { header, claims } = jwt;
  if (typeof claims.sub !== "string" || typeof claims.exp !== "number" || typeof claims.iat !== "number") {
    throw notOidc();
  }
  const type = typeof header.typ === "string" ? header.typ.toLowerCase() : "jwt";
  if (!TOKEN_TYPES.has(type) || header.cty !== undefined || header.crit !== undefined) {
    throw notOidc();
  }
  if (typeof header.alg !== "string" || !ALGORITHMS.has(header.alg)) {
    throw refused();
  }
  const issuer = claims.iss as string;
  const discovery = await discover(issuer, documents);
  let { keys, fetchedAt } = await keysAt(issuer, discovery.jwksUri, documents);
  if (candidates(keys, jwt).length === 0 && now - fetchedAt > KEY_REFETCH_MILLISECONDS) {
    ({ keys, fetchedAt } = await keysAt(issuer, discovery.jwksUri, documents, fetchedAt));
  }
  const matching = candidates(keys, jwt);
  if (matching.length !== 1) {
    throw refused();
  }
  const audiences = audiencesOf(claims);
  if (audiences.length === 0 || audiences.some((audience) => audience !== applicationID)) {
    throw refused();
  }
  if (Math.floor(now / 1000) >= claims.exp) {
    throw refused();
  }
  if (!(await signatures.stands(jwt.token, matching[0]!))) {
    throw refused();
  }
}

function candidates(keys: readonly ProviderKey[], { header }: DecodedJwt): readonly ProviderKey[] {
  return keys.filter(
    (key) =>
      key.algorithm === header.alg &&
      (key.alg === null || key.alg === header.alg) &&
      (header.kid === undefined || key.kid === header.kid),
  );
}

async function discover(issuer: string, documents: ProviderDocuments): Promise<{ jwksUri: string }> {
  const url = `${issuer}${issuer.endsWith("/") ? "" : "/"}.well-known/openid-configuration`;
  const fetched = documents.kept(url) ?? (await fetchDocument(issuer, url, documents));
  try {
    const document = readDiscovery(fetched);
    if (document.issuer !== issuer) {
      throw new Error(
        `names the issuer ${document.issuer}, the token names ${issuer}; they must be equal to the letter`,
      );
    }
    return document;
  } catch (error) {
    throw discoveryFailed(issuer, "BadRequest", `: ${url} ${(error as Error).message}`);
  }
}

/** Throws what is wrong with the document, as the end of a sentence. */
const readDiscovery = readOnce(({ contentType, text }: FetchedDocument) => {
  if (contentType.split(";")[0]!.trim().toLowerCase() !== "application/json") {
    throw new Error(`has the content type "${contentType}" instead of application/json`);
  }
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON (${(error as Error).message})`);
  }
  for (const field of ["issuer", "authorization_endpoint", "jwks_uri"]) {
    if (typeof document[field] !== "string") {
      throw new Error(`lacks \`${field}\``);
    }
  }
  for (const field of [
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
  ]) {
    if (!Array.isArray(document[field])) {
      throw new Error(`lacks \`${field}\``);
    }
  }
  return { issuer: document.issuer as string, jwksUri: document.jwks_uri as string };
});

async function keysAt(
  issuer: string,
  url: string,
  documents: ProviderDocuments,
  newerThan?: number,
): Promise<{ keys: readonly ProviderKey[]; fetchedAt: number }> {
  const kept = newerThan === undefined ? documents.kept(url) : null;
  const document = kept ?? (await fetchDocument(issuer, url, documents, newerThan));
  try {
    return { keys: readKeys(document), fetchedAt: document.fetchedAt };
  } catch (error) {
    throw discoveryFailed(issuer, "BadRequest", `: the keys at ${url} ${(error as Error).message}`);
  }
}

/** Throws what is wrong with the document, as the end of a sentence. */
const readKeys = readOnce(({ contentType, text }: FetchedDocument): readonly ProviderKey[] => {
  if (!isKeySetType(contentType)) {
    throw new Error(`have the content type "${contentType}"`);
  }
  try {
    return parseKeySet(text);
  } catch (error) {
    throw new Error(`cannot be read: ${(error as Error).message}`);
  }
});

function fetchDocument(
  issuer: string,
  url: string,
  documents: ProviderDocuments,
  newerThan?: number,
): Promise<FetchedDocument> {
  return documents.get(url, newerThan).catch((error) => {
    throw fetchFailed(issuer, error);
  });
}

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: "Unauthenticated",
  403: "Forbidden",
  404: "NotFound",
  421: "MisdirectedRequest",
  425: "TooEarly",
  429: "RateLimited",
};

function fetchFailed(issuer: string, error: unknown): ApiError {
  if (!(error instanceof DocumentError)) {
    throw error;
  }
  const { fault, url } = error;
  if (fault.kind === "unreachable") {
    return discoveryFailed(issuer, "BadRequest", `: could not reach ${url}: ${fault.reason}`);
  }
  const kind = KIND_OF_STATUS[fault.status] ?? (fault.status >= 500 ? "Overloaded" : "BadRequest");
  return discoveryFailed(issuer, kind, `: ${url} answered ${fault.status} ${fault.body}`);
}

function discoveryFailed(issuer: string, kind: ErrorKind, detail: string): ApiError {
  return new ApiError(
    kind,
    "AuthProviderDiscoveryFailed",
    `Auth provider discovery of ${issuer} failed${detail}`,
  );
}

function refused(): ApiError {
  return new ApiError(
    "Unauthenticated",
    "Unauthenticated",
    "Could not verify OIDC token claim. Check that the token signature is valid and the token hasn't expired.",
  );
}

function notOidc(): ApiError {
  return invalidToken("Could not parse as OIDC ID token. Token might not be an OIDC-compliant JWT.");
}
