import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { ClientRow } from "../store/index.ts";
import { answerCollection, pageOf } from "./collection.ts";
import { backendClientJson } from "./session_json.ts";

/** Browsers by the Backend API (B §1.6). */
export function clientRoutes(parts: Parts): Route[] {
  const show = async (call: Call, client: ClientRow | null, missing: () => Error) => {
    if (client === null || client.instanceId !== call.instance.id || client.expireAt <= call.now)
      throw missing();
    return { json: await backendClientJson(parts, parts.store.read(), client, call.now) };
  };
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/clients",
      async handle(call) {
        const { limit, offset } = pageOf(call.query);
        const reader = parts.store.read();
        const page: ClientRow[] = [];
        let count = 0;
        // The newest expires last.
        for await (const client of reader.all("clients", "by_expiry", [], "desc")) {
          if (client.expireAt <= call.now) break;
          if (client.instanceId !== call.instance.id) continue;
          if (count >= offset && page.length < limit) page.push(client);
          count++;
        }
        return answerCollection(
          call,
          await Promise.all(page.map((client) => backendClientJson(parts, reader, client, call.now))),
          count,
        );
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/clients/verify",
      async handle(call) {
        const digest = digestOf(call.body.required("token"));
        const client = await parts.store.read().first("clients", "by_token", [digest]);
        return show(call, client, () => refuse("cookie_invalid", {}, "The token is no browser's cookie."));
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/clients/:id",
      async handle(call) {
        const client = await parts.store.read().get("clients", call.path.id!);
        return show(call, client, () =>
          refuse("resource_not_found", {}, `There is no client ${call.path.id}.`),
        );
      },
    },
  ];
}
