import type { AuthInfo } from "@tandem/protocol";
import { isOnThisMachine } from "../../identity/issuer_variable.ts";
import type { ClockReading } from "../clock_reading.ts";
import type { Examination } from "../examination.ts";
import { type Fetched, fetchText, jsonObject } from "../fetched.ts";
import { type Finding, fault, good, warning } from "../finding.ts";
import { configName } from "../local_config.ts";
import { issuerOf, trimSlashes } from "../provider.ts";
import { checkKeySet, decodeDataUrl } from "./key_set.ts";

/** What came of a visit at one provider. */
export interface IssuerVisit {
  readonly provider: AuthInfo;
  readonly findings: readonly Finding[];
  readonly clock: ClockReading | undefined;
}

type Answer = Extract<Fetched, { type: "answer" }>;
type Visited = Omit<IssuerVisit, "provider">;

/** Fields without which a discovery document is refused (P §5.3). */
const requiredTexts = ["issuer", "authorization_endpoint", "jwks_uri"] as const;
const requiredLists = [
  "response_types_supported",
  "subject_types_supported",
  "id_token_signing_alg_values_supported",
] as const;

/** Can the keys of this provider be had, by the way that the deployment takes to them? */
export async function visitIssuer(examination: Examination, provider: AuthInfo): Promise<IssuerVisit> {
  const visited =
    provider.type === "customJwt"
      ? await visitKeys(examination, provider.jwks, [provider.algorithm], true)
      : await visitDiscovery(examination, provider.domain);
  const elsewhere = unreachableFromDeployment(examination, provider);
  return {
    provider,
    clock: visited.clock,
    findings: elsewhere === undefined ? visited.findings : [elsewhere, ...visited.findings],
  };
}

/** An address that means this machine means another one to a deployment that runs elsewhere. */
function unreachableFromDeployment({ deployment }: Examination, provider: AuthInfo): Finding | undefined {
  const address = provider.type === "customJwt" ? provider.jwks : provider.domain;
  if (!isOnThisMachine(address) || isOnThisMachine(deployment.url)) return undefined;
  return fault(
    "issuer_on_this_machine",
    `${address} is an address of this machine, which the deployment at ${deployment.url} cannot reach.`,
    {
      meaning: "The deployment fetches the issuer's keys itself, and looks for them on its own machine.",
      remedy: "Use an issuer with a public address, or a deployment on this machine.",
    },
  );
}

async function visitDiscovery(examination: Examination, domain: string): Promise<Visited> {
  const url = `${trimSlashes(domain)}/.well-known/openid-configuration`;
  const fetched = await fetchText(examination.reach, url, { headers: { accept: "application/json" } });
  const refused = refusal(fetched, url, "discovery document", ["application/json"]);
  if (refused !== undefined) return refused;
  const { text, clock } = fetched as Answer;
  const document = jsonObject(text);
  if (document === undefined) {
    return { clock, findings: [discoveryFault(url, "is not a JSON object")] };
  }
  const lacking = [
    ...requiredTexts.filter((field) => typeof document[field] !== "string"),
    ...requiredLists.filter((field) => !Array.isArray(document[field])),
  ];
  if (lacking.length > 0) return { clock, findings: [discoveryFault(url, `lacks ${lacking.join(", ")}`)] };
  const named = checkName(examination, domain, document.issuer as string);
  const keys = await visitKeys(examination, document.jwks_uri as string, ["RS256", "EdDSA"], false);
  return { clock, findings: [named, ...keys.findings] };
}

/** The issuer must call itself what `domain` calls it, and what its tokens call it. */
function checkName(examination: Examination, domain: string, issuer: string): Finding {
  const name = configName(examination.project);
  const mend = remedyOfDomain(examination, domain, issuer);
  if (issuer === domain) {
    return good("issuer_answers", `${domain} answers, and calls itself so to the letter.`);
  }
  if (trimSlashes(issuer) === trimSlashes(domain)) {
    return warning("issuer_slash", `${domain} calls itself ${issuer}: a slash at the end differs.`, {
      meaning: `Its tokens are accepted, but identities begin with the issuer's own spelling; write it the same way in ${name}.`,
      remedy: mend,
    });
  }
  const [before, after] = [domain, issuer].map((address) => trimSlashes(address).replace(/^https?:/, ""));
  if (before === after) {
    return fault("issuer_scheme", `${domain} calls itself ${issuer}: one is http, the other https.`, {
      meaning: "Its tokens name the other address, so that they match no provider.",
      remedy: mend,
    });
  }
  return fault("issuer_name", `${domain} calls itself ${issuer}.`, {
    meaning: "Its tokens name that address, so that they match no provider.",
    remedy: mend,
  });
}

function remedyOfDomain({ config, variables, project }: Examination, domain: string, issuer: string): string {
  const reads = config.type === "evaluated" || config.type === "refused" ? config.reads : [];
  const variable = reads.find((name) => variables.get(name) === domain);
  return variable === undefined
    ? `Write ${issuer} as the domain in ${configName(project)} and push it.`
    : `npx convex env set ${variable} ${issuer}`;
}

function discoveryFault(url: string, what: string): Finding {
  return fault("discovery_malformed", `The discovery document ${url} ${what}.`, {
    meaning: "The deployment cannot learn from it where the keys are.",
    remedy: "Check that the domain is the issuer's address, and not that of a website or an app.",
  });
}

async function visitKeys(
  examination: Examination,
  url: string,
  algorithms: readonly string[],
  needsKid: boolean,
): Promise<Visited> {
  if (url.startsWith("data:")) {
    const text = decodeDataUrl(url);
    return { clock: undefined, findings: [checkKeySet(text, "in auth.config", algorithms, needsKid)] };
  }
  const types = ["application/json", "application/jwk-set+json"];
  const fetched = await fetchText(examination.reach, url, { headers: { accept: "application/json" } });
  const refused = refusal(fetched, url, "key set", types);
  if (refused !== undefined) return refused;
  const { text, clock } = fetched as Answer;
  return { clock, findings: [checkKeySet(text, `at ${url}`, algorithms, needsKid)] };
}

/** What is wrong with an answer before its content is looked at. */
function refusal(fetched: Fetched, url: string, what: string, types: readonly string[]): Visited | undefined {
  if (fetched.type === "unreachable") {
    const remedy =
      "Check the domain in auth.config, and that the issuer is running and can be reached from here.";
    const text = `The ${what} ${url} cannot be reached: ${fetched.reason}.`;
    const meaning = "Without it the deployment cannot check any token of this issuer.";
    return { clock: undefined, findings: [fault("issuer_unreachable", text, { meaning, remedy })] };
  }
  const { status, contentType, clock } = fetched;
  if (status !== 200) {
    const text = `The ${what} ${url} was answered with status ${status}, not 200.`;
    const meaning = "There is no issuer at this address, or it does not speak OpenID Connect.";
    const remedy =
      "Check the domain in auth.config: it must be the issuer's address (Clerk: the Frontend API URL).";
    return { clock, findings: [fault("issuer_status", text, { meaning, remedy })] };
  }
  if (!types.includes(contentType)) {
    const text = `The ${what} ${url} has the content type "${contentType}" instead of ${types.join(" or ")}.`;
    const meaning = "The deployment does not read it. A website often answers so in the place of an issuer.";
    const remedy = "Check the domain in auth.config, or make the issuer send the right Content-Type.";
    return { clock, findings: [fault("issuer_content_type", text, { meaning, remedy })] };
  }
  return undefined;
}

/** The findings of all visits. */
export function checkIssuers(visits: readonly IssuerVisit[]): Finding[] {
  const twice = visits.filter(
    ({ provider }, position) =>
      visits.findIndex(
        (other) =>
          issuerOf(other.provider) === issuerOf(provider) &&
          other.provider.applicationID === provider.applicationID,
      ) < position,
  );
  return [
    ...visits.flatMap(({ findings }) => findings),
    ...twice.map(({ provider }) =>
      warning("provider_twice", `${issuerOf(provider)} stands in auth.config more than once.`, {
        meaning: "Only the first one is ever used.",
        remedy: "Remove the others.",
      }),
    ),
  ];
}
