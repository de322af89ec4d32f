import { verifyToken } from "clerk-backend-genuine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type GenuineBackend,
  type GenuineClient,
  refusal,
  startGenuineBackend,
} from "../testing/genuine_backend.ts";
import type { StartedIdentity } from "../testing/start_identity.ts";
import { signUp, TestBrowser } from "../testing/test_browser.ts";

let backend: GenuineBackend;
let server: StartedIdentity;
let clerk: GenuineClient;

beforeAll(async () => {
  backend = await startGenuineBackend();
  ({ server, clerk } = backend);
});

afterAll(async () => {
  expect(server.reported).toEqual([]);
  await backend[Symbol.asyncDispose]();
});

describe("sessions", () => {
  test("are created, listed, tokened and revoked; the tokens verify with the genuine verifier", async () => {
    const user = await backend.newUser({ firstName: "Ada" });
    const session = await clerk.sessions.createSession({ userId: user.id });
    expect(session).toMatchObject({ userId: user.id, status: "active" });
    const listed = await clerk.sessions.getSessionList({ userId: user.id, status: "active" });
    expect(listed).toMatchObject({ totalCount: 1, data: [{ id: session.id }] });

    const { jwt } = await clerk.sessions.getToken(session.id);
    const claims = await verifyToken(jwt, { secretKey: server.secretKey, apiUrl: server.url });
    expect(claims).toMatchObject({ sub: user.id, sid: session.id, iss: server.issuer, v: 2 });
    expect(await clerk.sessions.verifySession(session.id, jwt)).toMatchObject({ id: session.id });
    expect(await refusal(clerk.sessions.verifySession(session.id, `${jwt.slice(0, -4)}AAAA`))).toMatchObject({
      code: "invalid_session_token",
    });

    const template = await clerk.sessions.getToken(session.id, "convex", 120);
    const convex = await verifyToken(template.jwt, { secretKey: server.secretKey, apiUrl: server.url });
    expect(convex).toMatchObject({ aud: "convex", given_name: "Ada", sub: user.id });
    expect(convex.exp - convex.iat).toBe(120);
    expect(await refusal(clerk.sessions.getToken(session.id, "none"))).toMatchObject({ status: 404 });

    expect((await clerk.sessions.revokeSession(session.id)).status).toBe("revoked");
    expect(await refusal(clerk.sessions.getToken(session.id))).toMatchObject({ status: 404 });
  });

  test("a token of a template is no session token", async () => {
    const user = await backend.newUser();
    const session = await clerk.sessions.createSession({ userId: user.id });
    const { jwt } = await clerk.sessions.getToken(session.id, "convex");
    expect(await refusal(clerk.sessions.verifySession(session.id, jwt))).toMatchObject({
      code: "invalid_session_token",
    });
    const request = new Request("http://localhost:5173/", { headers: { authorization: `Bearer ${jwt}` } });
    const state = await clerk.authenticateRequest(request, { publishableKey: server.publishableKey });
    expect(state.isAuthenticated).toBe(false);
    const own = new Request("http://localhost:5173/", {
      headers: { authorization: `Bearer ${(await clerk.sessions.getToken(session.id)).jwt}` },
    });
    const signedIn = await clerk.authenticateRequest(own, { publishableKey: server.publishableKey });
    expect(signedIn.toAuth()).toMatchObject({ userId: user.id, sessionId: session.id });
  });

  test("the browsers of people are seen with their sessions", async () => {
    const browser = new TestBrowser(server);
    const { sessionId } = await signUp(browser, "browser+clerk_test@example.com");
    const { clientId } = await clerk.sessions.getSession(sessionId);
    expect(await clerk.clients.getClient(clientId)).toMatchObject({ id: clientId, sessionIds: [sessionId] });
    expect((await clerk.clients.getClientList({ limit: 500 })).data.map(({ id }) => id)).toContain(clientId);
    const [secret] = [...browser.cookies]
      .filter(([name]) => name.startsWith("__client_"))
      .map(([, value]) => value);
    expect(await clerk.clients.verifyClient(secret!)).toMatchObject({ id: clientId });
    expect(await refusal(clerk.clients.verifyClient("nothing"))).toMatchObject({ code: "cookie_invalid" });
  });

  test("the last active session of a browser is one that is alive", async () => {
    const { sessionId } = await signUp(new TestBrowser(server), "over+clerk_test@example.com");
    const { clientId } = await clerk.sessions.getSession(sessionId);
    const lastActive = async () => (await clerk.clients.getClient(clientId)).lastActiveSessionId;
    expect(await lastActive()).toBe(sessionId);
    await clerk.sessions.revokeSession(sessionId);
    expect(await lastActive()).toBeNull();
  });

  test("browsers come in pages, the newest first, with how many there are", async () => {
    const all = (await clerk.clients.getClientList({ limit: 500 })).data.map(({ id }) => id);
    const { data, totalCount } = await clerk.clients.getClientList({ limit: 1, offset: 1 });
    expect([data.map(({ id }) => id), totalCount]).toEqual([[all[1]], all.length]);
  });
});

describe("tickets", () => {
  test("a sign-in token signs in, once", async () => {
    const user = await backend.newUser();
    const { token, url, id } = await clerk.signInTokens.createSignInToken({
      userId: user.id,
      expiresInSeconds: 60,
    });
    expect(url).toContain(token);
    const use = () =>
      new TestBrowser(server).post("/v1/client/sign_ins", { strategy: "ticket", ticket: token });
    expect((await use()).body.response.status).toBe("complete");
    expect((await use()).status).toBe(400);
    expect(await refusal(clerk.signInTokens.revokeSignInToken(id))).toMatchObject({
      code: "sign_in_token_cannot_be_revoked_code",
    });
    const other = await clerk.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 60 });
    expect((await clerk.signInTokens.revokeSignInToken(other.id)).status).toBe("revoked");
  });

  test("a testing token is given for an hour", async () => {
    const made = (await clerk.testingTokens.createTestingToken()) as unknown as {
      token: string;
      expires_at: number;
    };
    expect(made.token).toHaveLength(43);
    expect(made.expires_at * 1000 - server.clock.now()).toBeGreaterThan(59 * 60_000);
  });
});
