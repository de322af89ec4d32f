import type { AuthInfo } from "@tandem/protocol";
import { type Finding, fault } from "../../finding.ts";
import type { DecodedToken } from "../../given_token.ts";
import { getTemplateToken } from "./remedy.ts";

/** Is it a token of the right type, signed in a way that the deployment verifies? */
export function checkHeader(header: DecodedToken["header"], provider: AuthInfo | undefined): Finding[] {
  const findings: Finding[] = [];
  const type = header.typ;
  const normal = typeof type === "string" ? type.toLowerCase().replace(/^application\//, "") : type;
  if (provider?.type !== "customJwt" && normal !== undefined && normal !== "jwt" && normal !== "jose") {
    findings.push(
      fault("token_type", `The token's type (\`typ\`) is ${JSON.stringify(type)}, not "JWT".`, {
        meaning: "It is a token for another purpose, such as an OAuth access token.",
        remedy: getTemplateToken,
      }),
    );
  }
  if (provider?.type !== "customJwt" && (header.cty !== undefined || header.crit !== undefined)) {
    findings.push(
      fault("token_header", "The token's header has `cty` or `crit`, which the deployment does not take.", {
        remedy: getTemplateToken,
      }),
    );
  }
  if (provider?.type === "customJwt" && typeof header.kid !== "string") {
    findings.push(
      fault("token_without_key_id", "The token's header has no key id (`kid`).", {
        meaning: "The deployment finds the key of a customJwt provider by it.",
        remedy: "Make the issuer put the id of its key into the header.",
      }),
    );
  }
  const allowed = provider?.type === "customJwt" ? [provider.algorithm] : ["RS256", "EdDSA"];
  if (typeof header.alg !== "string" || !allowed.includes(header.alg)) {
    findings.push(
      fault("token_algorithm", `The token is signed with ${JSON.stringify(header.alg ?? null)}.`, {
        meaning: `The deployment verifies ${allowed.join(" and ")} of this provider.`,
        remedy: "Turn a custom signing key of the JWT template off, or make the issuer sign with RS256.",
      }),
    );
  }
  return findings;
}
