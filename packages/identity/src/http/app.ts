import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";
import { errorBody, IdentityError, refuse } from "../errors/index.ts";
import { type Instance, type Instances, isAllowedOrigin } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import { randomText } from "../public_id.ts";
import type { Seams } from "../seams.ts";
import { readParams } from "./body.ts";
import { readCookies } from "./cookies.ts";
import { Params } from "./params.ts";
import type { Answer, Call, Method, Route } from "./route.ts";

export interface AppParts {
  readonly instances: Instances;
  readonly routes: readonly Route[];
  readonly seams: Seams;
  readonly limits: Limits;
  /** The instance that a secret key opens. Throws what the Backend API answers without one (B §1.2). */
  readonly authorize: (request: Request) => Promise<Instance>;
  /** State that an error to this caller should bring along (F §2.2), or undefined. */
  readonly stateFor: (call: Call) => Promise<unknown>;
  /** The server's own troubles. */
  readonly report: (error: unknown) => void;
}

/** Where a request came from, as the listener knows it. */
export interface Connection {
  readonly ipAddress: string | null;
}

const OVERRIDES = new Set<string>(["PATCH", "PUT", "DELETE"]);
const EXPOSED_HEADERS = "Retry-After, X-Country, Clerk-Db-Jwt";

/** The HTTP face of identity: one place where requests are taken apart and errors become answers. */
export class App {
  readonly #parts: AppParts;
  readonly #router = new SmartRouter<Route>({ routers: [new RegExpRouter(), new TrieRouter()] });

  constructor(parts: AppParts) {
    this.#parts = parts;
    for (const route of parts.routes) this.#router.add(route.method, route.path, route);
  }

  async fetch(request: Request, connection: Connection): Promise<Response> {
    const url = new URL(request.url);
    // Clients send double and trailing slashes (F §1.2, §4).
    const path = url.pathname.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
    const override = url.searchParams.get("_method")?.toUpperCase();
    const method =
      request.method === "POST" && override !== undefined && OVERRIDES.has(override)
        ? override
        : request.method;
    if (method === "OPTIONS") return this.#preflight(request, url);
    const found = this.#find(method === "HEAD" ? "GET" : method, path);
    // Pages have to be able to read that there is nothing at an address, too.
    const audience = found?.route.audience ?? "frontend";
    let call: Call | null = null;
    let answer: Answer;
    let cors: readonly (readonly [string, string])[] =
      audience === "open" ? [["access-control-allow-origin", "*"]] : [];
    try {
      const instance =
        audience === "backend"
          ? await this.#parts.authorize(request)
          : await this.#parts.instances.byHost(url.host);
      const origin = request.headers.get("origin");
      if (audience === "frontend") {
        cors = corsHeaders(origin);
        checkOrigin(instance, origin, request);
      }
      if (found === null) throw refuse("resource_not_found", {}, `There is nothing at ${method} ${path}.`);
      call = {
        instance,
        request,
        url,
        path: decoded(found.values),
        query: Params.ofPairs(url.searchParams),
        body:
          method === "GET" ? new Params(new Map()) : await readParams(request, this.#parts.limits.bodyBytes),
        cookies: readCookies(request.headers.get("cookie")),
        origin,
        ipAddress: connection.ipAddress,
        now: this.#parts.seams.clock.now(),
      };
      answer = await found.route.handle(call);
    } catch (error) {
      answer = await this.#refusal(error, call, audience === "frontend");
    }
    return toResponse(answer, cors, audience);
  }

  /** The route of a path, and the parts that stand for its names, as they were sent. */
  #find(method: string, path: string): { route: Route; values: Record<string, string> } | null {
    const [matches, stash] = this.#router.match(method, path);
    const match = matches[0];
    if (match === undefined) return null;
    const [route, indexes] = match as [Route, Record<string, number | string>];
    const values: Record<string, string> = {};
    for (const [name, at] of Object.entries(indexes)) {
      values[name] = typeof at === "number" ? stash![at]! : at;
    }
    return { route, values };
  }

  /** Of the Backend API, and of pages whose requests are not simple. */
  async #preflight(request: Request, url: URL): Promise<Response> {
    const origin = request.headers.get("origin");
    const headers = new Headers({ vary: "Origin" });
    if (origin !== null) {
      const instance = await this.#parts.instances.byHost(url.host).catch(() => null);
      if (instance !== null && isAllowedOrigin(instance, origin)) {
        headers.set("access-control-allow-origin", origin);
        headers.set("access-control-allow-credentials", "true");
        headers.set("access-control-allow-methods", "GET, POST, PATCH, PUT, DELETE");
        headers.set("access-control-allow-headers", "Content-Type, Authorization");
        headers.set("access-control-max-age", "600");
      }
    }
    return new Response(null, { status: 204, headers });
  }

  async #refusal(error: unknown, call: Call | null, withState: boolean): Promise<Answer> {
    const traceId = randomText(32, this.#parts.seams.random);
    let refusal: IdentityError;
    if (error instanceof IdentityError) {
      refusal = error;
    } else {
      this.#parts.report(new Error(`A request of identity failed (trace ${traceId})`, { cause: error }));
      refusal = refuse("internal_clerk_error");
    }
    const state =
      withState && call !== null && refusal.status < 500 ? await this.#parts.stateFor(call) : undefined;
    return {
      status: refusal.status,
      json: errorBody(refusal, traceId, state ?? undefined),
      headers: [
        ...refusal.headers,
        ...(refusal.retryAfter === null ? [] : [["retry-after", String(refusal.retryAfter)] as const]),
      ],
    };
  }
}

/**
 * A page's request has to come from an allowed origin; without an `Origin` header it is no cross-origin request, or
 * none of a browser, and must not be another site's (F §1.9).
 */
function checkOrigin(instance: Instance, origin: string | null, request: Request): void {
  if (origin === null) {
    if (request.headers.get("sec-fetch-site") === "cross-site") {
      throw refuse("request_header_missing", {}, "The request of another site lacks the header Origin.");
    }
    return;
  }
  if (!isAllowedOrigin(instance, origin)) {
    throw refuse(
      "origin_invalid",
      {},
      `Pages of ${origin} may not use this instance. Add the origin to its allowed origins.`,
    );
  }
  if (request.headers.has("authorization")) throw refuse("origin_authorization_headers_conflict");
}

/** Lets a page see the answer; one whose origin is not allowed sees that alone. */
function corsHeaders(origin: string | null): readonly (readonly [string, string])[] {
  if (origin === null) return [["vary", "Origin"]];
  return [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
    ["access-control-expose-headers", EXPOSED_HEADERS],
    ["vary", "Origin"],
  ];
}

function toResponse(
  { status = 200, json, body, type, headers = [] }: Answer,
  cors: readonly (readonly [string, string])[],
  audience: Route["audience"],
): Response {
  const all = new Headers();
  all.set("x-content-type-options", "nosniff");
  if (audience === "frontend" || audience === "backend") all.set("cache-control", "no-store");
  for (const [name, value] of [...cors, ...headers]) all.append(name, value);
  if (json !== undefined) {
    // Clients compare this type to the letter (B §1.1).
    all.set("content-type", "application/json");
    return new Response(JSON.stringify(json), { status, headers: all });
  }
  if (type !== undefined) all.set("content-type", type);
  return new Response(status === 204 || status === 304 ? null : (body ?? ""), { status, headers: all });
}

function decoded(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, part]) => {
      try {
        return [name, decodeURIComponent(part)];
      } catch {
        throw refuse(
          "malformed_request_parameters",
          {},
          `"${part}" in the address is not encoded as it has to be.`,
        );
      }
    }),
  );
}

export type { Method };
