import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { errorCode, signUp, TestBrowser } from "../testing/test_browser.ts";

test("a browser that nobody knows has no client, and gets one when it needs one", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  expect((await browser.get("/v1/client")).body).toEqual({ response: null, client: null });
  const created = await browser.post("/v1/client");
  expect(created.body.response).toMatchObject({ object: "client", sessions: [], captcha_bypass: false });
  expect((await browser.get("/v1/client")).body.response.id).toBe(created.body.response.id);
});

test("the cookie is out of reach of scripts and of other sites, and is not what the store keeps", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { headers, body } = await browser.post("/v1/client");
  const [cookie = ""] = headers.getSetCookie();
  expect(cookie).toMatch(/^__client_[\w-]{8}=[0-9A-Za-z]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
  const row = await identity.parts.store.read().get("clients", body.response.id);
  expect(JSON.stringify(row)).not.toContain([...browser.cookies.values()][0]);
});

test("over https the cookie is secure, and the app's servers learn since when somebody is signed in", async () => {
  await using identity = await startIdentity({ productionOrigin: "https://clerk.example.com" });
  const send = (path: string, fields: Record<string, string>, cookie = "") =>
    identity.identity.fetch(
      new Request(`https://clerk.example.com${path}`, {
        method: "POST",
        headers: { origin: "https://app.example.com", cookie },
        body: new URLSearchParams(fields),
      }),
      { ipAddress: null },
    );
  const response = await send("/v1/client", {});
  const cookies = response.headers.getSetCookie();
  expect(cookies).toContainEqual(expect.stringMatching(/^__client=\w+; .*HttpOnly; Secure; SameSite=Lax$/));
  expect(cookies).toContainEqual(
    expect.stringMatching(
      /^__client_uat=0; Path=\/; Max-Age=\d+; Domain=example\.com; Secure; SameSite=Lax$/,
    ),
  );
});

test("a cookie that is unknown or too old is no client", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  await browser.post("/v1/client");
  const guess = browser.copy(identity);
  guess.cookies.set([...guess.cookies.keys()][0]!, "x".repeat(43));
  expect((await guess.get("/v1/client")).body.response).toBeNull();
  identity.clock.advance(400 * 24 * 60 * 60_000);
  expect((await browser.get("/v1/client")).body.response).toBeNull();
});

test("a browser can be forgotten", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId } = await signUp(browser);
  const stolen = browser.copy(identity);
  await browser.delete("/v1/client");
  expect(browser.cookies.size).toBe(0);
  expect((await stolen.get("/v1/client")).body.response).toBeNull();
  expect((await identity.parts.store.read().get("sessions", sessionId))?.status).toBe("ended");
});

test("a page of an origin that is not allowed cannot act, and can read why", async () => {
  await using identity = await startIdentity();
  const { status, body, headers } = await new TestBrowser(identity, { origin: "https://evil.example" }).post(
    "/v1/client",
  );
  expect([status, body.errors[0].code]).toEqual([400, "origin_invalid"]);
  expect(headers.get("access-control-allow-origin")).toBe("https://evil.example");
  expect(headers.getSetCookie()).toEqual([]);
});

test("another site's request that hides its origin cannot act", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  await signUp(browser);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await identity.identity.fetch(
    new Request(`${identity.url}/v1/client/sessions?_method=DELETE`, {
      method: "POST",
      headers: { cookie, "sec-fetch-site": "cross-site" },
    }),
    { ipAddress: null },
  );
  expect(response.status).toBe(400);
  expect((await browser.get("/v1/client")).body.response.sessions).toHaveLength(1);
});

test("a page can read that there is nothing at an address", async () => {
  await using identity = await startIdentity();
  const missing = await new TestBrowser(identity).get("/v1/nothing");
  expect([missing.status, errorCode(missing)]).toEqual([404, "resource_not_found"]);
  expect(missing.headers.get("access-control-allow-credentials")).toBe("true");
});

test("the cookie is renewed by a navigation, which goes to allowed addresses only", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  await browser.post("/v1/client");
  const before = [...browser.cookies.values()][0];
  const target = "http://localhost:5173/after";
  const renewed = await browser.get("/v1/client/touch", { redirect_url: target });
  expect([renewed.status, renewed.headers.get("location")]).toEqual([307, target]);
  expect([...browser.cookies.values()][0]).not.toBe(before);
  for (const elsewhere of ["https://evil.example/", "javascript:alert(1)", "//evil.example", "/relative"]) {
    const refused = await browser.get("/v1/client/touch", { redirect_url: elsewhere });
    expect([refused.status, errorCode(refused)]).toEqual([422, "invalid_redirect_url"]);
  }
});

test("a development browser's token stands for the cookie; one that is unknown is told so", async () => {
  await using identity = await startIdentity();
  const { id: token } = (await new TestBrowser(identity).post("/v1/dev_browser")).body;
  const browser = new TestBrowser(identity, { query: { __clerk_db_jwt: token } });
  const { sessionId } = await signUp(browser);
  expect(browser.cookies.size).toBe(0);
  expect((await browser.get("/v1/client")).body.response.sessions[0].id).toBe(sessionId);
  const unknown = await new TestBrowser(identity, { query: { __clerk_db_jwt: "dvb_unknown" } }).get(
    "/v1/client",
  );
  expect([unknown.status, errorCode(unknown)]).toEqual([401, "dev_browser_unauthenticated"]);
});
