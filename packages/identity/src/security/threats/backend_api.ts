import { digestOf } from "../../digest.ts";
import { secretKeyOf } from "../../keys/secret_keys.ts";
import type { Parts } from "../../parts.ts";
import type { RawReply } from "../raw_request.ts";
import { isSignedIn, PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

function listUsers(
  target: Target,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawReply> {
  return target.send({ path, headers });
}

async function developmentKey({ instances, store, seal }: Parts): Promise<string> {
  const { id } = await instances.byEnvironment("development");
  return secretKeyOf(store.read(), id, seal);
}

const isList = ({ status, body }: RawReply) => status === 200 && Array.isArray(body) && body.length > 0;

export const BACKEND_API: readonly Threat[] = [
  {
    name: "calls the Backend API without a key",
    guards: [
      guard("identity.ts", "if (header === null || !header.startsWith(BEARER)) throw", "if (false) throw"),
      guard(
        "identity.ts",
        "const id = await instanceOfSecretKey(reader, header.slice(BEARER.length));",
        "const id = header === null ? (await instances.byEnvironment(instances.main)).id : null;",
      ),
    ],
    attempt: async (target) => isList(await listUsers(target, "/v1/users")),
  },
  {
    name: "makes a key up",
    guards: [
      guard(
        "identity.ts",
        "const id = await instanceOfSecretKey(reader, header.slice(BEARER.length));",
        "const id = (await instances.byEnvironment(instances.main)).id;",
      ),
    ],
    attempt: async (target) =>
      isList(await target.backend("GET", "/v1/users", undefined, `sk_test_${"0".repeat(42)}`)),
  },
  {
    name: "uses the publishable key, which every page shows, as if it were the secret one",
    guards: [
      guard(
        "identity.ts",
        "const id = await instanceOfSecretKey(reader, header.slice(BEARER.length));",
        "const main = await instances.byEnvironment(instances.main);\n  const id = header.slice(BEARER.length) === main.publishableKey ? main.id : await instanceOfSecretKey(reader, header.slice(BEARER.length));",
      ),
    ],
    attempt: async (target) =>
      isList(await target.backend("GET", "/v1/users", undefined, target.publishableKey)),
  },
  {
    name: "reads a copy of the database and uses the digest of a key as the key",
    guards: [guard("keys/secret_keys.ts", "[digestOf(secret)]))?.instanceId", "[secret]))?.instanceId")],
    attempt: async (target) =>
      isList(await target.backend("GET", "/v1/users", undefined, digestOf(target.secretKey))),
  },
  {
    name: "puts a key that leaked into the address, where every log keeps it",
    guards: [
      guard(
        "identity.ts",
        'const header = request.headers.get("authorization");',
        'const query = new URL(request.url).searchParams.get("secret_key");\n  const header = request.headers.get("authorization") ?? (query === null ? null : BEARER + query);',
      ),
    ],
    attempt: async (target) => isList(await listUsers(target, `/v1/users?secret_key=${target.secretKey}`)),
  },
  {
    name: "uses the key of development for the users of production",
    guards: [guard("backend_api/user_of.ts", " || user.instanceId !== instance.id", "")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const key = await developmentKey(target.parts);
      const { body } = await target.backend("GET", `/v1/users/${target.victim.userId}`, undefined, key);
      return body?.id === target.victim.userId;
    },
  },
  {
    name: "gets a ticket to an account of production by the key of development",
    guards: [
      guard(
        "backend_api/ticket_routes.ts",
        "if (user === null || user.instanceId !== instance.id) {",
        "if (user === null) {",
      ),
      guard("sign_ins/ticket.ts", " || token.instanceId !== instance.id", ""),
    ],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const key = await developmentKey(target.parts);
      const fields = { user_id: target.victim.userId };
      const { body } = await target.backend("POST", "/v1/sign_in_tokens", fields, key);
      if (typeof body?.token !== "string") return false;
      const ticket = { strategy: "ticket", ticket: body.token as string };
      return isSignedIn(await target.stranger().post("/v1/client/sign_ins", ticket));
    },
  },
  {
    name: "moves a user to another instance by a field that nobody documents",
    guards: [
      guard("backend_api/change_user.ts", "checkFields(body, UPDATE_FIELDS);", ""),
      guard(
        "backend_api/change_user.ts",
        'return tx.patch("users", user, {\n      ...changes,',
        'return tx.patch("users", user, {\n      ...changes,\n      ...(body.json() as {}),',
      ),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      await target.backend("PATCH", `/v1/users/${victim.userId}`, { instanceId: "ins_other" });
      return (await parts.store.read().get("users", victim.userId))?.instanceId === "ins_other";
    },
  },
  {
    name: "brings a password digest whose cost blocks the server for minutes",
    guards: [guard("backend_api/change_user.ts", "if (fault !== null) throw", "if (false) throw")],
    async attempt(target) {
      const { status } = await target.backend("POST", "/v1/users", {
        email_address: ["import@example.com"],
        password_digest: "pbkdf2_sha256$999999999$c2FsdA==$aGFzaA==",
        password_hasher: "pbkdf2_sha256",
      });
      return status === 200;
    },
  },
  {
    name: "has a session of their own accepted as the token of another one",
    guards: [guard("backend_api/session_routes.ts", "claims?.sid !== session.id ||", "claims === null ||")],
    async attempt(target) {
      const { mallory, victim } = target;
      const minted = await target.browserOf(mallory).post(`/v1/client/sessions/${mallory.sessionId}/tokens`);
      const fields = { token: minted.body.jwt as string };
      return (await target.backend("POST", `/v1/sessions/${victim.sessionId}/verify`, fields)).status === 200;
    },
  },
  {
    name: "signs a token with a key of their own",
    guards: [
      guard(
        "backend_api/verify_own_token.ts",
        'return verify("RSA-SHA256", input, publicKey, Buffer.from(signature, "base64url")) ? claims : null;',
        "return claims;",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      const minted = await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/tokens`);
      const [header, payload] = (minted.body.jwt as string).split(".");
      const token = `${header}.${payload}.${Buffer.from("made up").toString("base64url")}`;
      return (
        (await target.backend("POST", `/v1/sessions/${victim.sessionId}/verify`, { token })).status === 200
      );
    },
  },
  {
    name: "shows a token of a session long after it has expired",
    guards: [guard("backend_api/verify_own_token.ts", "claims.exp > seconds - CLOCK_SKEW_SECONDS", "true")],
    async attempt(target) {
      const { victim } = target;
      const minted = await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/tokens`);
      target.clock.advance(10 * 60_000);
      const fields = { token: minted.body.jwt as string };
      return (await target.backend("POST", `/v1/sessions/${victim.sessionId}/verify`, fields)).status === 200;
    },
  },
  {
    name: "has a revoked session verified by a token that is still good",
    guards: [
      guard(
        "backend_api/session_routes.ts",
        "claims?.sid !== session.id || !isLive(session, call.now)",
        "claims?.sid !== session.id",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      const minted = await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/tokens`);
      await target.backend("POST", `/v1/sessions/${victim.sessionId}/revoke`);
      const fields = { token: minted.body.jwt as string };
      return (await target.backend("POST", `/v1/sessions/${victim.sessionId}/verify`, fields)).status === 200;
    },
  },
  {
    name: "has a server mint tokens of a session that has ended",
    guards: [
      guard(
        "backend_api/session_routes.ts",
        "if (user === null || !isLive(session, call.now)) {",
        "if (user === null) {",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/end`);
      return (await target.backend("POST", `/v1/sessions/${victim.sessionId}/tokens`)).status === 200;
    },
  },
  {
    name: "uses a ticket that was revoked",
    guards: [guard("backend_api/ticket_routes.ts", 'status: "revoked", updatedAt: now', "updatedAt: now")],
    async attempt(target) {
      const fields = { user_id: target.victim.userId };
      const { body } = await target.backend("POST", "/v1/sign_in_tokens", fields);
      await target.backend("POST", `/v1/sign_in_tokens/${body.id}/revoke`);
      const ticket = { strategy: "ticket", ticket: body.token as string };
      return isSignedIn(await target.stranger().post("/v1/client/sign_ins", ticket));
    },
  },
  {
    name: "guesses passwords through an app's server, which verifies them by the Backend API",
    guards: [guard("backend_api/account_routes.ts", 'parts.rates.take("attempt", user.id);', "")],
    options: { limits: { attemptsPerWindow: 3 } },
    async attempt(target) {
      const statuses: number[] = [];
      for (let guess = 0; guess < 5; guess++) {
        const path = `/v1/users/${target.victim.userId}/verify_password`;
        statuses.push((await target.backend("POST", path, { password: "wrong again" })).status);
      }
      return !statuses.includes(429);
    },
  },
  {
    name: "adds origins with patterns, to let every site in",
    guards: [
      guard(
        "backend_api/instance_settings.ts",
        '.refine((value) => isOrigin(value) && !value.includes("*"), {',
        ".refine(() => true, {",
      ),
    ],
    attempt: async (target) =>
      (await target.backend("PATCH", "/v1/instance", { allowed_origins: ["*"] })).status === 204,
  },
  {
    name: "switches a guard off by a field with a slip in its name, and thinks it is on",
    guards: [
      guard(
        "backend_api/instance_settings.ts",
        "const SETTINGS = z\n  .strictObject({",
        "const SETTINGS = z\n  .object({",
      ),
    ],
    attempt: async (target) =>
      (await target.backend("PATCH", "/v1/instance", { lock_out: true })).status === 204,
  },
];
