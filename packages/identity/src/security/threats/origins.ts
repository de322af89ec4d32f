import type { RawReply } from "../raw_request.ts";
import { PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

const OWN_DOMAIN = { options: { productionOrigin: PRODUCTION } };

/** What a page of `origin` sees when its visitor, the victim, is signed in. */
function seenBy(target: Target, origin: string, path = "/v1/client"): Promise<RawReply> {
  return target.send({
    path,
    headers: { origin, cookie: `${target.cookieName}=${target.victim.cookie}` },
  });
}

/** Could that page read the victim's tokens? */
async function readsTokens(target: Target, origin: string): Promise<boolean> {
  const { headers, text } = await seenBy(target, origin);
  return headers.get("access-control-allow-origin") === origin && text.includes('"jwt":"ey');
}

const ANY_ORIGIN = guard(
  "http/app.ts",
  "if (!isAllowedOrigin(instance, origin)) {\n    throw",
  "if (false) {\n    throw",
);

export const ORIGINS: readonly Threat[] = [
  {
    name: "has a page of theirs read the tokens of a visitor",
    guards: [ANY_ORIGIN],
    attempt: (target) => readsTokens(target, "https://evil.example"),
  },
  {
    name: "reads them from a sandboxed frame, whose origin is null",
    guards: [
      guard(
        "instances/origins.ts",
        "if (url === null || url.origin !== origin) return false;",
        "if (url === null) return true;",
      ),
    ],
    attempt: (target) => readsTokens(target, "null"),
  },
  {
    name: "registers a domain that ends like the app's",
    ...OWN_DOMAIN,
    guards: [
      guard(
        "instances/origins.ts",
        "url.hostname.endsWith(",
        "((tail: string) => url.hostname.endsWith(tail.slice(1)))(",
      ),
    ],
    attempt: (target) => readsTokens(target, "https://notexample.com"),
  },
  {
    name: "registers a domain that begins like the app's",
    ...OWN_DOMAIN,
    guards: [guard("instances/origins.ts", "url.hostname.endsWith(", "url.hostname.includes(")],
    attempt: (target) => readsTokens(target, "https://www.example.com.evil.example"),
  },
  {
    name: "answers in the place of the app's domain on a network where nothing is encrypted",
    ...OWN_DOMAIN,
    guards: [guard("instances/origins.ts", 'url.protocol === "https:" && ', "")],
    attempt: (target) => readsTokens(target, "http://app.example.com"),
  },
  {
    name: "has a page on this machine read the tokens of production",
    ...OWN_DOMAIN,
    guards: [
      guard(
        "instances/origins.ts",
        'if (environment === "development") return isLoopback(url.host);',
        "if (isLoopback(url.host)) return true;",
      ),
    ],
    attempt: (target) => readsTokens(target, "http://localhost:5173"),
  },
  {
    name: "registers a domain that begins with localhost",
    guards: [guard("instances/instances.ts", 'name === "localhost" ||', 'name.startsWith("localhost") ||')],
    attempt: (target) => readsTokens(target, "https://localhost.evil.example"),
  },
  {
    name: "registers a domain that begins with 127",
    guards: [guard("instances/instances.ts", "/^127(\\.\\d+){3}$/", "/^127(\\.\\d+){3}/")],
    attempt: (target) => readsTokens(target, "http://127.0.0.1.evil.example"),
  },
  {
    name: "uses an origin that differs from an allowed one in nothing but the port",
    ...OWN_DOMAIN,
    guards: [
      guard(
        "instances/origins.ts",
        "settings.allowedOrigins.includes(origin)",
        "settings.allowedOrigins.some((one) => new URL(one).hostname === (URL.canParse(origin) ? new URL(origin).hostname : null))",
      ),
    ],
    async attempt(target) {
      await target.settings({ allowedOrigins: ["https://partner.example"] });
      return readsTokens(target, "https://partner.example:8443");
    },
  },
  {
    name: "gets permission beforehand for requests that need it",
    guards: [
      guard(
        "http/app.ts",
        "if (instance !== null && isAllowedOrigin(instance, origin)) {",
        "if (instance !== null) {",
      ),
    ],
    async attempt(target) {
      const origin = "https://evil.example";
      const { headers } = await target.send({
        method: "OPTIONS",
        path: "/v1/client",
        headers: { origin, "access-control-request-method": "PATCH" },
      });
      return headers.get("access-control-allow-origin") === origin;
    },
  },
  {
    name: "embeds the client's description as a script of another site",
    guards: [
      guard("http/app.ts", 'if (request.headers.get("sec-fetch-site") === "cross-site") {', "if (false) {"),
    ],
    async attempt(target) {
      const { text } = await target.send({
        path: "/v1/client",
        headers: { cookie: `${target.cookieName}=${target.victim.cookie}`, "sec-fetch-site": "cross-site" },
      });
      return text.includes('"jwt":"ey');
    },
  },
  {
    name: "has an answer taken for a script or a page, whatever it says it is",
    guards: [guard("http/app.ts", 'all.set("x-content-type-options", "nosniff");', "")],
    attempt: async (target) =>
      (await seenBy(target, target.page)).headers.get("x-content-type-options") !== "nosniff",
  },
  {
    name: "finds tokens in a cache that others share",
    guards: [
      guard(
        "http/app.ts",
        'if (audience === "frontend" || audience === "backend") all.set("cache-control", "no-store");',
        "",
      ),
    ],
    attempt: async (target) =>
      (await seenBy(target, target.page)).headers.get("cache-control") !== "no-store",
  },
  {
    name: "has a cache give one site's permission to another",
    guards: [
      guard(
        "http/app.ts",
        `    ["access-control-expose-headers", EXPOSED_HEADERS],
    ["vary", "Origin"],`,
        `    ["access-control-expose-headers", EXPOSED_HEADERS],`,
      ),
    ],
    attempt: async (target) => (await seenBy(target, target.page)).headers.get("vary") !== "Origin",
  },
  {
    name: "changes something by a link, with the method in the address",
    guards: [
      guard("http/app.ts", 'request.method === "POST" && override !== undefined', "override !== undefined"),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      // A link that is followed: no Origin, but the cookie comes along.
      await target.send({
        path: "/v1/client/sessions?_method=DELETE",
        headers: { cookie: `${target.cookieName}=${victim.cookie}` },
      });
      return (await parts.store.read().get("sessions", victim.sessionId))?.status !== "active";
    },
  },
  {
    name: "sends a form as plain text, which pages may do without being asked",
    guards: [
      ANY_ORIGIN,
      guard("http/body.ts", 'case "application/json":', 'case "text/plain":\n    case "application/json":'),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      await target.send({
        method: "POST",
        path: `/v1/me?_method=PATCH&_clerk_session_id=${victim.sessionId}`,
        headers: {
          origin: "https://evil.example",
          "content-type": "text/plain",
          cookie: `${target.cookieName}=${victim.cookie}`,
        },
        body: '{"first_name": "Pwned"}',
      });
      return (await parts.store.read().get("users", victim.userId))?.firstName === "Pwned";
    },
  },
  {
    name: "has a page show a key of the Backend API along with its own requests",
    guards: [
      guard(
        "http/app.ts",
        'if (request.headers.has("authorization")) throw refuse("origin_authorization_headers_conflict");',
        "",
      ),
    ],
    async attempt(target) {
      const { status } = await target.send({
        path: "/v1/client",
        headers: { origin: target.page, authorization: `Bearer ${target.secretKey}` },
      });
      return status === 200;
    },
  },
  {
    name: "points a name of theirs at this machine and reads the development inbox through it",
    guards: [
      guard(
        "instances/instances.ts",
        "if (host === new URL(developmentOrigin).host || isLoopback(host)) {",
        "if (true) {",
      ),
      guard("inbox/routes.ts", " || !isLoopback(url.host)", ""),
    ],
    attempt: async (target) =>
      (await target.send({ path: "/inbox/messages", headers: { host: "rebound.evil.example" } })).status ===
      200,
  },
  {
    name: "points a name of theirs at this machine and talks to its instance",
    guards: [
      guard(
        "instances/instances.ts",
        "if (host === new URL(developmentOrigin).host || isLoopback(host)) {",
        "if (true) {",
      ),
    ],
    attempt: async (target) =>
      (await target.send({ path: "/v1/environment", headers: { host: "rebound.evil.example" } })).status ===
      200,
  },
];
