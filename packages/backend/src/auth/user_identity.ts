import { ApiError } from "@tandem/protocol";
import type { Identity } from "@tandem/runtime";
import type { JSONValue } from "@tandem/values";
import type { Claims } from "./jwt.ts";

type Attributes = { [attribute: string]: JSONValue };

/** Standard claims of OpenID Connect (Core §5.1) under the names of P §5.6. */
const STANDARD_CLAIMS: ReadonlyMap<string, { readonly name: string; readonly type: "string" | "boolean" }> =
  new Map(
    Object.entries({
      name: { name: "name", type: "string" },
      given_name: { name: "givenName", type: "string" },
      family_name: { name: "familyName", type: "string" },
      nickname: { name: "nickname", type: "string" },
      preferred_username: { name: "preferredUsername", type: "string" },
      profile: { name: "profileUrl", type: "string" },
      picture: { name: "pictureUrl", type: "string" },
      website: { name: "websiteUrl", type: "string" },
      email: { name: "email", type: "string" },
      email_verified: { name: "emailVerified", type: "boolean" },
      gender: { name: "gender", type: "string" },
      birthdate: { name: "birthday", type: "string" },
      zoneinfo: { name: "timezone", type: "string" },
      locale: { name: "language", type: "string" },
      phone_number: { name: "phoneNumber", type: "string" },
      phone_number_verified: { name: "phoneNumberVerified", type: "boolean" },
    }),
  );

/** Consumed by verification, or different in every token of the same user: they would spoil the query cache. */
const OIDC_HIDDEN = new Set(
  "iss sub aud iat exp nbf jti fva auth_time nonce acr amr azp at_hash c_hash address updated_at".split(" "),
);
const JWT_HIDDEN = new Set("iss sub aud iat exp nbf jti fva".split(" "));

function tokenIdentifier(issuer: string, subject: string): string {
  return `${issuer}|${subject}`;
}

function named(claims: Claims): { issuer: string; subject: string; tokenIdentifier: string } {
  const issuer = claims.iss as string;
  const subject = claims.sub as string;
  return { tokenIdentifier: tokenIdentifier(issuer, subject), subject, issuer };
}

/** The identity that an OpenID Connect token's claims make (P §5.6). */
export function identityOfOidcClaims(claims: Claims): NonNullable<Identity> {
  const identity: Attributes = named(claims);
  // Claims come from JSON: there is nothing to inherit, and a loop over entries would make a list of each.
  for (const claim in claims) {
    const value = claims[claim];
    const standard = STANDARD_CLAIMS.get(claim);
    if (standard !== undefined) {
      if (typeof value === standard.type) {
        identity[standard.name] = value as JSONValue;
      }
    } else if (!OIDC_HIDDEN.has(claim) && value !== undefined) {
      identity[claim] = value as JSONValue;
    }
  }
  const { address, updated_at: updatedAt } = claims;
  if (typeof address === "object" && address !== null && "formatted" in address) {
    if (typeof address.formatted === "string") {
      identity.address = address.formatted;
    }
  }
  if (typeof updatedAt === "number") {
    identity.updatedAt = new Date(updatedAt * 1000).toISOString();
  } else if (typeof updatedAt === "string") {
    identity.updatedAt = updatedAt;
  }
  return identity;
}

/** The identity that a custom JWT's claims make: raw names, nested objects flattened with dots (P §5.6). */
export function identityOfCustomClaims(claims: Claims): NonNullable<Identity> {
  const identity: Attributes = named(claims);
  for (const [claim, value] of Object.entries(claims)) {
    if (!JWT_HIDDEN.has(claim)) {
      flatten(identity, claim, value as JSONValue);
    }
  }
  return identity;
}

function flatten(into: Attributes, path: string, value: JSONValue): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      flatten(into, `${path}.${key}`, inner as JSONValue);
    }
  } else {
    into[path] = value;
  }
}

/** The identity an admin acts as: needs `tokenIdentifier`, or both `issuer` and `subject` (P §5.6, §5.9). */
export function identityOfAttributes(attributes: unknown): NonNullable<Identity> {
  if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes)) {
    throw malformed("the user to act as must be an object of attributes");
  }
  const given = attributes as Attributes;
  if (typeof given.tokenIdentifier === "string") {
    const [issuer, subject] = splitIdentifier(given.tokenIdentifier);
    return { subject, issuer, ...given };
  }
  if (typeof given.issuer === "string" && typeof given.subject === "string") {
    return { tokenIdentifier: tokenIdentifier(given.issuer, given.subject), ...given };
  }
  throw malformed("the user to act as needs `tokenIdentifier`, or both `issuer` and `subject`");
}

function splitIdentifier(identifier: string): [issuer: string, subject: string] {
  const bar = identifier.lastIndexOf("|");
  return bar === -1 ? ["", identifier] : [identifier.slice(0, bar), identifier.slice(bar + 1)];
}

function malformed(why: string): ApiError {
  return new ApiError("BadRequest", "HeaderParseFailure", `Malformed Authorization header: ${why}.`);
}
