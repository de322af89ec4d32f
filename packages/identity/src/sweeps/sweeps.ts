import type { Parts } from "../parts.ts";
import { endSessions } from "../sessions/index.ts";
import type { AuditEventRow, Reader, TableName, Tables, Writer } from "../store/index.ts";
import type { IndexName } from "../store/tables.ts";

/** One kind of row whose time is over, and what becomes of it. */
export interface Sweep {
  readonly name: string;
  /** Some of the rows that are due. */
  due(reader: Reader, now: number, limit: number): Promise<readonly { readonly _id: string }[]>;
  /** Deals with those that are due in this transaction. */
  run(tx: Writer, now: number, limit: number): Promise<void>;
}

/** Everything that time ends. */
export function sweeps(parts: Parts): Sweep[] {
  const { limits } = parts;
  return [
    {
      name: "expired sessions",
      due: (reader, now, limit) => reader.below("sessions", "by_open_until", now, limit),
      async run(tx, now, limit) {
        for (const session of await tx.below("sessions", "by_open_until", now, limit)) {
          const status = session.expireAt <= now ? "expired" : "abandoned";
          await endSessions(parts, tx, [session], { status, actor: "system", ipAddress: null });
        }
      },
    },
    removal("ended sessions", "sessions", "by_ending", (now) => now - limits.endedSessionMemory),
    removal("abandoned sign-ins", "sign_ins", "by_abandoning", (now) => now),
    removal("abandoned sign-ups", "sign_ups", "by_abandoning", (now) => now),
    {
      name: "expired clients",
      due: (reader, now, limit) => reader.below("clients", "by_expiry", now, limit),
      async run(tx, now, limit) {
        for (const client of await tx.below("clients", "by_expiry", now, limit)) {
          // Whatever the lifetimes are set to: without its browser nobody could sign a session out.
          const open = await tx.list("sessions", "by_client", [client.id, null]);
          await endSessions(parts, tx, open, { status: "expired", actor: "system", ipAddress: null });
          await tx.remove("clients", client);
        }
      },
    },
    removal("old development browsers", "dev_browsers", "by_creation", (now) => now - limits.clientLifetime),
    removal("handshakes that nobody fetched", "handshakes", "by_expiry", (now) => now),
    removal("guards of addresses", "address_guards", "by_expiry", (now) => now),
    // Whoever comes late with one is told for a while that it has expired.
    removal("old sign-in tokens", "sign_in_tokens", "by_expiry", (now) => now - limits.endedSessionMemory),
    removal("expired testing tokens", "testing_tokens", "by_expiry", (now) => now),
    ...(limits.auditMemory === 0 ? [] : [oldAuditEvents(parts)]),
  ];
}

/** Only its age removes a line of the audit log. */
function oldAuditEvents({ instances, limits }: Parts): Sweep {
  const due = async (reader: Reader, now: number, limit: number): Promise<AuditEventRow[]> => {
    const rows: AuditEventRow[] = [];
    for (const environment of ["development", "production"] as const) {
      const { id } = await instances.byEnvironment(environment);
      const old = reader.all("audit_events", "by_time", [id], "asc", { before: now - limits.auditMemory });
      for await (const row of old) {
        if (rows.length === limit) return rows;
        rows.push(row);
      }
    }
    return rows;
  };
  return {
    name: "old audit events",
    due,
    async run(tx, now, limit) {
      for (const row of await due(tx, now, limit)) await tx.remove("audit_events", row);
    },
  };
}

function removal<T extends TableName>(
  name: string,
  table: T,
  index: IndexName<T>,
  bound: (now: number) => number,
): Sweep {
  const due = (reader: Reader, now: number, limit: number): Promise<Tables[T][]> =>
    reader.below(table, index, bound(now), limit);
  return {
    name,
    due,
    async run(tx, now, limit) {
      for (const row of await due(tx, now, limit)) await tx.remove(table, row);
    },
  };
}
