import type { AuthInfo } from "@tandem/protocol";
import type { LocalIdentity } from "../../deployment/local_backend.ts";
import type { Examination } from "../examination.ts";
import { fetchText, isObject, type Reach } from "../fetched.ts";
import { type Finding, fault, good, warning } from "../finding.ts";
import { isIssuerOf, issuerOf } from "../provider.ts";

/** The name by which `ConvexProviderWithClerk` asks for it (B §4.3). */
const templateName = "convex";
const verifiable = new Set(["RS256", "EdDSA"]);
const where = "the identity server's dashboard, JWT templates";

/** A JWT template as the Backend API shows it (B §1.11). */
interface JwtTemplate {
  readonly name: string;
  readonly claims: Record<string, unknown>;
  readonly signing_algorithm?: unknown;
}

/** Has the instance the JWT template that the app asks for, with the audience that the deployment asks for? */
export async function checkJwtTemplate(examination: Examination): Promise<Finding[]> {
  const { identity, providers } = examination;
  const local =
    identity === undefined ? undefined : providers.find((one) => isIssuerOf(one, identity.issuer));
  const others = providers.filter((provider) => provider !== local && provider.type !== "customJwt");
  return [
    ...(identity === undefined || local === undefined
      ? []
      : [await checkLocal(identity, local, examination.reach)]),
    ...others.map((provider) =>
      warning(
        "jwt_template_elsewhere",
        `The JWT templates of ${issuerOf(provider)} cannot be seen from here.`,
        {
          meaning: "Nothing is asked of an instance that runs elsewhere.",
          remedy: `Check in its dashboard, under JWT templates, that there is one named exactly "${templateName}", and that its claims have "aud": ${JSON.stringify(provider.applicationID)}.`,
        },
      ),
    ),
  ];
}

async function checkLocal(
  { url, secretKey }: LocalIdentity,
  provider: AuthInfo,
  reach: Reach,
): Promise<Finding> {
  const fetched = await fetchText(reach, `${url}/v1/jwt_templates?paginated=true&limit=500`, {
    headers: { authorization: `Bearer ${secretKey}` },
    redirect: "error",
  });
  if (fetched.type === "unreachable") {
    return unreadable(`${url} cannot be reached (${fetched.reason})`);
  }
  if (fetched.status !== 200) return unreadable(`it answered with status ${fetched.status}`);
  const templates = parseTemplates(fetched.text);
  if (templates === undefined) return unreadable("its answer is not a list of templates");
  return judge(templates, provider.applicationID);
}

function judge(templates: readonly JwtTemplate[], applicationID: string | null): Finding {
  const template = templates.find(({ name }) => name === templateName);
  if (template === undefined) return missing(templates.map(({ name }) => name));
  const { aud } = template.claims;
  if (applicationID !== null && aud !== applicationID && !isOnly(aud, applicationID)) {
    const says = aud === undefined ? "has no audience (`aud`)" : `has the audience ${JSON.stringify(aud)}`;
    return fault(
      "jwt_template_audience",
      `The JWT template "${templateName}" ${says}, but the provider's applicationID is ${JSON.stringify(applicationID)}.`,
      {
        meaning: "The deployment refuses tokens that are made for somebody else, or for others as well.",
        remedy: `In ${where}, set "aud": ${JSON.stringify(applicationID)} in the claims of "${templateName}".`,
      },
    );
  }
  const algorithm = template.signing_algorithm;
  if (typeof algorithm === "string" && !verifiable.has(algorithm)) {
    return fault("jwt_template_algorithm", `The JWT template "${templateName}" signs with ${algorithm}.`, {
      meaning: "The deployment verifies RS256 and EdDSA only.",
      remedy: `In ${where}, turn the custom signing key of "${templateName}" off.`,
    });
  }
  return good(
    "jwt_template_fits",
    `There is a JWT template "${templateName}" with the audience ${JSON.stringify(aud ?? null)}.`,
  );
}

function missing(names: readonly string[]): Finding {
  const similar = names.filter((name) => /^[\s_-]*convex[\s_-]*$/i.test(name));
  const meaning =
    'The app asks for it by exactly that name, gets no token, and is never signed in at the deployment. (Only an instance whose session tokens have "aud": "convex" needs no template.)';
  if (similar.length > 0) {
    const list = similar.map((name) => JSON.stringify(name)).join(", ");
    return fault("jwt_template_misnamed", `The JWT template is named ${list}, not "${templateName}".`, {
      meaning,
      remedy: `In ${where}, rename it to "${templateName}": small letters, no spaces.`,
    });
  }
  const others =
    names.length === 0
      ? "there is none at all"
      : `there are ${names.map((name) => JSON.stringify(name)).join(", ")}`;
  return fault("jwt_template_missing", `There is no JWT template named "${templateName}" (${others}).`, {
    meaning,
    remedy: `In ${where}, make a new one from the Convex preset, and keep its name.`,
  });
}

function unreadable(why: string): Finding {
  return fault(
    "jwt_templates_unreadable",
    `The JWT templates of the local identity server cannot be read: ${why}.`,
    {
      remedy: "Stop and start the server (npx convex dev), and bring @tandem/tandem up to date.",
    },
  );
}

function isOnly(audience: unknown, wanted: string): boolean {
  return Array.isArray(audience) && audience.length > 0 && audience.every((one) => one === wanted);
}

function parseTemplates(text: string): JwtTemplate[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Told by the caller.
    return undefined;
  }
  const list = isObject(parsed) ? parsed.data : parsed;
  if (!Array.isArray(list)) return undefined;
  return list.filter(isTemplate);
}

function isTemplate(value: unknown): value is JwtTemplate {
  return isObject(value) && typeof value.name === "string" && isObject(value.claims);
}
