import { isSignedInAt, PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { signIn } from "./people.ts";

const HOUR = 60 * 60_000;

/** The header that sets the browser's cookie at a sign-in. */
async function cookieHeader(target: Target): Promise<string> {
  const { emailAddress, password } = target.mallory;
  const { headers } = await signIn(target.stranger(), emailAddress, password);
  const found = headers.getSetCookie().find((header) => header.startsWith(`${target.cookieName}=`));
  if (found === undefined) throw new Error("The sign-in set no cookie.");
  return found;
}

export const COOKIES: readonly Threat[] = [
  {
    name: "plants a cookie of their own in a browser and waits until somebody signs in with it",
    guards: [
      guard(
        "sessions/start_session.ts",
        "await renewClientSecret(parts, tx, call, marked)",
        "{ client: marked, headers: [] }",
      ),
    ],
    async attempt(target) {
      const browser = target.stranger();
      await browser.post("/v1/client");
      const attacker = browser.copy();
      await signIn(browser, target.victim.emailAddress, target.victim.password);
      return isSignedInAt(attacker);
    },
  },
  {
    name: "uses a cookie that was read before its browser renewed it",
    guards: [
      guard(
        "clients/browser.ts",
        `tokenDigest: digestOf(secret),
    expireAt: call.now + limits.clientLifetime,
    updatedAt`,
        `expireAt: call.now + limits.clientLifetime,
    updatedAt`,
      ),
    ],
    async attempt(target) {
      const browser = target.browserOf(target.victim);
      const thief = browser.copy();
      await browser.get("/v1/client/touch", { redirect_url: `${target.page}/` });
      return isSignedInAt(thief);
    },
  },
  {
    name: "reads the browser's cookie by a script in the page",
    guards: [guard("clients/client_cookie.ts", "httpOnly: true,", "httpOnly: false,")],
    attempt: async (target) => !/; HttpOnly/i.test(await cookieHeader(target)),
  },
  {
    name: "listens on the network for the cookie in a request without TLS",
    guards: [
      guard(
        "clients/client_cookie.ts",
        "httpOnly: true,\n      secure: isSecure(instance),",
        "httpOnly: true,\n      secure: false,",
      ),
    ],
    options: { productionOrigin: PRODUCTION },
    attempt: async (target) => !/; Secure/i.test(await cookieHeader(target)),
  },
  {
    name: "has other sites' pages send requests with the cookie",
    guards: [guard("http/cookies.ts", 'options.sameSite ?? "Lax"', 'options.sameSite ?? "None"')],
    options: { productionOrigin: PRODUCTION },
    attempt: async (target) => !/; SameSite=(?:Lax|Strict)/i.test(await cookieHeader(target)),
  },
  {
    name: "brings a cookie of the development instance, whose data everybody has, to production",
    guards: [guard("clients/browser.ts", "client.instanceId === instance.id && ", "")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const { development } = target.people;
      return isSignedInAt(target.browserOf(development.victim));
    },
  },
  {
    name: "finds an old cookie on a discarded disk",
    guards: [guard("clients/browser.ts", "&& client.expireAt > now ? client : null", "? client : null")],
    options: { limits: { clientLifetime: HOUR } },
    async attempt(target) {
      const browser = target.stranger();
      await signIn(browser, target.victim.emailAddress, target.victim.password);
      target.clock.advance(2 * HOUR);
      return isSignedInAt(browser);
    },
  },
  {
    name: "reads a copy of the database and uses what stands there as cookies",
    guards: [
      guard(
        "clients/browser.ts",
        'reader.first("clients", "by_token", [digestOf(secret)])',
        'reader.first("clients", "by_token", [secret])',
      ),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      const session = (await parts.store.read().get("sessions", victim.sessionId))!;
      const client = (await parts.store.read().get("clients", session.clientId))!;
      return isSignedInAt(target.browserOf({ ...victim, cookie: client.tokenDigest }));
    },
  },
  {
    name: "has people sign in to production by a link with a token, which then is a second key to their account",
    guards: [
      guard("clients/browser.ts", 'if (call.instance.environment !== "development") return null;', ""),
      guard(
        "dev_browser/routes.ts",
        'if (instance.environment !== "development") throw refuse("request_invalid_for_instance");',
        "",
      ),
    ],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const { body } = await target.stranger().post("/v1/dev_browser");
      const query = { __clerk_db_jwt: body.id ?? "dvb_made_up" };
      const { emailAddress, password } = target.victim;
      await signIn(target.stranger(query), emailAddress, password);
      return isSignedInAt(target.stranger(query));
    },
  },
  {
    name: "has somebody's browser follow a link that ties their sign-in to the attacker's development browser",
    guards: [
      guard(
        "handshake/browser_state.ts",
        "if (known === null || isForeign) {",
        `if (known !== null && isForeign) {
    await tx.patch("dev_browsers", known, { clientId: byCookie.id });
  } else if (known === null) {`,
      ),
    ],
    async attempt(target) {
      const { body } = await target.stranger().post("/v1/dev_browser");
      const query = { __clerk_db_jwt: body.id as string };
      await target
        .browserOf(target.victim)
        .get("/v1/client/handshake", { redirect_url: `${target.page}/`, ...query });
      return isSignedInAt(target.stranger(query));
    },
  },
];
