import { after } from "../clients/browser.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Limits } from "../limits.ts";
import type { Parts } from "../parts.ts";
import { endSessions, openSessionsOf } from "../sessions/index.ts";
import type { UserRow, Writer } from "../store/index.ts";
import { passwordFields, storedPassword } from "../users/index.ts";
import { auditBackend, BY_BACKEND } from "./audit.ts";
import { backendUserJson } from "./user_json.ts";
import { userOf } from "./user_of.ts";

/** What is done with a user in one stroke: a change of the row, and perhaps the end of their sessions. */
interface AccountAction {
  readonly name: string;
  readonly audit: string;
  change(user: UserRow, call: Call, limits: Limits): Partial<UserRow>;
  endsSessions(call: Call): boolean;
}

const ACTIONS: readonly AccountAction[] = [
  { name: "ban", audit: "user.banned", change: () => ({ banned: true }), endsSessions: () => true },
  { name: "unban", audit: "user.unbanned", change: () => ({ banned: false }), endsSessions: () => false },
  {
    name: "lock",
    audit: "user.locked",
    change: (_, { now }, { lockoutDuration }) => ({
      lock: { kind: "operator", until: now + lockoutDuration },
    }),
    // A lock keeps people from signing in; who is in, stays.
    endsSessions: () => false,
  },
  {
    name: "unlock",
    audit: "user.unlocked",
    change: () => ({ lock: null, failedAttempts: 0 }),
    endsSessions: () => false,
  },
  {
    name: "remove_password",
    audit: "user.password_removed",
    change: (user, { now }) => {
      if (user.passwordDigest === null) throw refuse("no_password_set");
      return passwordFields(null, now);
    },
    endsSessions: ({ body }) => body.flag("sign_out_of_other_sessions") === true,
  },
  {
    name: "password/set_compromised",
    audit: "user.password_compromised",
    change: (user) => {
      if (user.passwordDigest === null) throw refuse("no_password_set");
      return { passwordCompromised: true };
    },
    endsSessions: ({ body }) => body.flag("revoke_all_sessions") === true,
  },
  {
    name: "password/unset_compromised",
    audit: "user.password_not_compromised",
    change: () => ({ passwordCompromised: false }),
    endsSessions: () => false,
  },
];

/** Ban, lock and passwords of users (B §1.4). */
export function accountRoutes(parts: Parts): Route[] {
  return [
    ...ACTIONS.map(
      (action): Route => ({
        audience: "backend",
        method: "POST",
        path: `/v1/users/:id/${action.name}`,
        async handle(call) {
          const user = await parts.store.transact(action.audit, (tx) => act(parts, tx, call, action));
          const { instance, now } = call;
          return { json: await backendUserJson(parts.store.read(), parts.limits, instance, user, now) };
        },
      }),
    ),
    {
      audience: "backend",
      method: "POST",
      path: "/v1/users/:id/verify_password",
      async handle(call) {
        const user = await userOf(parts.store.read(), call);
        const password = call.body.required("password");
        const stored = storedPassword(user);
        if (stored === null) throw refuse("no_password_set");
        // Of one account, whoever asks: the caller passes on what others have typed.
        parts.rates.take("attempt", user.id);
        if (!(await parts.passwords.verify(password, stored)))
          throw refuseField("incorrect_password", "password");
        return { json: { verified: true } };
      },
    },
  ];
}

async function act(parts: Parts, tx: Writer, call: Call, action: AccountAction): Promise<UserRow> {
  const user = await userOf(tx, call);
  const changed = await tx.patch("users", user, {
    ...action.change(user, call, parts.limits),
    updatedAt: after(user.updatedAt, call.now),
  });
  await auditBackend(parts, tx, call, action.audit, user.id);
  if (action.endsSessions(call)) {
    const sessions = await openSessionsOf(tx, user.id);
    await endSessions(parts, tx, sessions, {
      status: "revoked",
      actor: BY_BACKEND,
      ipAddress: call.ipAddress,
    });
  }
  return changed;
}
