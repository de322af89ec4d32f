import type { AuthInfo } from "@tandem/protocol";

/** The address that the tokens of a provider name as their issuer. */
export function issuerOf(provider: AuthInfo): string {
  return provider.type === "customJwt" ? provider.issuer : provider.domain;
}

/** A provider in a few words. */
export function describeProvider(provider: AuthInfo): string {
  return `${issuerOf(provider)} (applicationID ${provider.applicationID ?? "none"})`;
}

/** Does a token of this issuer belong to the provider, up to its audience (P §5.2)? */
export function isIssuerOf(provider: AuthInfo, issuer: string): boolean {
  const withScheme = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  return trimSlashes(issuerOf(provider)) === trimSlashes(withScheme);
}

/** An address without slashes at its end. */
export function trimSlashes(address: string): string {
  return address.replace(/\/+$/, "");
}

/** Equal in everything that decides about a token. */
export function isSameProvider(one: AuthInfo, other: AuthInfo): boolean {
  return fingerprint(one) === fingerprint(other);
}

/** Host and port of an address, or undefined for what is none. */
export function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

function fingerprint(provider: AuthInfo): string {
  return JSON.stringify(
    provider.type === "customJwt"
      ? ["customJwt", provider.issuer, provider.applicationID ?? null, provider.jwks, provider.algorithm]
      : ["oidc", provider.domain, provider.applicationID],
  );
}
