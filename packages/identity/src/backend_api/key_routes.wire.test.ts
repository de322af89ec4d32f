import { createClerkClient, verifyToken } from "clerk-backend-genuine";
import { expect, test } from "vitest";
import { type GenuineBackend, refusal, startGenuineBackend } from "../testing/genuine_backend.ts";
import type { Reply } from "../testing/test_browser.ts";

async function send(
  backend: GenuineBackend,
  method: string,
  path: string,
  body?: unknown,
): Promise<Pick<Reply, "status" | "body">> {
  const response = await backend.api(method, path, body);
  return { status: response.status, body: await response.json() };
}

/** Somebody who is signed in: answers what gives them a new token. */
async function signIn(backend: GenuineBackend): Promise<() => Promise<string>> {
  const { id } = await backend.newUser();
  const session = await backend.clerk.sessions.createSession({ userId: id });
  return async () => (await backend.clerk.sessions.getToken(session.id)).jwt;
}

/** As an app's server does it that has kept no keys. */
function check({ server }: GenuineBackend, token: string) {
  return verifyToken(token, { secretKey: server.secretKey, apiUrl: server.url, skipJwksCache: true });
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()).kid;
}

test("after a rotation the new key signs, and tokens of the old one are good until they expire", async () => {
  await using backend = await startGenuineBackend();
  const token = await signIn(backend);
  const before = await token();
  const rotated = await send(backend, "POST", "/signing_keys/rotate");
  expect(rotated.body).toMatchObject({ object: "signing_key", retired_at: null });
  const after = await token();
  expect(kidOf(before)).not.toBe(rotated.body.id);
  expect(kidOf(after)).toBe(rotated.body.id);
  for (const one of [before, after]) expect((await check(backend, one)).sub).toMatch(/^user_/);
  const listed = (await send(backend, "GET", "/signing_keys")).body;
  expect(listed).toMatchObject([
    { id: kidOf(after), retired_at: null },
    { id: kidOf(before), retired_at: rotated.body.created_at },
  ]);
  // A retired key is published for two days; the rotation after that forgets it.
  backend.server.clock.advance(2 * 24 * 3600 * 1000 + 1);
  await send(backend, "POST", "/signing_keys/rotate");
  expect(
    (await send(backend, "GET", "/signing_keys")).body.map(({ id }: { id: string }) => id),
  ).not.toContain(kidOf(before));
});

test("a leaked key is revoked: nothing that it has signed is good any more, and everybody stays signed in", async () => {
  await using backend = await startGenuineBackend();
  const token = await signIn(backend);
  const before = await token();
  await send(backend, "POST", "/signing_keys/rotate", { revoke_previous: true });
  await expect(check(backend, before)).rejects.toMatchObject({ reason: "jwk-kid-mismatch" });
  expect((await check(backend, await token())).sub).toMatch(/^user_/);
  expect((await send(backend, "POST", "/signing_keys/rotate", { revoke: true })).status).toBe(422);
});

test("a secret key is made, shown once, and deleted, from when on it opens nothing", async () => {
  await using backend = await startGenuineBackend();
  const { server, clerk } = backend;
  const made = (await send(backend, "POST", "/secret_keys")).body;
  expect(made).toMatchObject({ object: "secret_key", secret: expect.stringMatching(/^sk_test_\w{42}$/) });
  const listed = await send(backend, "GET", "/secret_keys");
  expect(listed.body).toMatchObject([{ id: made.id }, { object: "secret_key" }]);
  expect(JSON.stringify(listed.body)).not.toMatch(/sk_test_/);
  const second = createClerkClient({ secretKey: made.secret, apiUrl: server.url });
  expect(await second.users.getCount()).toBe(0);

  expect((await send(backend, "DELETE", `/secret_keys/${made.id}`)).body).toMatchObject({ deleted: true });
  expect(await refusal(second.users.getCount())).toMatchObject({ status: 401, code: "clerk_key_invalid" });
  expect((await send(backend, "DELETE", `/secret_keys/${made.id}`)).status).toBe(404);
  const last = await send(backend, "DELETE", `/secret_keys/${listed.body[1].id}`);
  expect(last).toMatchObject({ status: 403, body: { errors: [{ code: "resource_forbidden" }] } });
  expect(await clerk.users.getCount()).toBe(0);
});

test("the newest secret key is the one that the server's owner is shown", async () => {
  await using backend = await startGenuineBackend();
  backend.server.clock.advance(1);
  const { secret } = (await send(backend, "POST", "/secret_keys")).body;
  expect((await backend.server.identity.facts()).secretKey).toBe(secret);
});

test("the keys of another instance are not there for this one's, and every change has its line", async () => {
  await using backend = await startGenuineBackend();
  const { parts } = backend.server;
  const production = await parts.instances.byEnvironment("production");
  const [foreign] = await parts.store.read().list("secret_keys", "by_creation", [production.id]);
  expect((await send(backend, "DELETE", `/secret_keys/${foreign!.id}`)).status).toBe(404);
  const rotated = (await send(backend, "POST", "/signing_keys/rotate")).body;
  const made = (await send(backend, "POST", "/secret_keys")).body;
  await send(backend, "DELETE", `/secret_keys/${made.id}`);
  const { data } = (await send(backend, "GET", "/audit_events")).body;
  expect(data).toMatchObject([
    { action: "secret_key.deleted", subject: made.id, actor: "backend_api" },
    { action: "secret_key.created", subject: made.id },
    { action: "signing_keys.rotated", subject: rotated.id, detail: { revokePrevious: false } },
  ]);
  expect(JSON.stringify(data)).not.toContain(made.secret);
});
