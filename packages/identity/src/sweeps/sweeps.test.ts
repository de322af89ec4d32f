import { expect, test } from "vitest";
import type { EndedSession } from "../events/events.ts";
import { startGenuineBackend } from "../testing/genuine_backend.ts";
import { startIdentity } from "../testing/start_identity.ts";
import { errorCode, signUp, TestBrowser } from "../testing/test_browser.ts";
import { Sweeper } from "./index.ts";

const DAY = 24 * 60 * 60_000;

test("a session that nobody uses ends by itself, and the rest of the program hears of it", async () => {
  await using identity = await startIdentity({ limits: { sessionLifetime: 30 * DAY } });
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  const ended: EndedSession[] = [];
  identity.identity.events.onSessionsEnded((sessions) => ended.push(...sessions));
  const sweeper = new Sweeper(identity.parts);
  await sweeper.sweep();
  expect(ended).toEqual([]);
  identity.clock.advance(7 * DAY);
  // Even before a sweep it is good for nothing.
  expect((await browser.post(`/v1/client/sessions/${sessionId}/tokens`)).status).toBe(401);
  await sweeper.sweep();
  expect(ended).toEqual([expect.objectContaining({ sessionId, issuer: identity.issuer })]);
  const row = await identity.parts.store.read().get("sessions", sessionId);
  expect(row).toMatchObject({ status: "abandoned", openUntil: null });
});

test("a session that is used lasts until its lifetime is over", async () => {
  await using identity = await startIdentity({ limits: { sessionLifetime: 10 * DAY } });
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  const sweeper = new Sweeper(identity.parts);
  const status = async () => (await identity.parts.store.read().get("sessions", sessionId))?.status;
  identity.clock.advance(6 * DAY);
  expect((await browser.post(`/v1/client/sessions/${sessionId}/tokens`)).status).toBe(200);
  identity.clock.advance(3 * DAY);
  await sweeper.sweep();
  expect(await status()).toBe("active");
  identity.clock.advance(1 * DAY);
  await sweeper.sweep();
  expect(await status()).toBe("expired");
});

test("a browser that is forgotten takes its sessions along", async () => {
  await using identity = await startIdentity({
    limits: { clientLifetime: 5 * DAY, sessionLifetime: 30 * DAY, sessionInactivity: 30 * DAY },
  });
  const { sessionId } = await signUp(new TestBrowser(identity));
  identity.clock.advance(5 * DAY);
  await new Sweeper(identity.parts).sweep();
  expect((await identity.parts.store.read().get("sessions", sessionId))?.status).toBe("expired");
});

test("what nobody went on with is removed", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { id } = (await browser.post("/v1/client/sign_ins", { identifier: "a@example.com" })).body.response;
  const sweeper = new Sweeper(identity.parts);
  await sweeper.sweep();
  expect((await browser.get(`/v1/client/sign_ins/${id}`)).status).toBe(200);
  identity.clock.advance(DAY);
  await sweeper.sweep();
  expect((await browser.get(`/v1/client/sign_ins/${id}`)).status).toBe(404);
  expect((await browser.get("/v1/client")).body.response.sign_in).toBeNull();
  identity.clock.advance(400 * DAY);
  await sweeper.sweep();
  expect((await browser.get("/v1/client")).body.response).toBeNull();
  const reader = identity.parts.store.read();
  expect(await reader.list("clients", "by_expiry", [])).toEqual([]);
});

test.each([
  ["for a year", {}, 0],
  ["for as long as is set", { auditMemory: 400 * DAY }, 1],
  ["for ever if so set", { auditMemory: 0 }, 1],
])("the audit log keeps its lines %s", async (_, limits, left) => {
  await using identity = await startIdentity({ limits: { ...limits, sessionLifetime: 500 * DAY } });
  const { store } = identity.parts;
  const { userId } = await signUp(new TestBrowser(identity));
  const lines = () => store.read().list("audit_events", "by_subject", [userId]);
  const sweeper = new Sweeper(identity.parts);
  identity.clock.advance(364 * DAY);
  await sweeper.sweep();
  expect(await lines()).toHaveLength(1);
  identity.clock.advance(2 * DAY);
  const { sessionId } = await signUp(new TestBrowser(identity), "later+clerk_test@example.com");
  await sweeper.sweep();
  expect(await lines()).toHaveLength(left);
  expect(await store.read().list("audit_events", "by_subject", [sessionId])).toHaveLength(1);
});

test("a sign-in token that nobody used is told to have expired, and forgotten a month later", async () => {
  await using backend = await startGenuineBackend();
  const { server, clerk } = backend;
  const { id } = await backend.newUser();
  const { token } = await clerk.signInTokens.createSignInToken({ userId: id, expiresInSeconds: 60 });
  const sweeper = new Sweeper(server.parts);
  const refused = async () => {
    await sweeper.sweep();
    const fields = { strategy: "ticket", ticket: token };
    return errorCode(await new TestBrowser(server).post("/v1/client/sign_ins", fields));
  };
  server.clock.advance(60_000);
  expect(await refused()).toBe("ticket_expired_code");
  server.clock.advance(30 * DAY);
  expect(await refused()).toBe("ticket_invalid_code");
  expect(await server.parts.store.read().list("sign_in_tokens", "by_expiry", [])).toEqual([]);
});
