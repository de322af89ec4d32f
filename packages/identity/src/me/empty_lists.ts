import { answerCaller } from "../answers.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { sessionOf } from "../sessions/index.ts";

/** What clients ask every account for and no account of this server has: organizations, and what goes with them. */
const COLLECTIONS = ["organization_memberships", "organization_invitations", "organization_suggestions"];

/** Each of them, empty. */
export function emptyListRoutes(parts: Parts): Route[] {
  const route = (name: string, response: unknown): Route => ({
    audience: "frontend",
    method: "GET",
    path: `/v1/me/${name}`,
    async handle(call) {
      await sessionOf(parts.store.read(), call);
      return answerCaller(parts, call, response);
    },
  });
  return [
    ...COLLECTIONS.map((name) => route(name, { data: [], total_count: 0 })),
    route("enterprise_connections", []),
  ];
}
