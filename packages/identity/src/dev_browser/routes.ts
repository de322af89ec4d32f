import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";

/** Gives a page of a development instance a token that stands for its browser's cookie (F §1.7). */
export function devBrowserRoutes({ store, seams, rates }: Parts): Route[] {
  return [
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/dev_browser",
      async handle({ instance, now, ipAddress }) {
        rates.take("create", ipAddress ?? "");
        if (instance.environment !== "development") throw refuse("request_invalid_for_instance");
        const token = publicId("dvb", seams.random);
        await store.transact("dev browser", (tx) =>
          tx.insert("dev_browsers", {
            id: publicId("dvb", seams.random),
            instanceId: instance.id,
            tokenDigest: digestOf(token),
            clientId: null,
            createdAt: now,
          }),
        );
        return { json: { object: "dev_browser", id: token } };
      },
    },
  ];
}
