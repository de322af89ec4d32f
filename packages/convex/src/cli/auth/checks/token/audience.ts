import type { AuthInfo } from "@tandem/protocol";
import { type Finding, fault } from "../../finding.ts";
import { audiencesOf, type Claims } from "./claims.ts";
import { getTemplateToken } from "./remedy.ts";

/** Is the token made for this deployment, and for nobody else? */
export function checkAudience(
  deployed: readonly AuthInfo[],
  claims: Claims,
  provider: AuthInfo | undefined,
): Finding[] {
  const audiences = audiencesOf(claims);
  const wanted = provider?.applicationID ?? (provider === undefined ? deployed[0]?.applicationID : null);
  if (wanted === null || wanted === undefined) return [];
  const asks = `the applicationID ${JSON.stringify(wanted)}`;
  if (audiences.length === 0) {
    const isSessionToken = typeof claims.sid === "string";
    return [
      fault("token_without_audience", `The token has no audience (\`aud\`), but the provider has ${asks}.`, {
        meaning: isSessionToken
          ? "It is a session token, not one of the JWT template."
          : "The JWT template's claims have no `aud`.",
        remedy: isSessionToken ? getTemplateToken : `Add "aud": ${JSON.stringify(wanted)} to its claims.`,
      }),
    ];
  }
  if (!audiences.includes(wanted)) {
    return [
      fault(
        "token_audience",
        `The token is for ${JSON.stringify(claims.aud)}, but the provider has ${asks}.`,
        {
          meaning: "The deployment takes only tokens that are made for it.",
          remedy: `Make both the same: the claim \`aud\` of the JWT template and applicationID in auth.config.`,
        },
      ),
    ];
  }
  if (audiences.some((audience) => audience !== wanted) && provider?.type !== "customJwt") {
    return [
      fault("token_several_audiences", `The token has several audiences: ${JSON.stringify(claims.aud)}.`, {
        meaning: "The deployment refuses tokens of an OpenID Connect provider that are for others as well.",
        remedy: `Make \`aud\` in the JWT template just ${JSON.stringify(wanted)}.`,
      }),
    ];
  }
  return [];
}
