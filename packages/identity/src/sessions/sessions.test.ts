import { createPublicKey, verify } from "node:crypto";
import { expect, test } from "vitest";
import type { EndedSession } from "../events/events.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PAGE, signUp, TestBrowser } from "../testing/test_browser.ts";

function claimsOf(jwt: string) {
  const [header, claims] = jwt
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  return { header, claims };
}

async function isSigned(identity: StartedIdentity, jwt: string): Promise<boolean> {
  const response = await fetch(`${identity.url}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: { kid: string }[] };
  const { header } = claimsOf(jwt);
  const key = createPublicKey({
    key: keys.find(({ kid }) => kid === header.kid)!,
    format: "jwk",
  });
  const [input, signature] = [jwt.slice(0, jwt.lastIndexOf(".")), jwt.slice(jwt.lastIndexOf(".") + 1)];
  return verify("RSA-SHA256", Buffer.from(input), key, Buffer.from(signature, "base64url"));
}

function multiSession(identity: StartedIdentity) {
  return identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    singleSessionMode: false,
  }));
}

test("a session token says who is signed in, where and until when, and is signed by a published key", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser);
  const { body } = await browser.post(`/v1/client/sessions/${sessionId}/tokens`, { organization_id: "" });
  expect(Object.keys(body)).toEqual(["object", "jwt"]);
  const { header, claims } = claimsOf(body.jwt);
  expect(header).toMatchObject({ alg: "RS256", typ: "JWT", cat: "cl_B7d4PD111AAA" });
  expect(claims).toMatchObject({
    azp: PAGE,
    iss: identity.issuer,
    sub: userId,
    sid: sessionId,
    sts: "active",
    fva: [0, -1],
    v: 2,
  });
  expect(claims.exp - claims.iat).toBe(60);
  expect(claims.jti).toMatch(new RegExp(`^${sessionId.slice("sess_".length)}\\.[0-9A-Za-z]+$`));
  expect(await isSigned(identity, body.jwt)).toBe(true);
  const again = await browser.post(`/v1/client/sessions/${sessionId}/tokens`, {}, { debug: "skip_cache" });
  expect(again.body.jwt).not.toBe(body.jwt);
});

test("a session token carries the claims that the instance adds, but none of them in place of its own", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    sessionClaims: { aud: "convex", email: "{{user.primary_email_address}}", sub: "somebody else", act: {} },
  }));
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser, "jane+clerk_test@example.com");
  const { body } = await browser.post(`/v1/client/sessions/${sessionId}/tokens`);
  const { claims } = claimsOf(body.jwt);
  expect(claims).toMatchObject({ aud: "convex", email: "jane+clerk_test@example.com", sub: userId });
  expect(claims).not.toHaveProperty("act");
});

test("a token of the template convex is no session token, and an unknown template is not found", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser);
  const { body } = await browser.post(`/v1/client/sessions/${sessionId}/tokens/convex`);
  const { header, claims } = claimsOf(body.jwt);
  expect(header.cat).toBe("cl_B7d4PD222AAA");
  expect(claims).toMatchObject({ aud: "convex", sub: userId, iss: identity.issuer });
  expect(claims).not.toHaveProperty("sid");
  const unknown = await browser.post(`/v1/client/sessions/${sessionId}/tokens/nothing`);
  expect([unknown.status, errorCode(unknown)]).toEqual([404, "resource_not_found"]);
});

test("nobody gets a token of somebody else's session", async () => {
  await using identity = await startIdentity();
  const { sessionId } = await signUp(new TestBrowser(identity));
  const stranger = new TestBrowser(identity);
  await signUp(stranger, "joe+clerk_test@example.com");
  for (const path of ["tokens", "tokens/convex", "touch"]) {
    const refused = await stranger.post(`/v1/client/sessions/${sessionId}/${path}`);
    expect([refused.status, errorCode(refused)]).toEqual([401, "authentication_invalid"]);
  }
  expect((await stranger.post(`/v1/client/sessions/${sessionId}/end`)).status).toBe(404);
  expect((await stranger.get(`/v1/client/sessions/${sessionId}`)).status).toBe(404);
});

test("signing out ends the session at once, and the rest of the program hears of it after the commit", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser);
  const ended: EndedSession[] = [];
  identity.identity.events.onSessionsEnded((sessions) => ended.push(...sessions));
  const { body } = await browser.delete("/v1/client/sessions");
  expect(body.response.sessions).toEqual([]);
  expect(body.client).toEqual(body.response);
  expect(ended).toEqual([{ sessionId, userId, issuer: identity.issuer }]);
  expect((await browser.post(`/v1/client/sessions/${sessionId}/tokens`)).status).toBe(401);
  expect((await browser.get(`/v1/client/sessions/${sessionId}`)).body.response).toMatchObject({
    status: "ended",
    last_active_token: null,
  });
  // The browser itself is still known.
  expect((await browser.get("/v1/client")).body.response.id).toBe(body.response.id);
});

test("of several accounts in a browser one is signed out, the others stay", async () => {
  await using identity = await startIdentity();
  await multiSession(identity);
  const browser = new TestBrowser(identity);
  const jane = await signUp(browser);
  const joe = await signUp(browser, "joe+clerk_test@example.com");
  const touched = await browser.post(`/v1/client/sessions/${jane.sessionId}/touch`, {
    active_organization_id: "",
    intent: "select_session",
  });
  expect(touched.body.client.last_active_session_id).toBe(jane.sessionId);
  expect(touched.body.response.last_active_token.jwt).toBe(
    touched.body.client.sessions.find(({ id }: { id: string }) => id === jane.sessionId).last_active_token
      .jwt,
  );
  const removed = await browser.post(`/v1/client/sessions/${jane.sessionId}/remove`);
  expect(removed.body.response.status).toBe("removed");
  expect(removed.body.client.sessions.map(({ id }: { id: string }) => id)).toEqual([joe.sessionId]);
  expect(removed.body.client.last_active_session_id).toBe(joe.sessionId);
});

test("each change is newer than the one before, or pages would not show it", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  let before = (await browser.get("/v1/client")).body.response;
  for (let touch = 0; touch < 3; touch++) {
    const { client } = (await browser.post(`/v1/client/sessions/${sessionId}/touch`)).body;
    expect(client.updated_at).toBeGreaterThan(before.updated_at);
    expect(client.sessions[0].updated_at).toBeGreaterThan(before.sessions[0].updated_at);
    before = client;
  }
});

test("a banned user's sessions give no tokens", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser);
  await identity.parts.store.transact("test", async (tx) => {
    await tx.patch("users", (await tx.get("users", userId))!, { banned: true });
  });
  const refused = await browser.post(`/v1/client/sessions/${sessionId}/tokens`);
  expect([refused.status, errorCode(refused)]).toEqual([403, "user_banned"]);
  expect((await browser.get("/v1/client")).body.response.sessions).toEqual([]);
});

test("sessions outlive a restart", async () => {
  const first = await startIdentity();
  const browser = new TestBrowser(first);
  const { sessionId } = await signUp(browser);
  await using second = await first.restart();
  // Another port: the cookie's name carries the instance's suffix, which the port is part of.
  const moved = new TestBrowser(second);
  const [secret] = [...browser.cookies.values()];
  const { cookieSuffix } = await second.parts.instances.byEnvironment("development");
  moved.cookies.set(`__client_${cookieSuffix}`, secret!);
  expect((await moved.get("/v1/client")).body.response.sessions[0].id).toBe(sessionId);
});
