import { ApiError, type AuthInfo } from "@tandem/protocol";

/** Domains of WorkOS, whose tokens of all applications have one issuer. */
const SHARED_ISSUERS = /(^|\.)(workos\.com|authkit\.app)$/;

/**
 * The providers that an evaluated `auth.config.ts` names (P §5.1, R §4.4). Throws
 * `AuthConfigNotMatchingSchemaError`, `InvalidProviderDomainUrl` or `InsecureConfiguration`.
 */
export function parseAuthConfig(config: unknown): AuthInfo[] {
  const providers = isRecord(config) ? config.providers : undefined;
  if (!Array.isArray(providers)) {
    throw mismatch(
      `its default export must be an object with a list \`providers\`, got ${JSON.stringify(config)}`,
    );
  }
  return providers.map(parseProvider);
}

function parseProvider(provider: unknown, position: number): AuthInfo {
  const where = `providers[${position}]`;
  if (!isRecord(provider)) throw mismatch(`${where} must be an object, got ${JSON.stringify(provider)}`);
  for (const name of Object.keys(provider)) {
    if (name !== "applicationID" && name.toLowerCase() === "applicationid") {
      throw mismatch(`${where} has \`${name}\`: it is written \`applicationID\``);
    }
  }
  if (provider.type === "customJwt") {
    allowOnly(provider, where, ["type", "issuer", "jwks", "algorithm", "applicationID"]);
    const algorithm = text(provider, "algorithm", where);
    if (algorithm !== "RS256" && algorithm !== "ES256") {
      throw mismatch(`${where}.algorithm is "${algorithm}": give "RS256" or "ES256"`);
    }
    const applicationID = provider.applicationID ?? null;
    if (applicationID !== null && typeof applicationID !== "string") {
      throw mismatch(`${where}.applicationID must be a string, got ${JSON.stringify(applicationID)}`);
    }
    const issuer = issuerUrl(text(provider, "issuer", where), `${where}.issuer`);
    const jwks = text(provider, "jwks", where);
    checkShared(issuer, applicationID, where);
    return { type: "customJwt", applicationID, issuer, jwks, algorithm };
  }
  if (provider.type !== undefined && provider.type !== null && provider.type !== "oidc") {
    throw mismatch(
      `${where}.type is ${JSON.stringify(provider.type)}: leave it out for OpenID Connect, or give "customJwt"`,
    );
  }
  allowOnly(provider, where, ["type", "domain", "applicationID"]);
  const applicationID = text(provider, "applicationID", where);
  const domain = issuerUrl(text(provider, "domain", where), `${where}.domain`);
  checkShared(domain, applicationID, where);
  return { applicationID, domain };
}

function allowOnly(provider: Record<string, unknown>, where: string, names: readonly string[]): void {
  for (const name of Object.keys(provider)) {
    if (!names.includes(name)) {
      throw mismatch(`${where} has a field \`${name}\`, which is not one of ${names.join(", ")}`);
    }
  }
}

function text(provider: Record<string, unknown>, name: string, where: string): string {
  const value = provider[name];
  if (typeof value === "string") return value;
  throw mismatch(
    value === undefined
      ? `${where} lacks \`${name}\``
      : `${where}.${name} must be a string, got ${JSON.stringify(value)}`,
  );
}

/** An issuer as a URL: `https://` is put before a bare host. */
function issuerUrl(given: string, where: string): string {
  const refuse = (why: string) =>
    new ApiError(
      "BadRequest",
      "InvalidProviderDomainUrl",
      `Invalid provider domain URL "${given}" (${where}): ${why}.`,
    );
  if (given.startsWith('"')) throw refuse("it begins with a quotation mark");
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(given);
  const url = hasScheme ? given : `https://${given}`;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (error) {
    throw new ApiError("BadRequest", "InvalidProviderDomainUrl", refuse("it is no URL").message, {
      cause: error,
    });
  }
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:")
    throw refuse("its scheme must be https or http");
  if (!hasScheme && parsed.hostname !== "localhost" && !/\.[a-z]{2,}$/i.test(parsed.hostname)) {
    throw refuse("a host without a scheme must be localhost or end with a top-level domain");
  }
  return url;
}

function checkShared(issuer: string, applicationID: string | null, where: string): void {
  if (applicationID === null && SHARED_ISSUERS.test(new URL(issuer).hostname)) {
    throw new ApiError(
      "BadRequest",
      "InsecureConfiguration",
      `${where} accepts the tokens of every application of ${issuer}: give its applicationID.`,
    );
  }
}

function mismatch(what: string): ApiError {
  return new ApiError("BadRequest", "AuthConfigNotMatchingSchemaError", `Invalid auth.config.ts: ${what}.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
