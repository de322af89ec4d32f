import { createHmac, createPrivateKey, type KeyObject } from "node:crypto";
import { signJwt } from "../keys/signing_keys.ts";
import type { Parts } from "../parts.ts";
import type { JwtTemplateRow } from "../store/index.ts";
import { claimsScope } from "./claims_scope.ts";
import { type TokenSubject, tokenId } from "./session_token.ts";
import { resolveShortcodes } from "./shortcodes.ts";

/** Category of template tokens: verifiers refuse them where a session token is needed (B §2.7). */
const CATEGORY = "cl_B7d4PD222AAA";

export interface TemplateSubject extends TokenSubject {
  readonly template: JwtTemplateRow;
}

/**
 * A token of a JWT template (F §6.4, B §4): the template's claims with their shortcodes resolved, and those that are
 * always there. It names the session in no claim of its own; its `jti` begins with the session's id.
 */
export async function mintTemplateToken(parts: Parts, subject: TemplateSubject): Promise<string> {
  const { instance, session, user, origin, template } = subject;
  const scope = await claimsScope(parts.store.newest, instance, user, session);
  const issuedAt = Math.floor(parts.seams.clock.now() / 1000);
  const claims = {
    ...(resolveShortcodes(JSON.parse(template.claims), scope) as Record<string, unknown>),
    ...(origin === null ? {} : { azp: origin }),
    exp: issuedAt + (subject.lifetime ?? template.lifetime),
    iat: issuedAt,
    iss: instance.issuer,
    jti: tokenId(session, parts.seams.random),
    nbf: issuedAt - template.allowedClockSkew,
    sub: user.id,
  };
  const key = customKey(parts, template);
  switch (key?.kind) {
    case undefined:
      return signJwt(await parts.keys.current(instance.id), claims, CATEGORY);
    case "rsa":
      return signJwt({ kid: template.id, privateKey: key.privateKey }, claims, CATEGORY);
    case "hmac":
      return signWithSecret(key.secret, template.id, claims);
  }
}

type CustomKey =
  | { readonly kind: "rsa"; readonly privateKey: KeyObject }
  | { readonly kind: "hmac"; readonly secret: string };

/** The context that a template's key is sealed in. */
export function signingKeyContext(templateId: string): string {
  return `jwt template ${templateId}`;
}

function customKey({ seal }: Parts, template: JwtTemplateRow): CustomKey | null {
  if (!template.customSigningKey || template.sealedSigningKey === null) return null;
  const secret = seal.open(template.sealedSigningKey, signingKeyContext(template.id));
  return template.signingAlgorithm === "HS256"
    ? { kind: "hmac", secret }
    : { kind: "rsa", privateKey: createPrivateKey(secret) };
}

function signWithSecret(secret: string, kid: string, claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "HS256", cat: CATEGORY, kid, typ: "JWT" })}.${part(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
