import { createClerkClient } from "clerk-backend-genuine";
import { describe, expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { signUp, TestBrowser } from "../testing/test_browser.ts";

const APP = "http://localhost:3000";
const TEN_MINUTES = 10 * 60_000;

/** What an app's browser holds ten minutes after a handshake: everything is still good but the session token. */
async function afterTenMinutes(server: StartedIdentity) {
  // The genuine package goes by the machine's own clock, so that the sign-in has to lie in its past.
  server.clock.advance(-TEN_MINUTES);
  const browser = new TestBrowser(server);
  const { sessionId, userId } = await signUp(browser);
  const reply = await browser.get("/v1/client/handshake", { redirect_url: `${APP}/`, format: "nonce" });
  const nonce = new URL(reply.headers.get("location")!).searchParams.get("__clerk_handshake_nonce")!;
  const clerk = createClerkClient({ secretKey: server.secretKey, apiUrl: server.url });
  const { directives } = await clerk.clients.getHandshakePayload({ nonce });
  server.clock.advance(TEN_MINUTES);
  const cookies = new Map(
    directives.map((directive) => directive.split(";")[0]!.split("=") as [string, string]),
  );
  return { browser, clerk, sessionId, userId, directives, cookies };
}

function request(cookies: ReadonlyMap<string, string>): Request {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  return new Request(`${APP}/`, { headers: { host: "localhost:3000", accept: "text/html", cookie } });
}

describe("an app's server whose browser has an expired token", () => {
  test("gets a new one by the refresh token, without sending the browser around", async () => {
    await using server = await startIdentity();
    const { clerk, cookies, userId, sessionId } = await afterTenMinutes(server);
    const state = await clerk.authenticateRequest(request(cookies), {
      publishableKey: server.publishableKey,
    });
    expect(state.status).toBe("signed-in");
    expect(state.toAuth()).toMatchObject({ userId, sessionId });
    expect(state.headers.getSetCookie().some((text) => text.startsWith("__session="))).toBe(true);
  });

  test("sends it to the handshake once the session has ended", async () => {
    await using server = await startIdentity();
    const { clerk, cookies, sessionId } = await afterTenMinutes(server);
    await clerk.sessions.revokeSession(sessionId);
    const state = await clerk.authenticateRequest(request(cookies), {
      publishableKey: server.publishableKey,
    });
    expect(state.status).toBe("handshake");
  });
});

test("scripts cannot read the refresh token", async () => {
  await using server = await startIdentity();
  const { directives } = await afterTenMinutes(server);
  const text = directives.find((directive) => directive.startsWith("__refresh_"))!;
  expect(text).toContain("; HttpOnly");
});

test("a refresh token is good for its own session and page only", async () => {
  await using server = await startIdentity();
  const { clerk, cookies, sessionId } = await afterTenMinutes(server);
  const suffix = [...cookies.keys()]
    .find((name) => name.startsWith("__refresh_"))!
    .slice("__refresh_".length);
  const good = {
    format: "token",
    expired_token: cookies.get("__session")!,
    refresh_token: cookies.get(`__refresh_${suffix}`)!,
    request_origin: APP,
    request_headers: {},
  } as const;
  const code = (fields: Partial<Record<keyof typeof good, string>>, id = sessionId) =>
    clerk.sessions.refreshSession(id, { ...good, ...fields } as typeof good).then(
      () => null,
      (error: { status: number; errors: { code: string }[] }) => [error.status, error.errors[0]!.code],
    );
  expect(await code({})).toBeNull();
  const other = await signUp(new TestBrowser(server), "other+clerk_test@example.com");
  expect(await code({}, other.sessionId)).toEqual([401, "refresh_token_not_found"]);
  expect(await code({}, "sess_none")).toEqual([401, "session_refresh_session_not_found"]);
  expect(await code({ refresh_token: "0".repeat(64) })).toEqual([401, "refresh_token_not_found"]);
  expect(await code({ request_origin: "http://localhost:4000" })).toEqual([
    401,
    "refresh_request_origin_azp_mismatch",
  ]);
  expect(await code({ request_origin: "https://evil.example" })).toEqual([
    401,
    "refresh_request_origin_invalid",
  ]);
  expect(await code({ expired_token: "a.b.c" })).toEqual([401, "expired_session_token_invalid"]);
  const { jwt: template } = await clerk.sessions.getToken(sessionId, "convex");
  expect(await code({ expired_token: template })).toEqual([401, "expired_session_token_missing_sid"]);
  const { jwt: theirs } = await clerk.sessions.getToken(other.sessionId);
  expect(await code({ expired_token: theirs })).toEqual([401, "refresh_sid_mismatch"]);
});
