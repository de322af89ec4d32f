import { expect, it } from "vitest";
import { parseAuthConfig } from "./auth_config.ts";

const codeOf = (...providers: unknown[]) => {
  try {
    return parseAuthConfig({ providers });
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it("providers come out as clients are told of them", () => {
  expect(
    parseAuthConfig({
      providers: [
        { domain: "clerk.example.com", applicationID: "convex" },
        { type: "oidc", domain: "http://localhost:3212", applicationID: "convex" },
        { type: "customJwt", issuer: "https://issuer.example.com/", jwks: "data:,", algorithm: "ES256" },
      ],
    }),
  ).toEqual([
    { domain: "https://clerk.example.com", applicationID: "convex" },
    { domain: "http://localhost:3212", applicationID: "convex" },
    {
      type: "customJwt",
      applicationID: null,
      issuer: "https://issuer.example.com/",
      jwks: "data:,",
      algorithm: "ES256",
    },
  ]);
});

it.each([
  [{ domain: "https://x.com", applicationId: "a" }, "AuthConfigNotMatchingSchemaError"],
  [{ domain: "https://x.com" }, "AuthConfigNotMatchingSchemaError"],
  [{ issuer: "https://x.com", applicationID: "a" }, "AuthConfigNotMatchingSchemaError"],
  [
    { type: "customJwt", domain: "https://x.com", jwks: "", algorithm: "RS256" },
    "AuthConfigNotMatchingSchemaError",
  ],
  [
    { type: "customJwt", issuer: "https://x.com", jwks: "", algorithm: "HS256" },
    "AuthConfigNotMatchingSchemaError",
  ],
  [{ type: "saml", domain: "https://x.com", applicationID: "a" }, "AuthConfigNotMatchingSchemaError"],
  ["https://x.com", "AuthConfigNotMatchingSchemaError"],
  [{ domain: "nowhere", applicationID: "a" }, "InvalidProviderDomainUrl"],
  [{ domain: '"https://x.com"', applicationID: "a" }, "InvalidProviderDomainUrl"],
  [{ domain: "ftp://x.com", applicationID: "a" }, "InvalidProviderDomainUrl"],
  [
    { type: "customJwt", issuer: "https://api.workos.com/", jwks: "", algorithm: "RS256" },
    "InsecureConfiguration",
  ],
])("%j is refused", (provider, code) => {
  expect(codeOf(provider)).toBe(code);
});
