import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId, randomText } from "../public_id.ts";
import type { ClientRow, DevBrowserRow, RowReader, Writer } from "../store/index.ts";
import { clientCookie, clientCookieOf } from "./client_cookie.ts";

/** Letters and digits of a client's secret: 256 bits. */
const SECRET_LENGTH = 43;

export type HeaderList = readonly (readonly [string, string])[];

/** A client, and the headers that let its browser prove again that it is this one. */
export interface KnownClient {
  readonly client: ClientRow;
  readonly headers: HeaderList;
}

/**
 * The client of the browser that calls, or null: by its cookie, or by a development browser's token in place of one.
 * What is unknown or expired is no client. Throws `dev_browser_unauthenticated`.
 */
export async function clientOf(reader: RowReader, call: Call): Promise<ClientRow | null> {
  const devBrowser = await devBrowserOf(reader, call);
  if (devBrowser !== null) {
    const client = devBrowser.clientId === null ? null : await reader.get("clients", devBrowser.clientId);
    return alive(client, call);
  }
  const secret = clientCookieOf(call);
  if (secret === null) return null;
  return alive(await reader.first("clients", "by_token", [digestOf(secret)]), call);
}

/** What a request has just begun. Its browser may not have brought a cookie by which it would be known. */
export interface Begun {
  readonly clientId: string;
  /** Of the sign-in or sign-up. */
  readonly id: string;
}

/** Makes a client that nobody has signed in at, good for `lifetime` milliseconds. Its secret is shown this once. */
export async function insertClient(
  { seams: { random } }: Pick<Parts, "seams">,
  tx: Writer,
  { instance, now }: Call,
  lifetime: number,
): Promise<{ readonly row: ClientRow; readonly secret: string }> {
  const secret = randomText(SECRET_LENGTH, random);
  const row = await tx.insert("clients", {
    id: publicId("client", random),
    instanceId: instance.id,
    tokenDigest: digestOf(secret),
    signInId: null,
    signUpId: null,
    lastActiveSessionId: null,
    lastAuthenticationStrategy: null,
    expireAt: now + lifetime,
    createdAt: now,
    updatedAt: now,
  });
  return { row, secret };
}

/** The client that calls; a new one for a browser that has none. */
export async function openClient(parts: Parts, tx: Writer, call: Call): Promise<KnownClient> {
  const known = await clientOf(tx, call);
  if (known !== null) return { client: known, headers: [] };
  const { clientLifetime } = parts.limits;
  const { row: client, secret } = await insertClient(parts, tx, call, clientLifetime);
  const devBrowser = await devBrowserOf(tx, call);
  if (devBrowser !== null) {
    await tx.patch("dev_browsers", devBrowser, { clientId: client.id });
    return { client, headers: [] };
  }
  return { client, headers: [clientCookie(call.instance, secret, clientLifetime)] };
}

/**
 * A new secret for a client's cookie, so that one which somebody planted or read before the sign-in is worth nothing
 * after it. A development browser keeps its token: other tabs hold it too, and it lives on the developer's machine.
 */
export async function renewClientSecret(
  parts: Parts,
  tx: Writer,
  call: Call,
  client: ClientRow,
): Promise<KnownClient> {
  if ((await devBrowserOf(tx, call)) !== null) return { client, headers: [] };
  const { seams, limits } = parts;
  const secret = randomText(SECRET_LENGTH, seams.random);
  const renewed = await tx.patch("clients", client, {
    tokenDigest: digestOf(secret),
    expireAt: call.now + limits.clientLifetime,
    updatedAt: after(client.updatedAt, call.now),
  });
  return { client: renewed, headers: [clientCookie(call.instance, secret, limits.clientLifetime)] };
}

/** When something changes now that changed last at `previous`: pages take only a greater time for news (F §2.2). */
export function after(previous: number, now: number): number {
  return Math.max(previous + 1, now);
}

/** The development browser that a request names (F §1.7), or null. */
export async function devBrowserOf(reader: RowReader, call: Call): Promise<DevBrowserRow | null> {
  if (call.instance.environment !== "development") return null;
  const token = call.query.text("__clerk_db_jwt");
  if (token === undefined || token === "") return null;
  const row = await reader.first("dev_browsers", "by_token", [digestOf(token)]);
  if (row === null || row.instanceId !== call.instance.id) throw refuse("dev_browser_unauthenticated");
  return row;
}

function alive(client: ClientRow | null, { instance, now }: Call): ClientRow | null {
  return client !== null && client.instanceId === instance.id && client.expireAt > now ? client : null;
}
