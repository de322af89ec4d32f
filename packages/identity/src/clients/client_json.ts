import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { liveSessions } from "../sessions/liveness.ts";
import { type SessionJson, sessionJson } from "../sessions/session_json.ts";
import { currentSignIn } from "../sign_ins/current_sign_in.ts";
import { signInJson } from "../sign_ins/sign_in_json.ts";
import { currentSignUp } from "../sign_ups/current_sign_up.ts";
import { signUpJson } from "../sign_ups/sign_up_json.ts";
import type { ClientRow } from "../store/index.ts";

/** A browser with everybody who is signed in at it (F §5.1). */
export interface ClientJson extends Record<string, unknown> {
  readonly id: string;
  readonly sessions: readonly SessionJson[];
  readonly updated_at: number;
}

/** The client as it is now, each session with its user and a fresh token. */
export async function clientJson(parts: Parts, call: Call, client: ClientRow): Promise<ClientJson> {
  const reader = parts.store.read();
  const row = (await reader.get("clients", client.id)) ?? client;
  const { instance, origin, now } = call;
  const live = await liveSessions(reader, row, now);
  const sessions: SessionJson[] = [];
  for (const session of live) {
    const user = await reader.get("users", session.userId);
    if (user === null || user.banned) continue;
    sessions.push(await sessionJson(parts, reader, { instance, session, user, origin }));
  }
  const signIn = await currentSignIn(reader, row, now);
  const signUp = await currentSignUp(reader, row, now);
  return {
    object: "client",
    id: row.id,
    sessions,
    sign_in: signIn === null ? null : await signInJson(parts, reader, instance, signIn),
    sign_up: signUp === null ? null : signUpJson(instance, signUp, now),
    last_active_session_id: sessions.some(({ id }) => id === row.lastActiveSessionId)
      ? row.lastActiveSessionId
      : (sessions.at(-1)?.id ?? null),
    last_authentication_strategy: row.lastAuthenticationStrategy,
    // Null: the page need not renew the cookie by navigating (F §1.10).
    cookie_expires_at: null,
    captcha_bypass: false,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
