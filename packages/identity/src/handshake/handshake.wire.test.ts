import { createClerkClient } from "clerk-backend-genuine";
import { expect, test } from "vitest";
import { Browser } from "../security/browser.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { PASSWORD, signUp, TestBrowser } from "../testing/test_browser.ts";

const APP = "http://localhost:3000";

/** An app's server with the genuine SDK, and the cookies that its page has. */
class App {
  readonly #identity: StartedIdentity;
  /** Where its page thinks that identity is; null for what the publishable key says. */
  readonly #proxyUrl: string | null;
  readonly cookies = new Map<string, string>();

  constructor(identity: StartedIdentity, proxyUrl: string | null = identity.url) {
    this.#identity = identity;
    this.#proxyUrl = proxyUrl;
  }

  /** Loads a page; answers what the SDK made of it, and where it sends the browser. */
  async load(address: string) {
    const { url, secretKey, publishableKey } = this.#identity;
    const clerk = createClerkClient({
      secretKey,
      publishableKey,
      apiUrl: url,
      telemetry: { disabled: true },
    });
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(address, {
      headers: { accept: "text/html", "sec-fetch-dest": "document", ...(cookie === "" ? {} : { cookie }) },
    });
    const state = await clerk.authenticateRequest(
      request,
      this.#proxyUrl === null ? {} : { proxyUrl: this.#proxyUrl },
    );
    this.keep(state.headers);
    return { state, location: state.headers.get("location") };
  }

  /** The cookies of an answer, from the app's server or another of its domain. */
  keep(headers: Headers): void {
    for (const directive of headers.getSetCookie()) {
      const [pair = ""] = directive.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (/Max-Age=0\b/i.test(directive)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

/** Follows the redirects between the app and the identity server until neither has another. */
async function visit(identity: StartedIdentity, app: App, browser: TestBrowser) {
  let address = `${APP}/page?a=1`;
  for (let hop = 0; hop < 5; hop++) {
    const { state, location } = await app.load(address);
    if (location === null) return { state, address };
    const next = new URL(location);
    if (next.origin !== identity.url) {
      address = next.href;
      continue;
    }
    const reply = await browser.get(next.pathname, Object.fromEntries(next.searchParams));
    expect(reply.status).toBe(307);
    address = reply.headers.get("location")!;
  }
  throw new Error("The app and the identity server send the browser to and fro.");
}

test("the genuine server SDK signs a page in by a handshake, and needs none after it", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { sessionId, userId } = await signUp(browser);
  const app = new App(identity);
  const { state, address } = await visit(identity, app, browser);
  expect(state.status).toBe("signed-in");
  expect(state.toAuth()).toMatchObject({ userId, sessionId });
  expect(address).toBe(`${APP}/page?a=1`);
  expect((await app.load(address)).location).toBeNull();
});

test("likewise it learns that nobody is signed in, and that somebody has signed out", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const app = new App(identity);
  expect((await visit(identity, app, browser)).state.status).toBe("signed-out");
  await signUp(browser);
  // The page itself writes this when it hears that somebody is signed in.
  for (const name of [...app.cookies.keys()].filter((key) => key.startsWith("__client_uat"))) {
    app.cookies.set(name, String(Math.floor(identity.clock.now() / 1000)));
  }
  expect((await visit(identity, app, browser)).state.status).toBe("signed-in");
  await browser.delete("/v1/client/sessions");
  for (const name of [...app.cookies.keys()].filter((key) => key.startsWith("__session"))) {
    app.cookies.delete(name);
  }
  expect((await visit(identity, app, browser)).state.status).toBe("signed-out");
});

test("in production the handshake comes back in a cookie, and the next page needs neither it nor another one", async () => {
  const productionOrigin = "https://clerk.example.com";
  await using identity = await startIdentity({ productionOrigin });
  const clerk = createClerkClient({ secretKey: identity.secretKey, apiUrl: identity.url });
  const address = "jane@example.com";
  await clerk.users.createUser({ emailAddress: [address], password: PASSWORD });
  const headers = { host: "clerk.example.com", origin: "https://app.example.com" };
  const browser = new Browser(identity.url, { headers });
  const signIn = await browser.post("/v1/client/sign_ins", { identifier: address, password: PASSWORD });
  const sessionId = signIn.body.response.created_session_id;

  const app = new App(identity, null);
  // What identity set for the whole domain reaches the app as well.
  app.keep(signIn.headers);
  const page = "https://app.example.com/page?a=1";
  const { location } = await app.load(page);
  expect(location).toContain(`${productionOrigin}/v1/client/handshake?`);
  const follow = (address: string) =>
    browser.get("/v1/client/handshake", Object.fromEntries(new URL(address).searchParams));
  const reply = await follow(location!);
  expect(reply.headers.get("location")).toBe(page);
  app.keep(reply.headers);

  for (let visits = 0; visits < 3; visits++) {
    const { state, location } = await app.load(page);
    expect([location, state.status]).toEqual([null, "signed-in"]);
    expect(state.toAuth()).toMatchObject({ sessionId });
  }

  app.keep((await browser.delete("/v1/client/sessions")).headers);
  for (let visits = 0; visits < 3; visits++) {
    const { state, location } = await app.load(page);
    if (location !== null) app.keep((await follow(location)).headers);
    else expect(state.status).toBe("signed-out");
  }
  expect((await app.load(page)).location).toBeNull();
});
