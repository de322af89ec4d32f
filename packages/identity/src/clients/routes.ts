import { answerClient, answerWithClient } from "../answers.ts";
import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import { isAllowedRedirect } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { endSessions } from "../sessions/end_sessions.ts";
import type { ClientRow, SessionRow, Writer } from "../store/index.ts";
import { after, clientOf, openClient, renewClientSecret } from "./browser.ts";
import { clientCookie, signedInSinceCookies } from "./client_cookie.ts";

/** The browser itself (F §4.1). */
export function clientRoutes(parts: Parts): Route[] {
  const create: Route["handle"] = async (call) => {
    await takeByAddress(parts, "create", call);
    const { client, headers } = await parts.store.transact("open client", (tx) =>
      openClient(parts, tx, call),
    );
    return answerWithClient(parts, call, client, (json) => json, headers);
  };
  return [
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/client",
      handle: async (call) => answerClient(parts, call, await clientOf(parts.store.read(), call)),
    },
    { audience: "frontend", method: "POST", path: "/v1/client", handle: create },
    { audience: "frontend", method: "PUT", path: "/v1/client", handle: create },
    {
      audience: "frontend",
      method: "DELETE",
      path: "/v1/client",
      async handle(call) {
        const client = await parts.store.transact("remove client", async (tx) => {
          const found = await clientOf(tx, call);
          if (found === null) return null;
          await signOut(parts, tx, found, call.ipAddress);
          for (const devBrowser of await tx.list("dev_browsers", "by_client", [found.id])) {
            await tx.patch("dev_browsers", devBrowser, { clientId: null });
          }
          await tx.remove("clients", found);
          return found;
        });
        return {
          json: {
            response: client === null ? null : { object: "client", id: client.id, deleted: true },
            client: null,
          },
          headers: [
            clientCookie(call.instance, "", 0),
            ...signedInSinceCookies(call.instance, null, parts.limits.clientLifetime),
          ],
        };
      },
    },
    {
      audience: "frontend",
      method: "DELETE",
      path: "/v1/client/sessions",
      async handle(call) {
        const client = await parts.store.transact("sign out", async (tx) => {
          const found = await clientOf(tx, call);
          return found === null ? null : signOut(parts, tx, found, call.ipAddress);
        });
        return answerWithClient(parts, call, client, (json) => json);
      },
    },
    {
      // A top-level navigation, so that browsers which shorten cookies set by scripts renew this one (F §1.10).
      audience: "page",
      method: "GET",
      path: "/v1/client/touch",
      async handle(call) {
        const target = call.query.required("redirect_url");
        if (!isAllowedRedirect(call.instance, target)) throw refuse("invalid_redirect_url");
        const known = await parts.store.transact("renew cookie", async (tx) => {
          const client = await clientOf(tx, call);
          return client === null ? null : renewClientSecret(parts, tx, call, client);
        });
        return {
          status: 307,
          body: "",
          type: "text/plain",
          headers: [["location", target], ["cache-control", "no-store"], ...(known?.headers ?? [])],
        };
      },
    },
  ];
}

/** Everybody at a browser signs out; the browser stays known. */
async function signOut(
  parts: Parts,
  tx: Writer,
  client: ClientRow,
  ipAddress: string | null,
): Promise<ClientRow> {
  const open = await tx.list("sessions", "by_client", [client.id, null]);
  for (const session of open) await endSessions(parts, tx, [session], byOwner(session, ipAddress));
  return tx.patch("clients", client, {
    lastActiveSessionId: null,
    signInId: null,
    signUpId: null,
    updatedAt: after(client.updatedAt, parts.seams.clock.now()),
  });
}

function byOwner({ userId }: SessionRow, ipAddress: string | null) {
  return { status: "ended", actor: `user:${userId}`, ipAddress } as const;
}
