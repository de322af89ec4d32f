import { record } from "../audit/record.ts";
import { after, type KnownClient, renewClientSecret } from "../clients/browser.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import type { ClientRow, SessionRow, UserRow, Writer } from "../store/index.ts";
import { operatorLock } from "../users/lockout.ts";
import { activityOf } from "./activity.ts";
import { usedAt } from "./use_session.ts";

export interface StartedSession extends KnownClient {
  readonly session: SessionRow;
}

/** Begins a session of a client that is there. Whoever is signed in by it has just proved who they are. */
export async function insertSession(
  { seams, limits }: Pick<Parts, "seams" | "limits">,
  tx: Writer,
  { instance, now }: Call,
  { clientId, userId, activity }: Pick<SessionRow, "clientId" | "userId" | "activity">,
): Promise<SessionRow> {
  const expireAt = now + limits.sessionLifetime;
  return tx.insert("sessions", {
    id: publicId("sess", seams.random),
    instanceId: instance.id,
    clientId,
    userId,
    status: "active",
    expireAt,
    ...usedAt(limits, expireAt, now),
    lastActiveOrganizationId: null,
    firstFactorVerifiedAt: now,
    secondFactorVerifiedAt: null,
    actor: null,
    activity,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
  });
}

/** Signs a user in at a browser: a session begins, and the browser's cookie gets a new secret. */
export async function startSession(
  parts: Parts,
  tx: Writer,
  call: Call,
  { client, user, strategy }: { client: ClientRow; user: UserRow; strategy: string },
): Promise<StartedSession> {
  const { seams } = parts;
  const { now, instance } = call;
  const session = await insertSession(parts, tx, call, {
    clientId: client.id,
    userId: user.id,
    activity: activityOf(call, publicId("act", seams.random)),
  });
  await tx.patch("users", user, {
    lastSignInAt: now,
    lastActiveAt: now,
    failedAttempts: 0,
    lock: operatorLock(user, now),
    updatedAt: after(user.updatedAt, now),
  });
  const marked = await tx.patch("clients", client, {
    lastActiveSessionId: session.id,
    lastAuthenticationStrategy: strategy,
    updatedAt: after(client.updatedAt, now),
  });
  await record(
    tx,
    {
      instanceId: instance.id,
      action: "session.created",
      actor: `user:${user.id}`,
      subject: session.id,
      ipAddress: call.ipAddress,
      detail: { userId: user.id, strategy },
    },
    seams,
  );
  return { session, ...(await renewClientSecret(parts, tx, call, marked)) };
}
