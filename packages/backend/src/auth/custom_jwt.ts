import type { AuthInfo } from "@tandem/protocol";
import { DocumentError, type FetchedDocument, type ProviderDocuments } from "./documents.ts";
import { type DecodedJwt, invalidToken } from "./jwt.ts";
import { isKeySetType, type ProviderKey, parseKeySet } from "./key_sets.ts";
import { audiencesOf, sameIssuer } from "./providers.ts";
import { readOnce } from "./read_once.ts";
import type { Signatures } from "./signatures/signatures.ts";

/** Clocks may differ by so much (P §5.4). */
const LEEWAY_SECONDS = 5;
const KEY_REFETCH_MILLISECONDS = 5000;

type CustomJwtProvider = Extract<AuthInfo, { type: "customJwt" }>;

/** Verifies a token of a `customJwt` provider (P §5.4). `now` in milliseconds. Throws `InvalidAuthHeader`. */
export async function verifyCustomJwt(
  jwt: DecodedJwt,
  provider: CustomJwtProvider,
  documents: ProviderDocuments,
  signatures: Signatures,
  now: number,
  redact: boolean,
): Promise<void> {
  const { header, claims } = jwt;
  if (typeof header.kid !== "string") {
    throw invalidToken("Could not decode token. JWT may be missing a 'kid' (key ID) header.");
  }
  const fits = (key: ProviderKey) =>
    key.kid === header.kid &&
    header.alg === provider.algorithm &&
    key.algorithm === provider.algorithm &&
    (key.alg === null || key.alg === provider.algorithm);
  let { keys, fetchedAt } = await keySet(provider, documents);
  if (!keys.some((key) => key.kid === header.kid) && now - fetchedAt > KEY_REFETCH_MILLISECONDS) {
    ({ keys, fetchedAt } = await keySet(provider, documents, fetchedAt));
  }
  const key = keys.find(fits);
  if (key === undefined || !(await signatures.stands(jwt.token, key))) {
    const kid = redact ? "" : ` is '${header.kid}'`;
    throw invalidToken(
      `Could not decode token. The JWT's 'kid' (key ID) header${kid}, does this key match any key in the provider's JWKS?`,
    );
  }
  checkClaims(jwt, provider, now);
  if (typeof claims.sub !== "string") {
    throw invalidToken("Could not validate token: missing subject claim ('sub').");
  }
}

function checkClaims({ claims }: DecodedJwt, provider: CustomJwtProvider, now: number): void {
  const issuer = claims.iss as string;
  if (!sameIssuer(provider.issuer, issuer)) {
    throw invalidToken(`Invalid issuer: ${issuer} != ${provider.issuer}`);
  }
  if (provider.applicationID !== null && provider.applicationID !== undefined) {
    if (claims.aud === undefined) {
      throw invalidToken("Missing audience claim ('aud') in JWT payload, which auth.config.ts asks for.");
    }
    if (!audiencesOf(claims).includes(provider.applicationID)) {
      throw invalidToken(
        `Invalid audience: ${JSON.stringify(claims.aud)} does not hold ${provider.applicationID}`,
      );
    }
  }
  const seconds = now / 1000;
  if (typeof claims.exp !== "number") {
    throw invalidToken("Could not validate token: missing expiry claim ('exp').");
  }
  if (claims.exp + LEEWAY_SECONDS < seconds) {
    throw invalidToken("Could not validate token: it has expired.");
  }
  if (typeof claims.nbf === "number" && claims.nbf > seconds + LEEWAY_SECONDS) {
    throw invalidToken("Could not validate token: it is not valid yet ('nbf').");
  }
  if (typeof claims.iat === "number" && claims.iat > seconds + LEEWAY_SECONDS) {
    throw invalidToken("Could not validate token: it was issued in the future ('iat'). Check the clocks.");
  }
}

interface KeySet {
  readonly keys: readonly ProviderKey[];
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/** Key sets that are written in auth.config.ts itself. A push makes new providers. */
const givenKeySets = new WeakMap<CustomJwtProvider, KeySet>();

async function keySet(
  provider: CustomJwtProvider,
  documents: ProviderDocuments,
  newerThan?: number,
): Promise<KeySet> {
  const url = provider.jwks;
  if (url.startsWith("data:")) {
    let given = givenKeySets.get(provider);
    if (given === undefined) {
      given = { keys: keysInDataUrl(url), fetchedAt: Number.POSITIVE_INFINITY };
      givenKeySets.set(provider, given);
    }
    return given;
  }
  const document = await documents.get(url, newerThan).catch((error) => {
    if (!(error instanceof DocumentError)) {
      throw error;
    }
    const why =
      error.fault.kind === "status" ? `HTTP ${error.fault.status} ${error.fault.body}` : error.fault.reason;
    throw invalidToken(`Could not fetch JWKS from URL '${url}': ${why}`, error);
  });
  if (!isUtf8KeySet(document)) {
    throw invalidToken(
      `Invalid Content-Type '${document.contentType}' of the JWKS at '${url}'. It must be application/json or application/jwk-set+json in UTF-8.`,
    );
  }
  try {
    return { keys: readKeys(document), fetchedAt: document.fetchedAt };
  } catch (error) {
    throw invalidToken(`Invalid JWKS response body from '${url}': ${(error as Error).message}`, error);
  }
}

const isUtf8KeySet = readOnce(({ contentType }: FetchedDocument) => {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
  return isKeySetType(contentType) && charset === "utf-8";
});

const readKeys = readOnce(({ text }: FetchedDocument): readonly ProviderKey[] => parseKeySet(text));

function keysInDataUrl(url: string): readonly ProviderKey[] {
  try {
    return parseKeySet(dataOf(url));
  } catch (error) {
    throw invalidToken(`Invalid JWKS data URL: ${(error as Error).message}`, error);
  }
}

/** The text inside a data URL (RFC 2397). */
function dataOf(url: string): string {
  const comma = url.indexOf(",");
  if (comma === -1) {
    throw new Error("it has no comma before its data");
  }
  const data = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(";base64")
    ? Buffer.from(decodeURIComponent(data), "base64").toString("utf8")
    : decodeURIComponent(data);
}
