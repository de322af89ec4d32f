import { refuse } from "../errors/index.ts";
import { directivesOf } from "../handshake/directives.ts";
import type { Answer, Call } from "../http/index.ts";
import { isAllowedOrigin } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { isLive } from "../sessions/index.ts";
import { noteUse } from "../sessions/use_session.ts";
import { isRefreshToken, refreshToken } from "../tokens/refresh_token.ts";
import { mintSessionToken } from "../tokens/session_token.ts";
import { readOwnToken } from "./verify_own_token.ts";

/**
 * A new session token in the place of one that has expired, for an app's server (B §1.6): alone, or with the cookies
 * that keep it. Every refusal is a 401 with its own code, after which the browser is sent to the handshake.
 */
export async function refreshSession(parts: Parts, call: Call): Promise<Answer> {
  const { body, instance, path, now } = call;
  const origin = body.required("request_origin");
  if (!URL.canParse(origin) || !isAllowedOrigin(instance, new URL(origin).origin)) {
    throw refuse("refresh_request_origin_invalid");
  }
  const reader = parts.store.read();
  const session = await reader.get("sessions", path.id!);
  if (session === null || session.instanceId !== instance.id)
    throw refuse("session_refresh_session_not_found");
  if (!isRefreshToken(parts, session, body.required("refresh_token")))
    throw refuse("refresh_token_not_found");
  const claims = await readOwnToken(parts, call, body.required("expired_token"));
  if (claims === null) throw refuse("expired_session_token_invalid");
  if (typeof claims.sid !== "string") throw refuse("expired_session_token_missing_sid");
  if (claims.sid !== session.id) throw refuse("refresh_sid_mismatch");
  if (typeof claims.azp !== "string") throw refuse("expired_session_token_missing_azp");
  if (claims.azp !== new URL(origin).origin) throw refuse("refresh_request_origin_azp_mismatch");
  if (!isLive(session, now)) throw refuse("session_refresh_inactive_session");
  const user = await reader.get("users", session.userId);
  const client = await reader.get("clients", session.clientId);
  if (user === null || client === null || user.banned) throw refuse("session_refresh_user_not_found");
  await noteUse(parts, { session, user }, now);
  const token = await mintSessionToken(parts, { instance, session, user, origin: new URL(origin).origin });
  if (body.text("format") !== "cookie") return { json: { object: "token", jwt: token } };
  const since = Math.floor(Math.min(client.updatedAt, now) / 1000);
  const state = { token, since, refresh: refreshToken(parts, session), devBrowser: null };
  return { json: { object: "cookies", cookies: directivesOf(instance, state, origin.startsWith("https:")) } };
}
