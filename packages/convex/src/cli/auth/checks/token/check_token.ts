import type { AuthInfo } from "@tandem/protocol";
import type { Examination } from "../../examination.ts";
import { type Finding, fault, good } from "../../finding.ts";
import { type DecodedToken, decodeToken } from "../../given_token.ts";
import { isIssuerOf } from "../../provider.ts";
import { askDeployment } from "./ask_deployment.ts";
import { checkAudience } from "./audience.ts";
import { audiencesOf, type Claims } from "./claims.ts";
import { checkHeader } from "./header.ts";
import { checkIssuer } from "./issuer.ts";
import { getTemplateToken } from "./remedy.ts";
import { checkTimes } from "./times.ts";

/** Is this token one that the deployment accepts, and if not, why? Ends with the deployment's own word. */
export async function checkToken(examination: Examination, token: string): Promise<Finding[]> {
  const decoded = decodeToken(token);
  const own = decoded === undefined ? [notAToken(token)] : judge(examination, decoded);
  return [...own, await askDeployment(examination, token)];
}

function judge(examination: Examination, { header, claims }: DecodedToken): Finding[] {
  const { deployed, deploymentClock } = examination;
  const provider = chooseProvider(deployed, claims);
  const faults = [
    ...checkIssuer(deployed, claims),
    ...checkAudience(deployed, claims, provider),
    ...checkHeader(header, provider),
    ...checkTimes(claims, provider, deploymentClock, examination.reach.now()),
    ...checkSubject(claims),
  ];
  if (faults.length > 0) return faults;
  return [
    good(
      "token_fits",
      `The token is of ${String(claims.iss)} for ${JSON.stringify(claims.aud ?? null)}, and matches a provider.`,
    ),
  ];
}

/** The one that the deployment would take: the first whose issuer and audience the token names (P §5.2). */
function chooseProvider(deployed: readonly AuthInfo[], claims: Claims): AuthInfo | undefined {
  const { iss } = claims;
  if (typeof iss !== "string") return undefined;
  const ofIssuer = deployed.filter((provider) => isIssuerOf(provider, iss));
  const audiences = audiencesOf(claims);
  return (
    ofIssuer.find(
      ({ applicationID }) => (applicationID ?? null) === null || audiences.includes(applicationID as string),
    ) ?? ofIssuer[0]
  );
}

function checkSubject({ sub }: Claims): Finding[] {
  return typeof sub === "string"
    ? []
    : [fault("token_without_subject", "The token names no user (`sub`).", { remedy: getTemplateToken })];
}

function notAToken(token: string): Finding {
  const kinds: readonly [RegExp, string][] = [
    [/^sk_/, "a secret key"],
    [/^pk_/, "a publishable key"],
    [/^sess_/, "the id of a session"],
    [/^[\w-]*(?:\.[\w-]*){4}$/, "an encrypted token, or something with five parts"],
  ];
  const kind = kinds.find(([pattern]) => pattern.test(token))?.[1];
  return fault(
    "token_not_jwt",
    `What was given is no signed JWT${kind === undefined ? "" : `: it is ${kind}`}.`,
    { meaning: "A JWT has three parts in base64url with dots between them.", remedy: getTemplateToken },
  );
}
