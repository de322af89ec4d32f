import { createPrivateKey } from "node:crypto";
import { refuse, refuseField } from "../errors/index.ts";
import type { Params } from "../http/index.ts";
import { largestTokenBytes, MOST_TOKEN_BYTES } from "./template_size.ts";

/** Those of every token, and those that only session tokens have (B §4). `aud` is free. */
const RESERVED = new Set("azp exp iat iss jti nbf sub sid v pla fea sts fva o".split(" "));

const RESERVED_IN_SESSION_TOKENS = new Set([...RESERVED, "act"]);

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const SHORTEST_SECRET = 32;
/** Verifiers refuse signatures of shorter keys (RFC 7518 §3.3). */
const FEWEST_RSA_BITS = 2048;
const LEAST_LIFETIME = 5;
const MOST_LIFETIME = 10 * 365 * 24 * 3600;
const MOST_CLOCK_SKEW = 300;
/** Claims longer than this are too large however their shortcodes turn out, and are not even resolved. */
const MOST_CLAIMS_BYTES = 16 * 1024;

/** What a request says of a template; undefined where it says nothing. */
export interface TemplateFields {
  readonly name: string | undefined;
  readonly claims: Record<string, unknown> | undefined;
  readonly lifetime: number | undefined;
  readonly allowedClockSkew: number | undefined;
  readonly customSigningKey: boolean | undefined;
  readonly signingAlgorithm: "RS256" | "HS256" | undefined;
  readonly signingKey: string | undefined;
}

/** Reads and checks them. Throws `jwt_template_reserved_claim`, `jwt_template_too_large` and `form_param_…`. */
export function readTemplateFields(body: Params): TemplateFields {
  const name = body.text("name");
  if (name !== undefined && !NAME.test(name)) {
    throw refuseField(
      "form_param_format_invalid",
      "name",
      "A template's name has 1 to 64 letters, digits, - and _.",
    );
  }
  const claims = body.object("claims");
  if (claims !== undefined) checkClaims(claims, RESERVED);
  const signingAlgorithm = body.text("signing_algorithm");
  if (signingAlgorithm !== undefined && signingAlgorithm !== "RS256" && signingAlgorithm !== "HS256") {
    throw refuseField("form_param_value_invalid", "signing_algorithm", "The algorithm is RS256 or HS256.");
  }
  return {
    name,
    claims,
    lifetime: body.integer("lifetime", LEAST_LIFETIME, MOST_LIFETIME),
    allowedClockSkew: body.integer("allowed_clock_skew", 0, MOST_CLOCK_SKEW),
    customSigningKey: body.flag("custom_signing_key"),
    signingAlgorithm,
    signingKey: body.nullable("signing_key") ?? undefined,
  };
}

/** Throws for claims that an instance cannot add to its session tokens (B §4): those of templates, and `act`. */
export function checkSessionClaims(claims: Record<string, unknown>): void {
  checkClaims(claims, RESERVED_IN_SESSION_TOKENS);
}

/** Throws when the key is none of the algorithm's. The key is in no error. */
export function checkSigningKey(key: string, algorithm: string): void {
  if (algorithm === "HS256") {
    if (key.length >= SHORTEST_SECRET) return;
    throw refuseField(
      "form_param_value_invalid",
      "signing_key",
      `A secret of HS256 has at least ${SHORTEST_SECRET} characters.`,
    );
  }
  if (rsaBits(key) < FEWEST_RSA_BITS) {
    throw refuseField(
      "form_param_value_invalid",
      "signing_key",
      `The key of RS256 is an RSA private key of at least ${FEWEST_RSA_BITS} bits, in PEM (PKCS #8).`,
    );
  }
}

/** Length of an RSA key; 0 for what is none. */
function rsaBits(pem: string): number {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "rsa" ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
  } catch {
    // What the parser says may repeat the key.
    return 0;
  }
}

/** Throws `jwt_template_reserved_claim` for one of `reserved`, and `jwt_template_too_large`. */
function checkClaims(claims: Record<string, unknown>, reserved: ReadonlySet<string>): void {
  for (const claim of Object.keys(claims)) {
    if (reserved.has(claim)) {
      throw refuse(
        "jwt_template_reserved_claim",
        { param_name: "claims" },
        `You can't use the reserved claim: '${claim}'. Tokens have it by themselves, or session tokens only.`,
      );
    }
  }
  const written = Buffer.byteLength(JSON.stringify(claims));
  const bytes = written > MOST_CLAIMS_BYTES ? written : largestTokenBytes(claims);
  if (bytes > MOST_TOKEN_BYTES) {
    throw refuse(
      "jwt_template_too_large",
      { param_name: "claims" },
      `Tokens of this template could have ${bytes} bytes, for a user with long names; ${MOST_TOKEN_BYTES} are possible. Leave claims out, or look the values up in the database instead.`,
    );
  }
}
