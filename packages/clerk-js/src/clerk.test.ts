// @vitest-environment jsdom
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Clerk } from "./clerk.ts";
import { documentCookies } from "./cookies/jar.ts";
import type { ClerkOptions, Resources } from "./types/clerk.ts";
import type { ClientJson, SessionJson } from "./wire/json.ts";

type Answer = { status?: number; json?: unknown };

let server: Server;
/** What the server answers instead of what it would; by method and path. */
let answers: Map<string, () => Answer | Promise<Answer>>;
/** The sessions that the server has, the last one in use last. */
let sessions: string[];
/** Later with every answer (F §2.2). */
let clientUpdatedAt = Date.now();
let clerks: Clerk[];

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function tokenOf(sid: string, age = 0): string {
  const iat = Math.floor(Date.now() / 1000) - age;
  return `${encode({ alg: "RS256" })}.${encode({ sid, sub: `user_of_${sid}`, iat, exp: iat + 60 })}.sig`;
}

function sessionJson(id: string): SessionJson {
  return {
    id,
    status: "active",
    expire_at: Date.now() + 3_600_000,
    abandon_at: Date.now() + 3_600_000,
    last_active_at: Date.now(),
    last_active_token: { jwt: tokenOf(id) },
    user: { id: `user_of_${id}` },
    created_at: 1,
    updated_at: Date.now(),
  };
}

const clientJson = (): ClientJson => ({
  id: "client_1",
  sessions: sessions.map(sessionJson),
  last_active_session_id: sessions.at(-1) ?? null,
  created_at: 1,
  updated_at: clientUpdatedAt++,
});

/** As much of a Frontend API as a page with sessions needs. */
function answerTo(call: string): Answer {
  const [, id, action] = /\/client\/sessions\/([^/]+)\/(\w+)/.exec(call) ?? [];
  if (call === "PATCH /v1/environment") {
    return { json: { auth_config: { single_session_mode: false } } };
  }
  if (id !== undefined && !sessions.includes(id)) {
    return { status: 401, json: { errors: [{ code: "signed_out", message: "There is no such session." }] } };
  }
  if (action === "tokens") {
    return { json: { jwt: tokenOf(id!) } };
  }
  if (action === "remove") {
    sessions = sessions.filter((other) => other !== id);
    return { json: { response: { ...sessionJson(id!), status: "removed" }, client: clientJson() } };
  }
  if (call === "DELETE /v1/client/sessions") {
    sessions = [];
    return { json: { response: clientJson(), client: clientJson() } };
  }
  return action === "touch"
    ? { json: { response: sessionJson(id!), client: clientJson() } }
    : { json: { response: clientJson(), client: null } };
}

function callOf({ method, url }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url!, "http://x");
  return `${searchParams.get("_method") ?? method} ${pathname}`;
}

beforeEach(async () => {
  answers = new Map();
  sessions = [];
  clerks = [];
  server = createServer(async (request, response) => {
    const call = callOf(request);
    const { status = 200, json } = (await answers.get(call)?.()) ?? answerTo(call);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  vi.spyOn(document, "hasFocus").mockReturnValue(true);
});

afterEach(async () => {
  for (const clerk of clerks) clerk.dispose();
  for (const pair of document.cookie.split("; ")) {
    jar.remove(pair.split("=")[0]!, { sameSite: "Lax", secure: false });
  }
  localStorage.clear();
  history.replaceState(null, "", "/");
  vi.restoreAllMocks();
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const jar = documentCookies(document);

/** A tab of the app, loaded; its timer rests, so that only what a test does happens. */
async function openTab(options: ClerkOptions = {}): Promise<Clerk> {
  const { port } = server.address() as AddressInfo;
  const clerk = new Clerk(`pk_test_${btoa(`127.0.0.1:${port}$`)}`);
  clerks.push(clerk);
  await clerk.load({ polling: false, touchSession: false, routerPush: () => {}, ...options });
  return clerk;
}

/** What listeners are shown from now on, by the session's id. */
function shownBy(clerk: Clerk): (string | null | undefined)[] {
  const shown: (string | null | undefined)[] = [];
  clerk.addListener(({ session }: Resources) => shown.push(session === null ? null : session?.id), {
    skipInitialEmit: true,
  });
  return shown;
}

const outOfOrder = () => ({ status: 503, json: { errors: [] } });

describe("signing out", () => {
  test.each([[["sess_1"]], [["sess_1", "sess_2"]]])(
    "of a session that is there no more leaves %s alone",
    async (others) => {
      sessions = others;
      const clerk = await openTab();
      await clerk.signOut({ sessionId: "sess_gone" });
      expect(sessions).toEqual(others);
      expect(clerk.session?.id).toBe(others.at(-1));
    },
  );

  test("of the last session by its id is signing out altogether", async () => {
    sessions = ["sess_1"];
    const left: string[] = [];
    const clerk = await openTab({ afterSignOutUrl: "/bye", routerPush: (to) => left.push(to) });
    await clerk.signOut({ sessionId: "sess_1" });
    expect([sessions, clerk.session, left]).toEqual([[], null, ["/bye"]]);
  });

  test("takes the token out of the cookie, whether or not the tab has the focus", async () => {
    sessions = ["sess_1"];
    const clerk = await openTab();
    expect(document.cookie).toContain("__session=");
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await clerk.signOut();
    expect(document.cookie).not.toContain("__session");
    // The next session's token is nobody else's business either.
    sessions = ["sess_2"];
    await clerk.client?.reload();
    await clerk.setActive({ session: "sess_2" });
    expect(document.cookie).toContain("__session=");
  });

  test.each([
    ["is done", () => answerTo("DELETE /v1/client/sessions"), null],
    ["fails", outOfOrder, expect.any(String)],
  ])("asks for no more tokens, which the server would refuse, until it %s", async (_, answer, after) => {
    sessions = ["sess_1"];
    const clerk = await openTab();
    const { session } = clerk;
    let asked = 0;
    answers.set("POST /v1/client/sessions/sess_1/tokens", () => {
      asked++;
      return answerTo("POST /v1/client/sessions/sess_1/tokens");
    });
    const meanwhile: unknown[] = [];
    answers.set("DELETE /v1/client/sessions", async () => {
      meanwhile.push(await session?.getToken({ skipCache: true }), asked);
      return answer();
    });
    const ending = clerk.signOut();
    await (after === null ? ending : expect(ending).rejects.toThrow());
    expect(meanwhile.slice(0, 2)).toEqual([null, 0]);
    expect((await clerk.session?.getToken({ skipCache: true })) ?? null).toEqual(after);
  });

  test("waits for the client to load", async () => {
    sessions = ["sess_1"];
    const { port } = server.address() as AddressInfo;
    const clerk = new Clerk(`pk_test_${btoa(`127.0.0.1:${port}$`)}`);
    clerks.push(clerk);
    void clerk.load({ polling: false, touchSession: false, routerPush: () => {} });
    await clerk.signOut();
    expect(sessions).toEqual([]);
  });

  test("in another tab, with the server out of order, is looked into later", async () => {
    sessions = ["sess_1"];
    const clerk = await openTab();
    const told = new Promise((resolve) => vi.spyOn(console, "debug").mockImplementation(resolve));
    answers.set("GET /v1/client", outOfOrder);
    const otherTab = new BroadcastChannel("clerk");
    otherTab.postMessage({ type: "signout" });
    expect(await told).toContain("could not be found out");
    otherTab.close();
    expect(clerk.session?.id).toBe("sess_1");
  });
});

describe("a session that becomes the active one", () => {
  test("is shown although what the app did in between failed", async () => {
    sessions = ["sess_1"];
    const clerk = await openTab();
    const shown = shownBy(clerk);
    const failing = () => Promise.reject(new Error("the app's own"));
    await expect(clerk.setActive({ session: "sess_1", navigate: failing })).rejects.toThrow("the app's own");
    expect(shown.slice(-2)).toEqual([undefined, "sess_1"]);
    await expect(clerk.setActive({ session: "sess_1", beforeEmit: failing })).rejects.toThrow(
      "the app's own",
    );
    expect(clerk.session?.id).toBe("sess_1");
  });

  test("and has ended elsewhere does not take the present one's place", async () => {
    sessions = ["sess_1", "sess_2"];
    const clerk = await openTab();
    sessions = ["sess_2"];
    const chosen = clerk.setActive({ session: "sess_1" });
    await expect(chosen).rejects.toThrow("There is no such session.");
    expect(clerk.session?.id).toBe("sess_2");
  });

  test("is at first the one that the app selects, or none", async () => {
    sessions = ["sess_1", "sess_2"];
    const first = await openTab({ selectInitialSession: (client) => client.signedInSessions[0]! });
    expect(first.session?.id).toBe("sess_1");
    const none = await openTab({ selectInitialSession: () => null });
    expect(none.session).toBeNull();
  });

  test("that is over when its first token is asked for is none, and the page loads all the same", async () => {
    sessions = ["sess_1"];
    answers.set("GET /v1/client", () => {
      answers.delete("GET /v1/client");
      const json = { ...clientJson(), sessions: [{ ...sessionJson("sess_1"), last_active_token: null }] };
      sessions = [];
      return { json: { response: json, client: null } };
    });
    const clerk = await openTab();
    expect(clerk.status).toBe("ready");
    expect(clerk.session).toBeNull();
  });
});

test("a client that was let go of while it loaded keeps no cookie and hears of no other tab", async () => {
  sessions = ["sess_1"];
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<Answer>();
  answers.set("GET /v1/client", () => {
    asked.resolve();
    return released.promise;
  });
  const opened = openTab();
  await asked.promise;
  clerks[0]!.dispose();
  released.resolve({ json: { response: clientJson(), client: null } });
  const clerk = await opened;
  expect(document.cookie).not.toContain("__session");
  expect(clerk.loaded).toBe(false);
});

test("a client that was let go of goes on with nothing: what is under way changes no cookie", async () => {
  sessions = ["sess_1"];
  const clerk = await openTab();
  clerk.dispose();
  jar.set("__session", "of.another.client", { sameSite: "Lax", secure: false });
  await clerk.session?.getToken({ skipCache: true });
  expect(jar.get("__session")).toBe("of.another.client");
});

test("an app that fetches the client anew sees that its session has ended", async () => {
  sessions = ["sess_1"];
  const clerk = await openTab();
  const shown = shownBy(clerk);
  await clerk.client?.reload();
  expect(clerk.session).toBe(clerk.client?.sessions[0]);
  sessions = [];
  await clerk.client?.reload();
  expect(shown).toEqual(["sess_1", null]);
});

test("an answer that was overtaken by a later one brings nothing back", async () => {
  sessions = ["sess_1"];
  const clerk = await openTab();
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  answers.set("POST /v1/client/sessions/sess_1/touch", async () => {
    const json = { response: sessionJson("sess_1"), client: clientJson() };
    asked.resolve();
    await released.promise;
    return { json };
  });
  const touched = clerk.session?.touch();
  await asked.promise;
  await clerk.signOut();
  released.resolve();
  await touched;
  expect(clerk.client?.sessions).toEqual([]);
});

test("a refusal for want of a session is thrown, although its reason could not be looked into", async () => {
  sessions = ["sess_1"];
  const clerk = await openTab();
  vi.spyOn(console, "debug").mockImplementation(() => {});
  sessions = [];
  answers.set("GET /v1/client", outOfOrder);
  await expect(clerk.session?.getToken({ skipCache: true })).rejects.toMatchObject({ status: 401 });
});

describe("while the server is out of order", () => {
  /** Opens the tab with a server that answers to nothing. */
  async function openDegradedTab(): Promise<Clerk> {
    for (const call of ["GET /v1/client", "PATCH /v1/environment"]) answers.set(call, outOfOrder);
    const clerk = await openTab();
    expect(clerk.status).toBe("degraded");
    return clerk;
  }

  test("the page goes by its cookie, and the app's server is not told that nobody is signed in", async () => {
    sessions = ["sess_1"];
    await openTab();
    const clerk = await openDegradedTab();
    expect(clerk.session?.id).toBe("sess_1");
    expect(Number(jar.get("__client_uat"))).toBeGreaterThan(0);
  });

  test("a cookie of that name that is something else's says nothing", async () => {
    jar.set("__session", "something-else", { sameSite: "Lax", secure: false });
    vi.spyOn(console, "debug").mockImplementation(() => {});
    const clerk = await openDegradedTab();
    expect(clerk.session).toBeNull();
  });

  test("a token that is over is not given out", async () => {
    jar.set("__session", tokenOf("sess_1", 3600), { sameSite: "Lax", secure: false });
    const clerk = await openDegradedTab();
    sessions = ["sess_1"];
    const token = await clerk.session?.getToken();
    const { exp } = JSON.parse(Buffer.from(token!.split(".")[1]!, "base64url").toString());
    expect(exp * 1000).toBeGreaterThan(Date.now());
  });

  test.each(["PATCH /v1/environment", "GET /v1/client"])(
    "and does not answer to %s at all, the page waits for seven seconds and starts without",
    async (call) => {
      sessions = ["sess_1"];
      await openTab();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const asked = new Promise<void>((resolve) =>
        answers.set(call, () => {
          resolve();
          return new Promise(() => {});
        }),
      );
      const opened = openTab();
      await asked;
      await vi.advanceTimersByTimeAsync(7000);
      const clerk = await opened;
      expect([clerk.status, clerk.session?.id]).toEqual(["degraded", "sess_1"]);
    },
  );

  test("what the server refuses once it is back is said, and the page stays as it is", async () => {
    sessions = ["sess_1"];
    await openTab();
    const clerk = await openDegradedTab();
    const told = new Promise<unknown[]>((resolve) =>
      vi.spyOn(console, "error").mockImplementation((...words) => resolve(words)),
    );
    const refused = { errors: [{ code: "host_invalid", message: "Not from here." }] };
    answers.set("PATCH /v1/environment", () => ({ status: 400, json: refused }));
    expect(String((await told).at(-1))).toContain("Not from here.");
    expect(clerk.status).toBe("degraded");
  });
});

describe("the addresses of the sign-in", () => {
  test("carry what is known of the visitor, and nothing where nothing is known", async () => {
    const clerk = await openTab({ signInUrl: "/sign-in" });
    const url = clerk.buildSignInUrl({ initialValues: { emailAddress: undefined, username: "ada" } });
    expect(url).toContain("username=ada");
    expect(url).not.toContain("email_address");
  });

  test("keep the route of an app that has its routes in the hash", async () => {
    const clerk = await openTab({ signInUrl: "/#/sign-in", signUpUrl: "/#/sign-up?x=1" });
    const redirect = `redirect_url=${encodeURIComponent(`${location.origin}/a`)}`;
    expect(clerk.buildSignInUrl({ redirectUrl: "/a" })).toBe(`${location.origin}/#/sign-in?${redirect}`);
    expect(clerk.buildSignUpUrl({ redirectUrl: "/a" })).toBe(`${location.origin}/#/sign-up?x=1&${redirect}`);
  });
});
