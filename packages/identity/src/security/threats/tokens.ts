import { signJwt } from "../../keys/signing_keys.ts";
import { PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

interface Jwt {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

function decode(jwt: string): Jwt {
  const [header, claims] = jwt.split(".").map((part) => Buffer.from(part, "base64url").toString());
  return { header: JSON.parse(header!), claims: JSON.parse(claims!) };
}

/** A token of the victim's session, of a template when one is named. */
async function tokenOf(target: Target, template = ""): Promise<Jwt> {
  const { victim } = target;
  const path = `/v1/client/sessions/${victim.sessionId}/tokens${template}`;
  const { body, text } = await target.browserOf(victim).post(path);
  if (typeof body?.jwt !== "string") throw new Error(`No token: ${text}`);
  return decode(body.jwt);
}

/** Is this taken as a template? */
async function isTemplate(target: Target, claims: Record<string, unknown>): Promise<boolean> {
  const fields = { name: "partner", claims };
  return (await target.backend("POST", "/v1/jwt_templates", fields)).status === 200;
}

/** What a template's claim becomes for the victim. */
async function claimOf(target: Target, claim: unknown): Promise<unknown> {
  await target.backend("POST", "/v1/jwt_templates", { name: "partner", claims: { it: claim } });
  return (await tokenOf(target, "/partner")).claims.it;
}

async function convexTemplate(target: Target): Promise<string> {
  const { body } = await target.backend("GET", "/v1/jwt_templates");
  const rows = body as { readonly id: string; readonly name: string }[];
  return `/v1/jwt_templates/${rows.find(({ name }) => name === "convex")!.id}`;
}

export const TOKENS: readonly Threat[] = [
  {
    name: "uses a token that was made for a third party where a session token is asked for",
    guards: [
      guard(
        "tokens/template_token.ts",
        'const CATEGORY = "cl_B7d4PD222AAA";',
        'const CATEGORY = "cl_B7d4PD111AAA";',
      ),
    ],
    async attempt(target) {
      const { header } = await tokenOf(target, "/convex");
      return header.cat === (await tokenOf(target)).header.cat;
    },
  },
  {
    name: "uses a stolen session token for as long as the session lasts",
    guards: [
      guard(
        "tokens/session_token.ts",
        "exp: issuedAt + (lifetime ?? Math.floor(limits.sessionTokenLifetime / 1000)),",
        "exp: issuedAt + (lifetime ?? Math.floor(limits.sessionLifetime / 1000)),",
      ),
    ],
    async attempt(target) {
      const { claims } = await tokenOf(target);
      return (claims.exp as number) - (claims.iat as number) > 60;
    },
  },
  {
    name: "shows a token that one site was given to the servers of another",
    guards: [guard("tokens/session_token.ts", "...(origin === null ? {} : { azp: origin }),", "")],
    attempt: async (target) => (await tokenOf(target)).claims.azp !== target.page,
  },
  {
    name: "keeps a template's token after the session has ended, for it names none",
    guards: [guard("tokens/session_token.ts", "session.id.slice(", '"sess_nobody".slice(')],
    async attempt(target) {
      const { claims } = await tokenOf(target, "/convex");
      return !(claims.jti as string).startsWith(`${target.victim.sessionId.slice("sess_".length)}.`);
    },
  },
  {
    name: "makes a template that says who somebody is in place of the server",
    guards: [
      guard(
        "jwt_templates/template_fields.ts",
        "if (claims !== undefined) checkClaims(claims, RESERVED);",
        "",
      ),
    ],
    attempt: (target) => isTemplate(target, { sub: "user_of_somebody_else" }),
  },
  {
    name: "has session tokens name another user by the claims that an instance adds",
    guards: [
      guard("tokens/session_token.ts", ".filter(([claim]) => !RESERVED.has(claim))", ""),
      guard(
        "tokens/session_token.ts",
        "...(actor === null ? {} : { act: actor }),",
        "...(custom as Record<string, unknown>),",
      ),
      guard(
        "backend_api/instance_settings.ts",
        "session_claims: z.record(z.string(), z.unknown()),",
        "session_claims: z.any(),",
      ),
    ],
    async attempt(target) {
      await target.settings({ sessionClaims: { sub: "user_of_somebody_else" } });
      return (await tokenOf(target)).claims.sub === "user_of_somebody_else";
    },
  },
  {
    name: "makes tokens so large that browsers drop their cookies",
    guards: [guard("jwt_templates/template_fields.ts", "if (bytes > MOST_TOKEN_BYTES) {", "if (false) {")],
    attempt: (target) => isTemplate(target, { text: "x".repeat(8000) }),
  },
  {
    name: "deletes the template by which Convex knows everybody, to sign everybody out there",
    guards: [guard("jwt_templates/routes.ts", "if (name !== CONVEX_TEMPLATE) return;", "return;")],
    attempt: async (target) => (await target.backend("DELETE", await convexTemplate(target))).status === 200,
  },
  {
    name: "reads private metadata in a token by a shortcode",
    guards: [
      guard(
        "tokens/claims_scope.ts",
        "public_metadata: JSON.parse(user.publicMetadata),",
        "public_metadata: JSON.parse(user.publicMetadata),\n      private_metadata: JSON.parse(user.privateMetadata),",
      ),
    ],
    attempt: async (target) =>
      JSON.stringify(await claimOf(target, "{{user.private_metadata}}")).includes("only for the backend"),
  },
  {
    name: "reads the password's digest in a token by a shortcode",
    guards: [
      guard(
        "tokens/claims_scope.ts",
        "user: {\n      id: user.id,",
        "user: {\n      ...user,\n      id: user.id,",
      ),
    ],
    attempt: async (target) =>
      String(await claimOf(target, "{{user.passwordDigest}}")).includes("$argon2id$"),
  },
  {
    name: "reaches by a shortcode what every object inherits",
    guards: [guard("tokens/shortcodes.ts", " || !Object.hasOwn(value, name)", " || !(name in value)")],
    attempt: async (target) =>
      (await claimOf(target, "{{user.constructor.name.length}}|{{user.__proto__}}")) !== "null|null",
  },
  {
    name: "writes a shortcode into their own profile, for it to be resolved",
    guards: [
      guard(
        "tokens/template_token.ts",
        "...(resolveShortcodes(JSON.parse(template.claims), scope) as Record<string, unknown>),",
        "...(resolveShortcodes(resolveShortcodes(JSON.parse(template.claims), scope), scope) as Record<string, unknown>),",
      ),
    ],
    async attempt(target) {
      const fields = { unsafe_metadata: JSON.stringify({ bio: "{{user.public_metadata.plan}}" }) };
      await target.browserOf(target.victim).patch("/v1/me", fields);
      return (await claimOf(target, "{{user.unsafe_metadata.bio}}")) === "free";
    },
  },
  {
    name: "reads the key that signs everything in the list of the keys that verify",
    guards: [
      guard(
        "keys/signing_keys.ts",
        '...publicKey.export({ format: "jwk" })',
        '...privateKey.export({ format: "jwk" })',
      ),
    ],
    async attempt(target) {
      await target.parts.keys.rotate(target.instanceId, { revokePrevious: false }, async () => {});
      const { body } = await target.send({ path: "/.well-known/jwks.json" });
      return body.keys.some((key: Record<string, unknown>) => "d" in key);
    },
  },
  {
    name: "reads the key that signs everything in a copy of the database",
    guards: [
      guard("keys/signing_keys.ts", "this.#seal.seal(pem,", "((text: string, _: string) => text)(pem,"),
    ],
    async attempt(target) {
      await target.parts.keys.rotate(target.instanceId, { revokePrevious: false }, async () => {});
      const rows = await target.parts.store.read().list("signing_keys", "by_instance", [target.instanceId]);
      return JSON.stringify(rows).includes("PRIVATE KEY");
    },
  },
  {
    name: "goes on signing with a key that was taken out of use",
    guards: [guard("keys/signing_keys.ts", "retiredAt === null || retiredAt > since", "true")],
    options: { limits: { signingKeyMemory: 60_000 } },
    async attempt(target) {
      const { kid } = (await tokenOf(target)).header;
      await target.parts.keys.rotate(target.instanceId, { revokePrevious: false }, async () => {});
      target.clock.advance(120_000);
      const { body } = await target.send({ path: "/.well-known/jwks.json" });
      return body.keys.some((key: Record<string, unknown>) => key.kid === kid);
    },
  },
  {
    name: "reads a template's own signing key by the Backend API",
    guards: [
      guard(
        "jwt_templates/template_json.ts",
        "custom_signing_key: row.customSigningKey,",
        "custom_signing_key: row.customSigningKey,\n    signing_key: row.sealedSigningKey,",
      ),
      guard(
        "jwt_templates/routes.ts",
        "seal.seal(fields.signingKey, signingKeyContext(id))",
        "fields.signingKey",
      ),
    ],
    async attempt(target) {
      const signing_key = "a secret that two parties share and nobody else";
      const { text } = await target.backend("POST", "/v1/jwt_templates", {
        name: "partner",
        claims: {},
        custom_signing_key: true,
        signing_algorithm: "HS256",
        signing_key,
      });
      return text.includes(signing_key);
    },
  },
  {
    name: "gives a template a secret short enough to be guessed",
    guards: [
      guard("jwt_templates/template_fields.ts", "if (key.length >= SHORTEST_SECRET) return;", "return;"),
    ],
    async attempt(target) {
      const { status } = await target.backend("POST", "/v1/jwt_templates", {
        name: "partner",
        claims: {},
        custom_signing_key: true,
        signing_algorithm: "HS256",
        signing_key: "short",
      });
      return status === 200;
    },
  },
  {
    name: "has an expired session renewed by an app's server without the browser's own secret",
    guards: [
      guard(
        "backend_api/refresh_session.ts",
        'if (!isRefreshToken(parts, session, body.required("refresh_token")))',
        "if (false)",
      ),
    ],
    attempt: (target) => refreshes(target, { refresh_token: "made up" }),
  },
  {
    name: "has a session renewed for a page of theirs",
    guards: [
      guard(
        "backend_api/refresh_session.ts",
        "if (!URL.canParse(origin) || !isAllowedOrigin(instance, new URL(origin).origin)) {",
        "if (false) {",
      ),
      guard("backend_api/refresh_session.ts", "if (claims.azp !== new URL(origin).origin)", "if (false)"),
    ],
    attempt: (target) => refreshes(target, { request_origin: "https://evil.example" }),
  },
  {
    name: "has a session renewed that has ended",
    guards: [
      guard(
        "backend_api/refresh_session.ts",
        'if (!isLive(session, now)) throw refuse("session_refresh_inactive_session");',
        "",
      ),
    ],
    attempt: (target) => refreshes(target, {}, true),
  },
  {
    name: "reads the app server's cookie for renewing a session by a script",
    guards: [
      guard("handshake/directives.ts", ", refresh, { ...options, httpOnly: true }),", ", refresh, options),"),
    ],
    async attempt(target) {
      const lines = await handshakeLines(target);
      return !lines.some((line) => line.startsWith("__refresh_") && /; HttpOnly/i.test(line));
    },
  },
  {
    name: "signs in to production by a session token of the development instance",
    guards: [
      guard("backend_api/verify_own_token.ts", " || claims.iss !== instance.issuer", ""),
      guard(
        "backend_api/verify_own_token.ts",
        "keys.jwks(instance.id)",
        "keys.jwks(String(claims.instance ?? instance.id))",
      ),
    ],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const { keys, instances } = target.parts;
      const development = await instances.byEnvironment("development");
      const now = Math.floor(target.clock.now() / 1000);
      const { victim } = target;
      const token = await signJwt(
        await keys.current(development.id),
        { iss: development.issuer, instance: development.id, sid: victim.sessionId, exp: now + 60 },
        "cl_B7d4PD111AAA",
      );
      const path = `/v1/sessions/${victim.sessionId}/verify`;
      return (await target.backend("POST", path, { token })).status === 200;
    },
  },
];

async function handshakeLines(target: Target): Promise<string[]> {
  const { headers } = await target
    .browserOf(target.victim)
    .get("/v1/client/handshake", { redirect_url: `${target.page}/` });
  const token = new URL(headers.get("location")!).searchParams.get("__clerk_handshake")!;
  return decode(token).claims.handshake as string[];
}

/** Does an app's server get a new token of the victim's session, asking with these fields in place of the right ones? */
async function refreshes(target: Target, fields: Record<string, string>, ends = false): Promise<boolean> {
  const { victim } = target;
  const value = (lines: readonly string[], name: string) =>
    lines.find((line) => line.startsWith(name))!.split(/[=;]/)[1]!;
  const lines = await handshakeLines(target);
  if (ends) await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/end`);
  const path = `/v1/sessions/${victim.sessionId}/refresh`;
  const { status } = await target.backend("POST", path, {
    expired_token: value(lines, "__session"),
    refresh_token: value(lines, "__refresh_"),
    request_origin: target.page,
    ...fields,
  });
  return status === 200;
}
