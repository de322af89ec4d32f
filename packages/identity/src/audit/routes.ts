import { pageOf } from "../backend_api/collection.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { AuditEventRow } from "../store/index.ts";

/**
 * The audit log by the Backend API, newest first: `subject` and `action` filter, `limit` and `offset` page. There is
 * no address that changes or removes a line.
 */
export function auditRoutes({ store }: Pick<Parts, "store">): Route[] {
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/audit_events",
      async handle({ instance, query }) {
        const { limit, offset } = pageOf(query);
        const subject = query.text("subject") || null;
        const action = query.text("action") || null;
        const reader = store.read();
        const events =
          subject === null
            ? reader.all("audit_events", "by_time", [instance.id], "desc")
            : reader.all("audit_events", "by_subject", [subject], "desc");
        const page: unknown[] = [];
        let seen = 0;
        let hasMore = false;
        for await (const row of events) {
          if (row.instanceId !== instance.id || (action !== null && row.action !== action)) continue;
          if (seen++ < offset) continue;
          hasMore = page.length >= limit;
          if (hasMore) break;
          page.push(auditEventJson(row));
        }
        return { json: { data: page, has_more: hasMore } };
      },
    },
  ];
}

function auditEventJson(row: AuditEventRow) {
  return {
    object: "audit_event",
    id: row.id,
    action: row.action,
    actor: row.actor,
    subject: row.subject,
    ip_address: row.ipAddress,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
    created_at: row.at,
  };
}
