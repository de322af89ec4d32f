import { clientOf, devBrowserOf } from "../clients/browser.ts";
import { createDevBrowser } from "../dev_browser/create_dev_browser.ts";
import { IdentityError } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import { Params } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { liveSessions } from "../sessions/liveness.ts";
import type { ClientRow, Reader, Writer } from "../store/index.ts";
import { refreshToken } from "../tokens/refresh_token.ts";
import { mintSessionToken } from "../tokens/session_token.ts";
import type { SignedInState } from "./directives.ts";

/** Who is signed in at the browser that navigates here, for an app at `origin`. */
export async function browserState(parts: Parts, call: Call, origin: string): Promise<SignedInState> {
  const { client, devBrowser } = await parts.store.transact("handshake", (tx) => whose(parts, tx, call));
  const reader = parts.store.read();
  const sessions = await liveSessions(reader, client, call.now);
  const session = sessions.find(({ id }) => id === client?.lastActiveSessionId) ?? sessions.at(-1);
  const user = session === undefined ? null : await reader.get("users", session.userId);
  if (client === null || session === undefined || user === null || user.banned) {
    return { token: null, since: 0, refresh: null, devBrowser };
  }
  const since = Math.floor(Math.min(client.updatedAt, parts.seams.clock.now()) / 1000);
  const token = await mintSessionToken(parts, { instance: call.instance, session, user, origin });
  return { token, since, refresh: refreshToken(parts, session), devBrowser };
}

/**
 * The browser's client, by its cookie or by a development browser's token. In development the app's server needs such
 * a token (B §2.5): it gets one that stands for the same client as the cookie.
 */
async function whose(
  { seams }: Parts,
  tx: Writer,
  call: Call,
): Promise<{ client: ClientRow | null; devBrowser: string | null }> {
  const byCookie = await clientOf(tx, { ...call, query: new Params(new Map()) });
  if (call.instance.environment !== "development") return { client: byCookie, devBrowser: null };
  const known = await knownDevBrowser(tx, call);
  const signedIn = (await liveSessions(tx, byCookie, call.now)).length > 0;
  // The token in the address may be anybody's: whoever made the link would be signed in with it.
  const isForeign = byCookie !== null && signedIn && known?.clientId !== byCookie.id;
  if (known === null || isForeign) {
    const clientId = byCookie?.id ?? null;
    const token = await createDevBrowser(tx, call.instance, { seams, now: call.now, clientId });
    return { client: byCookie, devBrowser: token };
  }
  return {
    client: signedIn ? byCookie : await clientOf(tx, call),
    devBrowser: call.query.text("__clerk_db_jwt") ?? null,
  };
}

/** Of a token that is unknown, as after the server's data was deleted, the browser gets a new one. */
async function knownDevBrowser(reader: Reader, call: Call) {
  try {
    return await devBrowserOf(reader, call);
  } catch (error) {
    if (error instanceof IdentityError) return null;
    throw error;
  }
}
