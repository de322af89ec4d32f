import { answerCaller } from "../answers.ts";
import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import {
  endSessions,
  isLive,
  openSessionsOf,
  sessionOf,
  sessionWithActivityJson,
} from "../sessions/index.ts";

/** Where the caller is signed in, on all devices (F §4.2). */
export function ownSessionRoutes(parts: Parts): Route[] {
  const { store } = parts;
  return [
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/me/sessions/active",
      async handle(call) {
        const reader = store.read();
        const { user } = await sessionOf(reader, call);
        const sessions = await openSessionsOf(reader, user.id);
        return {
          json: sessions
            .filter((session) => isLive(session, call.now))
            .map((session) => sessionWithActivityJson(parts, session)),
        };
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/sessions/:id/revoke",
      async handle(call) {
        const id = await store.transact("revoke own session", async (tx) => {
          const { user } = await sessionOf(tx, call);
          const session = await tx.get("sessions", call.path.id!);
          if (session === null || session.userId !== user.id) throw refuse("resource_not_found");
          await endSessions(parts, tx, [session], {
            status: "revoked",
            actor: `user:${user.id}`,
            ipAddress: call.ipAddress,
          });
          return session.id;
        });
        const session = await store.read().get("sessions", id);
        return answerCaller(parts, call, sessionWithActivityJson(parts, session!));
      },
    },
  ];
}
