import type { Route } from "../http/index.ts";
import type { SigningKeys } from "../keys/signing_keys.ts";

/** Keys are asked for again at most this often: a rotation has to be seen while both keys are listed. */
const KEYS_MAX_AGE_SECONDS = 60;

/** Discovery and keys of the issuer (OpenID Connect Discovery 1.0, B §4.4). */
export function wellKnownRoutes(keys: SigningKeys): Route[] {
  const cached = [["cache-control", `public, max-age=${KEYS_MAX_AGE_SECONDS}`]] as const;
  return [
    {
      audience: "open",
      method: "GET",
      path: "/.well-known/openid-configuration",
      handle: ({ instance: { issuer } }) => ({
        headers: cached,
        json: {
          issuer,
          authorization_endpoint: `${issuer}/oauth/authorize`,
          jwks_uri: `${issuer}/.well-known/jwks.json`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          claims_supported: ["aud", "exp", "iat", "iss", "sub", "email", "email_verified", "name", "picture"],
        },
      }),
    },
    {
      audience: "open",
      method: "GET",
      path: "/.well-known/jwks.json",
      handle: async ({ instance }) => ({ headers: cached, json: await keys.jwks(instance.id) }),
    },
  ];
}
