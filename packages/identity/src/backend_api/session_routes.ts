import { insertClient } from "../clients/index.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import { endSessions, insertSession, isLive } from "../sessions/index.ts";
import type { Reader, SessionRow, UserRow } from "../store/index.ts";
import { mintSessionToken } from "../tokens/session_token.ts";
import { mintTemplateToken } from "../tokens/template_token.ts";
import { auditBackend, BY_BACKEND } from "./audit.ts";
import { answerPage } from "./collection.ts";
import { refreshSession } from "./refresh_session.ts";
import { backendSessionJson } from "./session_json.ts";
import { verifyOwnToken } from "./verify_own_token.ts";

const LEAST_LIFETIME = 30;
const MOST_LIFETIME = 10 * 365 * 24 * 3600;

const STATUSES = new Set([
  "abandoned",
  "active",
  "ended",
  "expired",
  "pending",
  "removed",
  "replaced",
  "revoked",
]);

/** Sessions by the Backend API (B §1.6). */
export function sessionRoutes(parts: Parts): Route[] {
  const { store } = parts;
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/sessions",
      async handle(call) {
        const { query, instance, now } = call;
        const clientId = query.text("client_id") || null;
        const userId = query.text("user_id") || null;
        const status = query.text("status") || null;
        if (clientId === null && userId === null) {
          throw refuse("missing_query_parameter", {}, "Say whose sessions: give user_id or client_id.");
        }
        if (status !== null && !STATUSES.has(status)) {
          throw refuse(
            "invalid_query_parameter_value",
            {},
            `"${status}" is no status: ${[...STATUSES].join(", ")}.`,
          );
        }
        const rows: SessionRow[] = [];
        const found =
          userId === null
            ? store.read().all("sessions", "by_client", [clientId!])
            : store.read().all("sessions", "by_user", [userId]);
        for await (const row of found) {
          if (row.instanceId === instance.id && (clientId === null || row.clientId === clientId))
            rows.push(row);
        }
        const sessions = rows
          .sort((one, other) => other.createdAt - one.createdAt)
          .map((row) => backendSessionJson(parts, row, now))
          .filter((json) => status === null || json.status === status);
        return answerPage(call, sessions);
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions",
      async handle(call) {
        const session = await createSession(parts, call);
        return { json: backendSessionJson(parts, session, call.now) };
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/sessions/:id",
      async handle(call) {
        return { json: backendSessionJson(parts, await sessionOf(store.read(), call), call.now) };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions/:id/revoke",
      async handle(call) {
        const id = await store.transact("revoke session", async (tx) => {
          const session = await sessionOf(tx, call);
          await endSessions(parts, tx, [session], {
            status: "revoked",
            actor: BY_BACKEND,
            ipAddress: call.ipAddress,
          });
          return session.id;
        });
        const session = (await store.read().get("sessions", id))!;
        return { json: backendSessionJson(parts, session, call.now) };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions/:id/verify",
      async handle(call) {
        const token = call.body.required("token");
        const session = await sessionOf(store.read(), call);
        const claims = await verifyOwnToken(parts, call, token);
        if (claims?.sid !== session.id || !isLive(session, call.now)) throw refuse("invalid_session_token");
        return { json: backendSessionJson(parts, session, call.now) };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions/:id/refresh",
      handle: (call) => refreshSession(parts, call),
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions/:id/tokens",
      async handle(call) {
        const subject = await tokenSubject(parts, call);
        return { json: { object: "token", jwt: await mintSessionToken(parts, subject) } };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sessions/:id/tokens/:template",
      async handle(call) {
        const name = call.path.template!;
        const subject = await tokenSubject(parts, call);
        const template = await store.read().first("jwt_templates", "by_name", [call.instance.id, name]);
        if (template === null) {
          throw refuse("resource_not_found", {}, `There is no JWT template "${name}".`);
        }
        return { json: { object: "token", jwt: await mintTemplateToken(parts, { ...subject, template }) } };
      },
    },
  ];
}

async function sessionOf(reader: Reader, { instance, path }: Call): Promise<SessionRow> {
  const session = await reader.get("sessions", path.id!);
  if (session === null || session.instanceId !== instance.id) {
    throw refuse("resource_not_found", {}, `There is no session ${path.id}.`);
  }
  return session;
}

/** Whom a token is to be of. Throws for sessions that have ended and users who are banned. */
async function tokenSubject({ store }: Parts, call: Call) {
  const reader = store.read();
  const session = await sessionOf(reader, call);
  const user = await reader.get("users", session.userId);
  if (user === null || !isLive(session, call.now)) {
    throw refuse("resource_not_found", {}, `The session ${session.id} has ended.`);
  }
  if (user.banned) throw refuse("user_banned");
  const lifetime = call.body.integer("expires_in_seconds", LEAST_LIFETIME, MOST_LIFETIME);
  return {
    instance: call.instance,
    session,
    user,
    origin: null,
    ...(lifetime === undefined ? {} : { lifetime }),
  };
}

/** A session without a browser, for tests and for servers that act as a user: its client's secret is nobody's. */
async function createSession(parts: Parts, call: Call): Promise<SessionRow> {
  const { store, seams, limits } = parts;
  const { instance, body } = call;
  const userId = body.required("user_id");
  return store.transact("create session", async (tx) => {
    const user: UserRow | null = await tx.get("users", userId);
    if (user === null || user.instanceId !== instance.id) {
      throw refuseField("form_resource_not_found", "user_id", `There is no user ${userId}.`);
    }
    if (user.banned) throw refuse("user_banned");
    const client = await insertClient(parts, tx, call, limits.sessionLifetime);
    const session = await insertSession(parts, tx, call, {
      clientId: client.row.id,
      userId,
      activity: {
        id: publicId("act", seams.random),
        deviceType: null,
        isMobile: false,
        browserName: null,
        browserVersion: null,
        ipAddress: call.ipAddress,
      },
    });
    await tx.patch("clients", client.row, { lastActiveSessionId: session.id });
    await auditBackend(parts, tx, call, "session.created", session.id, { userId });
    return session;
  });
}
