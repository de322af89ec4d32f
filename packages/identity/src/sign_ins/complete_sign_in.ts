import type { HeaderList } from "../clients/browser.ts";
import { refuse, refuseField, refuseUntil } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { liveSessions, startSession } from "../sessions/index.ts";
import type { ClientRow, Reader, SignInRow, UserRow, Writer } from "../store/index.ts";
import { operatorLock } from "../users/index.ts";

/** What a step of a sign-in leaves: the browser's client, and headers for its cookie. */
export interface Stepped {
  readonly client: ClientRow;
  readonly headers: HeaderList;
}

/**
 * Signs somebody in who has proved who they are: from here on they may be told what concerns their account. Throws
 * `user_banned`, `user_locked` (by the operator), `form_password_compromised`, and what {@link refuseSignedIn} throws.
 */
export async function completeSignIn(
  parts: Parts,
  tx: Writer,
  call: Call,
  {
    client,
    signIn,
    user,
    strategy,
  }: { client: ClientRow; signIn: SignInRow; user: UserRow; strategy: string },
): Promise<Stepped> {
  if (user.banned) throw refuse("user_banned");
  const lock = operatorLock(user, call.now);
  if (lock !== null) throw refuseUntil("user_locked", (lock.until - call.now) / 1000);
  if (strategy === "password" && user.passwordCompromised) {
    throw refuseField("form_password_compromised", "password");
  }
  await refuseSignedIn(tx, call, client, user);
  const started = await startSession(parts, tx, call, { client, user, strategy });
  await tx.patch("sign_ins", signIn, {
    status: "complete",
    createdSessionId: started.session.id,
    updatedAt: call.now,
  });
  return started;
}

/**
 * Throws `session_exists` where one account at a time may be signed in, and `identifier_already_signed_in` (with
 * `session_id`) for an account that is signed in at this browser.
 */
export async function refuseSignedIn(
  reader: Reader,
  { instance, now }: Call,
  client: ClientRow | null,
  user: UserRow | null,
): Promise<void> {
  const live = await liveSessions(reader, client, now);
  if (instance.settings.singleSessionMode && live.length > 0) throw refuse("session_exists");
  const same = live.find(({ userId }) => userId === user?.id);
  if (same !== undefined) throw refuse("identifier_already_signed_in", { session_id: same.id });
}
