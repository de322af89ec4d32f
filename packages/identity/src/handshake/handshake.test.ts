import { expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, signUp, TestBrowser } from "../testing/test_browser.ts";

const APP = "http://localhost:3000/page?a=1";

async function fetchPayload(identity: StartedIdentity, nonce: string) {
  const response = await fetch(`${identity.url}/v1/clients/handshake_payload?nonce=${nonce}`, {
    headers: { authorization: `Bearer ${identity.secretKey}` },
  });
  return { status: response.status, body: (await response.json()) as { directives: string[] } };
}

function cookiesOf(directives: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    directives.map((directive) => directive.split(";")[0]!.split("=") as [string, string]),
  );
}

test("an app's server learns by a nonce who is signed in, once", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  const reply = await browser.get("/v1/client/handshake", { redirect_url: APP, format: "nonce" });
  expect(reply.status).toBe(307);
  const back = new URL(reply.headers.get("location")!);
  expect(back.origin + back.pathname).toBe("http://localhost:3000/page");
  expect(back.searchParams.get("a")).toBe("1");
  const nonce = back.searchParams.get("__clerk_handshake_nonce")!;
  const { body } = await fetchPayload(identity, nonce);
  const cookies = cookiesOf(body.directives);
  const claims = JSON.parse(Buffer.from(cookies.__session!.split(".")[1]!, "base64url").toString());
  expect(claims).toMatchObject({ sid: sessionId, azp: "http://localhost:3000" });
  // A later moment would make the app's server ask again, and again.
  expect(Number(cookies.__client_uat)).toBeLessThanOrEqual(claims.iat);
  expect(Number(cookies.__client_uat)).toBeGreaterThan(0);
  expect(cookies.__clerk_db_jwt).toMatch(/^dvb_/);
  const { cookieSuffix } = await identity.parts.instances.byEnvironment("development");
  const suffixed = Object.keys(cookies).filter((name) => name.endsWith(`_${cookieSuffix}`));
  expect(suffixed.map((name) => name.slice(0, -cookieSuffix.length - 1)).toSorted()).toEqual([
    "__clerk_db_jwt",
    "__client_uat",
    "__refresh",
    "__session",
  ]);
  expect((await fetchPayload(identity, nonce)).status).toBe(404);
});

test("a handshake in a token is signed, and says that nobody is signed in", async () => {
  await using identity = await startIdentity();
  const reply = await new TestBrowser(identity).get("/v1/client/handshake", { redirect_url: APP });
  const token = new URL(reply.headers.get("location")!).searchParams.get("__clerk_handshake")!;
  const { handshake } = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
  expect(cookiesOf(handshake)).toMatchObject({ __client_uat: "0", __session: "" });
  expect(handshake.find((text: string) => text.startsWith("__session="))).toContain("Max-Age=0");
});

test("the development browser that a handshake gives stands for the same client", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  const reply = await browser.get("/v1/client/handshake", { redirect_url: APP, format: "nonce" });
  const nonce = new URL(reply.headers.get("location")!).searchParams.get("__clerk_handshake_nonce")!;
  const token = cookiesOf((await fetchPayload(identity, nonce)).body.directives).__clerk_db_jwt!;
  const app = new TestBrowser(identity, { query: { __clerk_db_jwt: token } });
  expect((await app.get("/v1/client")).body.response.sessions[0].id).toBe(sessionId);
});

test("nothing of a session is sent to an address that nobody allowed", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  await signUp(browser);
  for (const redirect_url of [
    "https://evil.example/",
    "http://localhost@evil.example/",
    "javascript:alert(1)",
  ]) {
    const refused = await browser.get("/v1/client/handshake", { redirect_url, format: "nonce" });
    expect([refused.status, errorCode(refused)]).toEqual([422, "invalid_redirect_url"]);
    expect(refused.headers.get("location")).toBeNull();
  }
  const missing = await browser.get("/v1/client/handshake", { format: "nonce" });
  expect(errorCode(missing)).toBe("invalid_handshake");
});

test("a handshake that nobody fetched in a minute is worth nothing", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const reply = await browser.get("/v1/client/handshake", { redirect_url: APP, format: "nonce" });
  const nonce = new URL(reply.headers.get("location")!).searchParams.get("__clerk_handshake_nonce")!;
  identity.clock.advance(60_000);
  expect((await fetchPayload(identity, nonce)).status).toBe(404);
});
