import type { AuthInfo } from "@tandem/protocol";
import { type Finding, fault } from "../../finding.ts";
import { describeProvider, isIssuerOf } from "../../provider.ts";
import type { Claims } from "./claims.ts";
import { getTemplateToken } from "./remedy.ts";

/** Is the token's issuer one that the deployment trusts? */
export function checkIssuer(deployed: readonly AuthInfo[], { iss }: Claims): Finding[] {
  if (typeof iss !== "string") {
    return [
      fault("token_without_issuer", "The token names no issuer (`iss`).", { remedy: getTemplateToken }),
    ];
  }
  if (deployed.some((provider) => isIssuerOf(provider, iss))) {
    if (/^https?:\/\//.test(iss)) return [];
    return [
      fault("token_issuer_scheme", `The token's issuer, ${iss}, has no scheme.`, {
        meaning: "The deployment cannot fetch keys from it.",
        remedy: "Make the issuer put its whole address, with https://, into `iss`.",
      }),
    ];
  }
  const trusted =
    deployed.length === 0 ? "none" : deployed.map((provider) => describeProvider(provider)).join(", ");
  return [
    fault("token_issuer", `The token is of the issuer ${iss}, which the deployment does not trust.`, {
      meaning: `It trusts ${trusted}. The app uses the publishable key of another instance, or auth.config has the wrong domain.`,
      remedy:
        "Set the domain in auth.config to the token's issuer, or the publishable key to the provider's.",
    }),
  ];
}
