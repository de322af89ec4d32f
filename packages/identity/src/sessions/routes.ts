import { answerWithClient } from "../answers.ts";
import { after, clientOf } from "../clients/browser.ts";
import type { ClientJson } from "../clients/client_json.ts";
import { refuse } from "../errors/index.ts";
import type { Answer, Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { ClientRow, SessionRow } from "../store/index.ts";
import { mintSessionToken } from "../tokens/session_token.ts";
import { mintTemplateToken } from "../tokens/template_token.ts";
import { callerSession } from "./caller_session.ts";
import { endSessions } from "./end_sessions.ts";
import { endedSessionJson } from "./session_json.ts";
import { noteUse, usedAt } from "./use_session.ts";

/** The sessions of the caller's browser (F §4.2). */
export function sessionRoutes(parts: Parts): Route[] {
  return [
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/client/sessions/:id",
      async handle(call) {
        const { client, session } = await ownSession(parts, call);
        return answerSession(parts, call, client, session);
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/client/sessions/:id/touch",
      async handle(call) {
        refuseOrganization(call, "active_organization_id");
        const touched = await parts.store.transact("touch", async (tx) => {
          const { client, session, user } = await callerSession(tx, call, call.path.id!);
          const { now } = call;
          await tx.patch("users", user, { lastActiveAt: now });
          return {
            session: await tx.patch("sessions", session, {
              ...usedAt(parts.limits, session.expireAt, now),
              updatedAt: after(session.updatedAt, now),
            }),
            client: await tx.patch("clients", client, {
              lastActiveSessionId: session.id,
              updatedAt: after(client.updatedAt, now),
            }),
          };
        });
        return answerSession(parts, call, touched.client, touched.session);
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/client/sessions/:id/end",
      handle: leave(parts, "ended"),
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/client/sessions/:id/remove",
      handle: leave(parts, "removed"),
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/client/sessions/:id/tokens",
      async handle(call) {
        refuseOrganization(call, "organization_id");
        const { session, user } = await callerSession(parts.store.newest, call, call.path.id!);
        await noteUse(parts, { session, user }, call.now);
        const { instance, origin } = call;
        return tokenJson(await mintSessionToken(parts, { instance, session, user, origin }));
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/client/sessions/:id/tokens/:template",
      async handle(call) {
        const { newest } = parts.store;
        const { session, user } = await callerSession(newest, call, call.path.id!);
        const { instance, origin } = call;
        const name = call.path.template!;
        const template = await newest.first("jwt_templates", "by_name", [instance.id, name]);
        if (template === null) {
          throw refuse(
            "resource_not_found",
            {},
            `There is no JWT template "${name}". Make it, or use another name.`,
          );
        }
        await noteUse(parts, { session, user }, call.now);
        return tokenJson(await mintTemplateToken(parts, { instance, session, user, template, origin }));
      },
    },
  ];
}

/** Bare, as pages expect of this one address (F §2.1). */
function tokenJson(jwt: string): Answer {
  return { json: { object: "token", jwt } };
}

/** Ends one session at the caller's browser; others stay. */
function leave(parts: Parts, status: "ended" | "removed"): (call: Call) => Promise<Answer> {
  return async (call) => {
    const left = await parts.store.transact(`session ${status}`, async (tx) => {
      const { client, session } = ofClient(await clientOf(tx, call), await tx.get("sessions", call.path.id!));
      const actor = `user:${session.userId}`;
      await endSessions(parts, tx, [session], { status, actor, ipAddress: call.ipAddress });
      const isLast = client.lastActiveSessionId === session.id;
      return {
        client: await tx.patch("clients", client, {
          ...(isLast ? { lastActiveSessionId: null } : {}),
          updatedAt: after(client.updatedAt, call.now),
        }),
        session: (await tx.get("sessions", session.id))!,
      };
    });
    return answerSession(parts, call, left.client, left.session);
  };
}

function ofClient(client: ClientRow | null, session: SessionRow | null) {
  if (client === null) throw refuse("authentication_invalid");
  if (session === null || session.clientId !== client.id) throw refuse("resource_not_found");
  return { client, session };
}

async function ownSession(parts: Parts, call: Call) {
  const reader = parts.store.read();
  return ofClient(await clientOf(reader, call), await reader.get("sessions", call.path.id!));
}

/** The session in the client, so that both are the same; one that has ended is described by itself. */
async function answerSession(
  parts: Parts,
  call: Call,
  client: ClientRow,
  session: SessionRow,
): Promise<Answer> {
  const reader = parts.store.read();
  const user = await reader.get("users", session.userId);
  if (user === null) throw refuse("resource_not_found");
  const ended =
    session.endedAt === null
      ? null
      : await endedSessionJson(parts, reader, { instance: call.instance, session, user });
  const inClient = (json: ClientJson | null) => json?.sessions.find(({ id }) => id === session.id);
  return answerWithClient(parts, call, client, (json) => ended ?? inClient(json) ?? null);
}

/** Nobody is in an organization here; the empty text is the personal account. */
function refuseOrganization({ body }: Call, field: string): void {
  if ((body.nullable(field) ?? null) !== null) throw refuse("organization_not_found_or_unauthorized");
}
