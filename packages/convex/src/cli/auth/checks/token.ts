import type { AuthInfo } from "@tandem/protocol";
import type { ClockReading } from "../clock_reading.ts";
import type { Examination } from "../examination.ts";
import { fetchText, jsonObject } from "../fetched.ts";
import { type Finding, fault, good, warning } from "../finding.ts";
import { type DecodedToken, decodeToken } from "../given_token.ts";
import { describeProvider, isIssuerOf } from "../provider.ts";

const getTemplateToken = 'Get the token with getToken({ template: "convex" }).';

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
function chooseProvider(deployed: readonly AuthInfo[], claims: DecodedToken["claims"]): AuthInfo | undefined {
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

function checkIssuer(deployed: readonly AuthInfo[], { iss }: DecodedToken["claims"]): Finding[] {
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

function checkAudience(
  deployed: readonly AuthInfo[],
  claims: DecodedToken["claims"],
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

function checkHeader(header: DecodedToken["header"], provider: AuthInfo | undefined): Finding[] {
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

function checkTimes(
  { exp, nbf, iat }: DecodedToken["claims"],
  provider: AuthInfo | undefined,
  clock: ClockReading | undefined,
  here: number,
): Finding[] {
  const earliest = (here + (clock?.least ?? 0)) / 1000;
  const latest = (here + (clock?.most ?? 0)) / 1000;
  const by = `by the deployment's clock`;
  if (typeof exp !== "number" || typeof iat !== "number") {
    return [
      fault("token_without_times", "The token does not say when it was issued and expires (`iat`, `exp`).", {
        remedy: getTemplateToken,
      }),
    ];
  }
  if (earliest >= exp) {
    return [
      fault("token_expired", `The token has expired ${duration(earliest - exp)} ago, ${by}.`, {
        meaning: "Tokens of a session live for about a minute.",
        remedy: "Copy a fresh one. If it is fresh, set the clocks right.",
      }),
    ];
  }
  const begins = Math.max(typeof nbf === "number" ? nbf : 0, iat);
  if (begins > latest) {
    const text = `The token becomes valid only in ${duration(begins - latest)}, ${by}.`;
    const remedy = "Let the machine whose time is wrong set its clock by the network (NTP).";
    // Of an OpenID Connect token only the expiry counts (P §5.3); others may be 5 s early (P §5.4).
    const isRefused = provider?.type === "customJwt" && begins - latest > 5;
    return [
      isRefused
        ? fault("token_not_yet_valid", text, { meaning: "The deployment refuses it until then.", remedy })
        : warning("token_not_yet_valid", text, {
            meaning: "The deployment takes it all the same, but the issuer's clock is ahead of its own.",
            remedy,
          }),
    ];
  }
  if (exp - iat <= 2) {
    return [
      fault("token_short_lived", `The token lives for ${exp - iat} s.`, {
        meaning: "The client takes only tokens that live for more than 2 s.",
        remedy: "Raise the lifetime of the JWT template; 60 s is usual.",
      }),
    ];
  }
  return [];
}

function checkSubject({ sub }: DecodedToken["claims"]): Finding[] {
  return typeof sub === "string"
    ? []
    : [fault("token_without_subject", "The token names no user (`sub`).", { remedy: getTemplateToken })];
}

/** Sends the token with a batch of no queries: the deployment verifies it, and does nothing. */
async function askDeployment({ deployment, reach }: Examination, token: string): Promise<Finding> {
  const isSendable = /^[\x21-\x7e]+$/.test(token);
  if (!isSendable) {
    return fault(
      "token_not_sent",
      "The token holds characters that no header can carry, so it was not sent.",
      {
        remedy: getTemplateToken,
      },
    );
  }
  const answer = await fetchText(reach, `${deployment.url}/api/query_batch`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ queries: [] }),
    redirect: "error",
  });
  if (answer.type === "unreachable") {
    return fault("deployment_unreachable", `${deployment.url} cannot be asked: ${answer.reason}.`, {
      remedy: "Check that the deployment is running, and try again.",
    });
  }
  if (answer.status === 200) return good("token_accepted", "The deployment accepts the token.");
  const said = jsonObject(answer.text)?.message;
  const text = typeof said === "string" ? said : `status ${answer.status}`;
  return fault("token_refused", `The deployment refuses the token: ${text}`, {
    remedy: "Mend what is told above, then get a new token.",
  });
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

function audiencesOf({ aud }: DecodedToken["claims"]): readonly string[] {
  if (typeof aud === "string") return [aud];
  return Array.isArray(aud) ? aud.filter((audience) => typeof audience === "string") : [];
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} minutes` : `${Math.round(whole / 3600)} hours`;
}
