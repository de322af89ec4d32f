import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { createDevBrowser } from "./create_dev_browser.ts";

/** Gives a page of a development instance a token that stands for its browser's cookie (F §1.7). */
export function devBrowserRoutes(parts: Parts): Route[] {
  const { store, seams } = parts;
  return [
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/dev_browser",
      async handle(call) {
        const { instance, now } = call;
        await takeByAddress(parts, "create", call);
        if (instance.environment !== "development") throw refuse("request_invalid_for_instance");
        const token = await store.transact("dev browser", (tx) =>
          createDevBrowser(tx, instance, { seams, now, clientId: null }),
        );
        return { json: { object: "dev_browser", id: token } };
      },
    },
  ];
}
