import { clientOf, type HeaderList } from "./clients/browser.ts";
import { signedInSinceCookies } from "./clients/client_cookie.ts";
import { type ClientJson, clientJson } from "./clients/client_json.ts";
import { IdentityError } from "./errors/index.ts";
import type { Answer, Call } from "./http/index.ts";
import type { Parts } from "./parts.ts";
import type { ClientRow } from "./store/index.ts";

/**
 * The usual answer to a page (F §2.1): the resource, and the state of its client beside it, so that the page never
 * shows what is old. `response` is told the client: what is
 * in both has to be the same.
 */
export async function answerWithClient(
  parts: Parts,
  call: Call,
  client: ClientRow | null,
  response: (client: ClientJson | null) => unknown,
  headers: HeaderList = [],
): Promise<Answer> {
  const json = client === null ? null : await clientJson(parts, call, client);
  return {
    json: { response: response(json), client: json },
    headers: [...headers, ...signedInSince(parts, call, json)],
  };
}

/** Likewise, with the client that the call itself shows. For features whose calls change no cookie. */
export async function answerCaller(parts: Parts, call: Call, response: unknown): Promise<Answer> {
  return answerWithClient(parts, call, await clientOf(parts.store.read(), call), () => response);
}

/** The client's own address (F §2.1): the client is the response. */
export async function answerClient(parts: Parts, call: Call, client: ClientRow | null): Promise<Answer> {
  const json = client === null ? null : await clientJson(parts, call, client);
  return { json: { response: json, client: null }, headers: signedInSince(parts, call, json) };
}

/** What an error tells the page of its client; undefined when there is none to tell of (F §2.2). */
export async function stateFor(parts: Parts, call: Call): Promise<ClientJson | undefined> {
  let client: ClientRow | null;
  try {
    client = await clientOf(parts.store.read(), call);
  } catch (error) {
    // A development browser that is unknown is what the error is about.
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
  return client === null ? undefined : clientJson(parts, call, client);
}

function signedInSince({ limits }: Parts, { instance }: Call, client: ClientJson | null): HeaderList {
  const since = client === null || client.sessions.length === 0 ? null : client.updated_at;
  return signedInSinceCookies(instance, since, limits.clientLifetime);
}
