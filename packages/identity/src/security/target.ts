import { plantChanges } from "@tandem/engine/simulation";
import { clientCookieName } from "../clients/client_cookie.ts";
import type { Instance, InstanceSettings } from "../instances/index.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { PAGE } from "../testing/test_browser.ts";
import { Browser } from "./browser.ts";
import { form, type RawReply, type RawRequest, sendRaw } from "./raw_request.ts";
import type { Threat } from "./threat.ts";
import { type People, type Person, QUICK_HASHES, theWorld, type World } from "./world.ts";

const ENTRY = new URL("../testing/start_identity.ts", import.meta.url);

/** Where a production instance is served, when `productionOrigin` says so. */
export const PRODUCTION = "https://clerk.example.com";

/** The app's page there. */
const PRODUCTION_PAGE = "https://app.example.com";

/** A real server with people in it, and what an attacker has at hand. */
export interface Target extends StartedIdentity, People {
  /** Everybody, in either instance; `victim` and `mallory` are in the one that is served. */
  readonly people: World["people"];
  /** The instance that is served. */
  readonly instance: Instance;
  /** The origin of the app's page. */
  readonly page: string;
  /** The name of the cookie that says which browser calls. */
  readonly cookieName: string;
  /** A browser that nobody has used. */
  stranger(query?: Readonly<Record<string, string>>): Browser;
  /** The browser at which somebody is signed in; it names their session as clerk-js does. */
  browserOf(person: Person): Browser;
  /** Any request at all, at the instance's own host unless it names another. */
  send(request: RawRequest): Promise<RawReply>;
  /** A request of the Backend API with the instance's key, or another. */
  backend(method: string, path: string, json?: unknown, key?: string): Promise<RawReply>;
  /** Changes how the instance behaves. */
  settings(changes: Partial<InstanceSettings>): Promise<void>;
  /** The code of the newest message to somebody that was not read yet. */
  mailedCode(emailAddress: string): Promise<string>;
  /** How many messages somebody got. */
  mailCount(emailAddress: string): Promise<number>;
}

/** Starts the server that a threat is tried on: as it is, or without the threat's guards. */
export async function startTarget(threat: Threat, state: "guarded" | "unguarded"): Promise<Target> {
  const { people, copy } = await theWorld();
  const start =
    state === "guarded"
      ? startIdentity
      : (
          await plantChanges<{ startIdentity: typeof startIdentity }>(threat.name, threat.guards, ENTRY, {
            otherPackages: "imported",
          })
        ).startIdentity;
  const server = await start({
    ...threat.options,
    limits: { ...QUICK_HASHES, ...threat.options?.limits },
    medium: await copy(threat.disk),
  });
  const { parts, url } = server;
  const instance = await parts.instances.byEnvironment(parts.instances.main);
  const cookieName = clientCookieName(instance);
  const headers = { host: instance.frontendApi };
  const page = instance.environment === "production" ? PRODUCTION_PAGE : PAGE;
  const read = new Set<string>();
  const messages = async (emailAddress: string) => {
    // No answer waits for mail.
    await parts.outbox.flush();
    return parts.store.read().list("inbox_messages", "by_recipient", [emailAddress], { order: "desc" });
  };
  return {
    ...server,
    ...people[instance.environment],
    people,
    instance,
    cookieName,
    page,
    stranger: (query = {}) => new Browser(url, { headers: { ...headers, origin: page }, query }),
    browserOf: ({ cookie, sessionId }) =>
      new Browser(url, {
        headers: { ...headers, origin: page },
        query: { _clerk_session_id: sessionId },
        cookies: new Map([[cookieName, cookie]]),
      }),
    send: (request) => sendRaw(url, { ...request, headers: { ...headers, ...request.headers } }),
    backend: (method, path, json, key = server.secretKey) =>
      sendRaw(url, {
        method,
        path,
        headers: {
          ...headers,
          authorization: `Bearer ${key}`,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    settings: (changes) => parts.instances.change(instance.id, (before) => ({ ...before, ...changes })),
    async mailedCode(emailAddress) {
      const unread = (await messages(emailAddress)).find(({ id }) => !read.has(id));
      if (unread?.code == null) throw new Error(`${emailAddress} has no new message with a code.`);
      read.add(unread.id);
      return unread.code;
    },
    mailCount: async (emailAddress) => (await messages(emailAddress)).length,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** What a browser posts: a form, with the headers that make it one. */
export function formRequest(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): RawRequest {
  return {
    method: "POST",
    path,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: form(fields),
  };
}

/** Is somebody signed in at this browser? */
export async function isSignedInAt(browser: Browser): Promise<boolean> {
  const { body } = await browser.get("/v1/client");
  return body?.response?.sessions?.length > 0;
}

/** Did this sign somebody in? */
export function isSignedIn({ body }: Pick<RawReply, "body">): boolean {
  return body?.response?.status === "complete" && typeof body.response.created_session_id === "string";
}
