import { clientOf } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { ClientRow, RowReader, SessionRow, UserRow } from "../store/index.ts";
import { isLive } from "./liveness.ts";

/** Who is signed in by the session that a request is about. */
export interface CallerSession {
  readonly client: ClientRow;
  readonly session: SessionRow;
  readonly user: UserRow;
}

/**
 * The caller's session that `_clerk_session_id` names (F §1.5), with its user. Throws 401 `authentication_invalid`
 * when it is not alive or not the caller's, 403 `user_banned`.
 */
export async function sessionOf(reader: RowReader, call: Call): Promise<CallerSession> {
  const id = call.query.text("_clerk_session_id");
  if (id === undefined || id === "") throw refuse("authentication_invalid");
  return callerSession(reader, call, id);
}

/** Likewise, for a session that is named in another way. */
export async function callerSession(reader: RowReader, call: Call, id: string): Promise<CallerSession> {
  const client = await clientOf(reader, call);
  const session = client === null ? null : await reader.get("sessions", id);
  if (client === null || session === null || session.clientId !== client.id || !isLive(session, call.now)) {
    throw refuse("authentication_invalid");
  }
  const user = await reader.get("users", session.userId);
  if (user === null) throw refuse("authentication_invalid");
  if (user.banned) throw refuse("user_banned");
  return { client, session, user };
}
