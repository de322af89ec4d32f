import { ApiError, type AuthInfo } from "@tandem/protocol";
import { type Claims, invalidToken } from "./jwt.ts";

export function isCustomJwt(provider: AuthInfo): provider is Extract<AuthInfo, { type: "customJwt" }> {
  return "type" in provider && provider.type === "customJwt";
}

/** The address a provider is configured with, the `iss` of its tokens up to a slash at the end. */
export function providerIssuer(provider: AuthInfo): string {
  return isCustomJwt(provider) ? provider.issuer : provider.domain;
}

/** Equal up to slashes at the end; an issuer without a scheme means https (P §5.2). */
export function sameIssuer(configured: string, issuer: string): boolean {
  const withScheme = /^https?:\/\//.test(issuer) ? issuer : `https://${issuer}`;
  return trimSlashes(configured) === trimSlashes(withScheme);
}

function trimSlashes(url: string): string {
  return url.replace(/\/+$/, "");
}

/** The token's audiences; `aud` may be one or many. */
export function audiencesOf(claims: Claims): readonly string[] {
  const { aud } = claims;
  if (typeof aud === "string") {
    return [aud];
  }
  return Array.isArray(aud) ? aud.filter((audience) => typeof audience === "string") : [];
}

/**
 * The first provider, in the order of auth.config.ts, whose issuer and audience the (unverified) token names.
 * Throws `NoAuthProvider` when there is none (P §5.2); a redacted deployment keeps its providers to itself.
 */
export function selectProvider(providers: readonly AuthInfo[], claims: Claims, redact: boolean): AuthInfo {
  const { iss } = claims;
  if (typeof iss !== "string") {
    throw invalidToken(
      "Missing issuer claim ('iss') in JWT payload. The token must say who issued it, as auth.config.ts has it.",
    );
  }
  const audiences = audiencesOf(claims);
  const found = providers.find(
    (provider) =>
      (provider.applicationID === null ||
        provider.applicationID === undefined ||
        audiences.includes(provider.applicationID)) &&
      sameIssuer(providerIssuer(provider), iss),
  );
  if (found === undefined) {
    throw new ApiError("Unauthenticated", "NoAuthProvider", noProviderText(providers, redact));
  }
  return found;
}

function noProviderText(providers: readonly AuthInfo[], redact: boolean): string {
  const text = "No auth provider found matching the given token";
  if (redact) {
    return text;
  }
  if (providers.length === 0) {
    return `${text} (no providers configured). Check convex/auth.config.ts.`;
  }
  const shown = providers.map((provider) =>
    isCustomJwt(provider)
      ? `CustomJWT(issuer=${provider.issuer}, app_id=${provider.applicationID ?? "none"})`
      : `OIDC(domain=${provider.domain}, app_id=${provider.applicationID})`,
  );
  return (
    `${text}. Check that your JWT's issuer and audience match one of your configured providers: ` +
    `[${shown.join(", ")}]`
  );
}
