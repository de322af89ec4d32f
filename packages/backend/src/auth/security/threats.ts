import { createHmac, createPublicKey, randomBytes } from "node:crypto";
import type { SourceChange } from "@tandem/engine/simulation";
import type { AuthInfo } from "@tandem/protocol";
import type { Seams } from "../../seams.ts";
import { sealAdminKey } from "../admin_key.ts";
import type { Authenticator, TokenFacts, TokenGate } from "../caller.ts";
import type { createAuthenticator } from "../index.ts";
import { TestingIssuer } from "../testing_issuer.ts";

/** A backend's door for tokens, and a real issuer that it trusts. */
export interface Target {
  readonly issuer: TestingIssuer;
  /** An issuer of the attacker's own. */
  readonly stranger: TestingIssuer;
  readonly door: Authenticator;
  /** The sessions (`jti` of their tokens) that are over. */
  readonly over: Set<string>;
  /** Runs while a token's session is being looked up, after it was found alive. */
  meanwhile: () => void;
  advance(milliseconds: number): void;
}

/** A token that an attacker shows, and what keeps it out. */
export interface Threat {
  readonly name: string;
  readonly guards: readonly SourceChange[];
  /** How auth.config.ts trusts the issuer; as OpenID Connect by default. */
  readonly provider?: (issuer: TestingIssuer) => AuthInfo;
  /** True: the attacker is somebody. */
  attempt(target: Target): Promise<boolean>;
}

function guard(path: string, find: string, replace: string): SourceChange {
  return { file: new URL(`../${path}`, import.meta.url), find, replace };
}

const instance = { instanceName: "tandem", instanceSecret: "ab".repeat(32) };

/** A door with its issuers; `create` may be one without its guards. */
export async function openTarget(
  { provider }: Threat,
  create: typeof createAuthenticator,
): Promise<Target & AsyncDisposable> {
  let offset = 0;
  const seams: Seams = {
    clock: { now: () => Date.now() + offset },
    timers: {
      setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
      clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
      setImmediate: (run) => void setImmediate(run),
    },
    random: { bytes: (length) => randomBytes(length) },
    fetch,
  };
  const issuer = await TestingIssuer.start();
  const stranger = await TestingIssuer.start();
  await issuer.addKey("rsa", "RS256");
  await stranger.addKey("rsa", "RS256");
  const providers = [provider?.(issuer) ?? { domain: issuer.url, applicationID: "convex" }];
  const over = new Set<string>();
  const gate: TokenGate = async ({ id }: TokenFacts) => {
    const isOver = id !== null && over.has(id);
    target.meanwhile();
    return isOver;
  };
  const door = create({
    ...instance,
    providers: () => providers,
    seams,
    redact: false,
    providerTimeout: 2000,
    gate,
  });
  const target: Target & AsyncDisposable = {
    issuer,
    stranger,
    door,
    over,
    meanwhile: () => {},
    advance(milliseconds) {
      offset += milliseconds;
    },
    async [Symbol.asyncDispose]() {
      await issuer.close();
      await stranger.close();
    },
  };
  return target;
}

/** Does the door take it? */
async function opens({ door }: Target, token: string): Promise<boolean> {
  const caller = await door.user(token).catch(() => null);
  return caller?.kind === "user";
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function claimsOf({ issuer }: Target, changes: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer.url, sub: "user-1", aud: "convex", iat: now, exp: now + 600, ...changes };
}

const CUSTOM = (issuer: TestingIssuer): AuthInfo => ({
  type: "customJwt",
  issuer: issuer.url,
  jwks: `${issuer.url}/jwks`,
  algorithm: "RS256",
  applicationID: "convex",
});

const OIDC_EXPIRY = guard("oidc.ts", "if (Math.floor(now / 1000) >= claims.exp) {", "if (false) {");

const ANY_SIGNATURE = guard(
  "oidc.ts",
  "if (!(await signatures.stands(jwt.token, matching[0]!))) {",
  "if (false) {",
);

export const THREATS: readonly Threat[] = [
  {
    name: "shows a token that says it needs no signature",
    guards: [
      guard(
        "oidc.ts",
        'if (typeof header.alg !== "string" || !ALGORITHMS.has(header.alg)) {',
        "if (false) {",
      ),
      guard(
        "oidc.ts",
        "if (matching.length !== 1) {",
        'if (header.alg !== "none" && matching.length !== 1) {',
      ),
      guard(
        "oidc.ts",
        "if (!(await signatures.stands(jwt.token, matching[0]!))) {",
        'if (header.alg !== "none" && !(await signatures.stands(jwt.token, matching[0]!))) {',
      ),
    ],
    attempt: (target) =>
      opens(
        target,
        `${base64url({ alg: "none", typ: "JWT" })}.${base64url(claimsOf(target))}.${base64url("-")}`,
      ),
  },
  {
    name: "signs with the public key, which everybody has, as if it were a shared secret",
    guards: [
      guard("oidc.ts", "!ALGORITHMS.has(header.alg)", "false"),
      guard(
        "oidc.ts",
        "key.algorithm === header.alg &&\n      (key.alg === null || key.alg === header.alg) &&",
        "",
      ),
      guard(
        "signatures/signatures.ts",
        "stands: (token, { algorithm, key }) =>",
        `stands: (token, { algorithm, key }) =>
    createHmac("sha256", key.export({ type: "spki", format: "pem" })).update(token.slice(0, token.lastIndexOf("."))).digest("base64url") === token.slice(token.lastIndexOf(".") + 1) ||`,
      ),
      guard("signatures/signatures.ts", "verify } from", "verify, createHmac } from"),
    ],
    async attempt(target) {
      const [jwk] = JSON.parse(await target.issuer.jwks()).keys;
      const pem = createPublicKey({ format: "jwk", key: jwk }).export({ type: "spki", format: "pem" });
      const input = `${base64url({ alg: "HS256", kid: "rsa", typ: "JWT" })}.${base64url(claimsOf(target))}`;
      return opens(target, `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`);
    },
  },
  {
    name: "signs with a key of their own under the name of the issuer's",
    guards: [ANY_SIGNATURE],
    attempt: async (target) => opens(target, await target.stranger.token("rsa", claimsOf(target))),
  },
  {
    name: "changes what a token says and keeps its signature",
    guards: [
      guard(
        "signatures/signatures.ts",
        'return verify("RSA-SHA256", signed, key, signature);',
        "return signature.length === 256;",
      ),
    ],
    async attempt(target) {
      const [header, , signature] = (await target.issuer.token("rsa", { aud: "convex" })).split(".");
      const claims = base64url(claimsOf(target, { sub: "somebody else" }));
      return opens(target, `${header}.${claims}.${signature}`);
    },
  },
  {
    name: "writes letters into a token that one decoder takes for those that were signed, and another does not",
    guards: [guard("jwt.ts", " || !ALPHABET.test(token)", "")],
    async attempt(target) {
      const token = await target.issuer.token("rsa", { aud: "convex" });
      const at = token.indexOf(".") + 3;
      const lookalike = String.fromCharCode(token.charCodeAt(at) + 0x100);
      return opens(target, token.slice(0, at) + lookalike + token.slice(at + 1));
    },
  },
  {
    name: "brings a token of an issuer that nobody configured",
    guards: [guard("providers.ts", "sameIssuer(providerIssuer(provider), iss),", "true,")],
    attempt: async (target) => opens(target, await target.stranger.token("rsa", { aud: "convex" })),
  },
  {
    name: "runs an issuer whose documents name another one",
    guards: [guard("oidc.ts", "if (document.issuer !== issuer) {", "if (false) {")],
    async attempt(target) {
      target.issuer.answers.set("/.well-known/openid-configuration", {
        body: JSON.stringify({
          issuer: target.stranger.url,
          authorization_endpoint: `${target.stranger.url}/authorize`,
          jwks_uri: `${target.stranger.url}/jwks`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
        }),
      });
      return opens(target, await target.stranger.token("rsa", claimsOf(target)));
    },
  },
  {
    name: "brings a session token, which is for the identity server alone",
    guards: [
      guard(
        "providers.ts",
        "audiences.includes(provider.applicationID)) &&",
        "audiences.length === 0 || audiences.includes(provider.applicationID)) &&",
      ),
      guard(
        "oidc.ts",
        "if (audiences.length === 0 || audiences.some((audience) => audience !== applicationID)) {",
        "if (audiences.some((audience) => audience !== applicationID)) {",
      ),
    ],
    attempt: async (target) => opens(target, await target.issuer.token("rsa", { aud: null })),
  },
  {
    name: "brings a token that the issuer gave for another app",
    guards: [
      guard("providers.ts", "audiences.includes(provider.applicationID)) &&", "true) &&"),
      guard(
        "oidc.ts",
        "if (audiences.length === 0 || audiences.some((audience) => audience !== applicationID)) {",
        "if (false) {",
      ),
    ],
    attempt: async (target) => opens(target, await target.issuer.token("rsa", { aud: "another-app" })),
  },
  {
    name: "brings a token that is for this app and for one of theirs",
    guards: [
      guard(
        "oidc.ts",
        "audiences.some((audience) => audience !== applicationID)",
        "!audiences.includes(applicationID)",
      ),
    ],
    attempt: async (target) =>
      opens(target, await target.issuer.token("rsa", { aud: ["convex", "their-app"] })),
  },
  {
    name: "shows a token whose time is over",
    guards: [OIDC_EXPIRY],
    async attempt(target) {
      const past = Math.floor(Date.now() / 1000) - 10;
      return opens(target, await target.issuer.token("rsa", { aud: "convex", exp: past }));
    },
  },
  {
    name: "shows a token again after its time, for it was good once",
    guards: [guard("verified_tokens.ts", " || now >= caller.expiresAt", "")],
    async attempt(target) {
      const token = await target.issuer.token("rsa", { aud: "convex" });
      await target.door.user(token);
      target.advance(2 * 3600_000);
      return opens(target, token);
    },
  },
  {
    name: "shows a token that never ends",
    guards: [guard("oidc.ts", ' || typeof claims.exp !== "number"', ""), OIDC_EXPIRY],
    attempt: async (target) => opens(target, await target.issuer.token("rsa", { aud: "convex", exp: null })),
  },
  {
    name: "shows a token by a key that the issuer has taken back",
    guards: [
      guard("oidc.ts", "(header.kid === undefined || key.kid === header.kid),", "true,"),
      ANY_SIGNATURE,
    ],
    async attempt(target) {
      const token = await target.issuer.token("rsa", { aud: "convex" });
      await target.issuer.addKey("newer", "RS256");
      target.issuer.removeKey("rsa");
      return opens(target, token);
    },
  },
  {
    name: "shows a token of a session that has ended",
    guards: [guard("index.ts", "if (await options.gate?.(token)) {", "if (false) {")],
    async attempt(target) {
      target.over.add("session.1");
      return opens(target, await target.issuer.token("rsa", { aud: "convex", jti: "session.1" }));
    },
  },
  {
    name: "shows a token while its session is being ended",
    guards: [
      guard(
        "index.ts",
        "for (let judged = -1; judged !== forgotten; ) {",
        "for (let judged = -1; judged === -1; ) {",
      ),
    ],
    async attempt(target) {
      target.meanwhile = () => {
        if (target.over.has("session.1")) return;
        target.over.add("session.1");
        target.door.forget(({ id }) => id === "session.1");
      };
      return opens(target, await target.issuer.token("rsa", { aud: "convex", jti: "session.1" }));
    },
  },
  {
    name: "shows a token again after its session has ended, for it was good once",
    guards: [guard("index.ts", "verified.forget(match);", "")],
    async attempt(target) {
      const token = await target.issuer.token("rsa", { aud: "convex", jti: "session.1" });
      await target.door.user(token);
      target.over.add("session.1");
      target.door.forget(({ id }) => id === "session.1");
      return opens(target, token);
    },
  },
  {
    name: "brings a token that is no identity's but some other kind of statement",
    guards: [
      guard(
        "oidc.ts",
        "if (!TOKEN_TYPES.has(type) || header.cty !== undefined || header.crit !== undefined) {",
        "if (false) {",
      ),
    ],
    attempt: async (target) =>
      opens(target, await target.issuer.token("rsa", { aud: "convex" }, { typ: "at+jwt" })),
  },
  {
    name: "has a custom issuer's token taken under another algorithm than was agreed",
    provider: (issuer) => ({ ...CUSTOM(issuer), algorithm: "ES256" }) as AuthInfo,
    guards: [
      guard(
        "custom_jwt.ts",
        "header.alg === provider.algorithm &&\n    key.algorithm === provider.algorithm &&\n    (key.alg === null || key.alg === provider.algorithm);",
        "true;",
      ),
    ],
    attempt: async (target) => opens(target, await target.issuer.token("rsa", { aud: "convex" })),
  },
  {
    name: "signs a custom issuer's token with a key of their own",
    provider: CUSTOM,
    guards: [guard("custom_jwt.ts", " || !(await signatures.stands(jwt.token, key))", "")],
    attempt: async (target) => opens(target, await target.stranger.token("rsa", claimsOf(target))),
  },
  {
    name: "shows a custom issuer's token whose time is over",
    provider: CUSTOM,
    guards: [guard("custom_jwt.ts", "if (claims.exp + LEEWAY_SECONDS < seconds) {", "if (false) {")],
    async attempt(target) {
      const past = Math.floor(Date.now() / 1000) - 60;
      return opens(target, await target.issuer.token("rsa", { aud: "convex", exp: past }));
    },
  },
  {
    name: "shows a custom issuer's token before its time",
    provider: CUSTOM,
    guards: [
      guard(
        "custom_jwt.ts",
        'if (typeof claims.nbf === "number" && claims.nbf > seconds + LEEWAY_SECONDS) {',
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const later = Math.floor(Date.now() / 1000) + 600;
      return opens(target, await target.issuer.token("rsa", { aud: "convex", nbf: later }));
    },
  },
  {
    name: "turns a key that may only read into one that may write, by flipping bits of it",
    guards: [guard("admin_key.ts", 'decipher.final("utf8");', '"";')],
    async attempt({ door }) {
      const content = { issued: 1, readOnly: true };
      const key = sealAdminKey(instance.instanceName, instance.instanceSecret, content, randomBytes(12));
      const [name, hex] = key.split("|");
      const bytes = Buffer.from(hex!, "hex");
      // What is sealed lies behind a byte for the format and the nonce, each of its bytes in its own place.
      const start = 13 + JSON.stringify(content).indexOf("true");
      for (const [at, character] of [..."null"].entries()) {
        bytes[start + at]! ^= character.charCodeAt(0) ^ "true".charCodeAt(at);
      }
      return canWrite(door, `${name}|${bytes.toString("hex")}`);
    },
  },
  {
    name: "brings the key of another deployment that was copied from this one",
    guards: [
      guard("admin_key.ts", "name !== instanceName ||", ""),
      guard("admin_key.ts", "decipher.setAAD(", 'decipher.setAAD(Buffer.from("2|copy"));\n    Boolean('),
    ],
    async attempt({ door }) {
      const content = { issued: 1, readOnly: false };
      return canWrite(door, sealAdminKey("copy", instance.instanceSecret, content, randomBytes(12)));
    },
  },
];

function canWrite(door: Authenticator, key: string): boolean {
  try {
    const caller = door.admin(key);
    return caller.kind === "admin" && !caller.readOnly;
  } catch {
    // Whatever is wrong with it: it opens nothing.
    return false;
  }
}
