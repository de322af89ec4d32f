import type { Call, Route } from "../http/index.ts";
import { environmentJson } from "./environment_json.ts";

/** The genuine clerk-js counts its versions from here; our own, which can always be sent away, is below. */
const FIRST_GENUINE_MAJOR = 4;

/** `GET`, and in development `PATCH` (which pages send at every load): bare, and for everybody (F §2.1, §3). */
export function environmentRoutes(): Route[] {
  const handle = (call: Call) => ({ json: environmentJson(call.instance, canBeSentAway(call)) });
  return [
    { audience: "frontend", method: "GET", path: "/v1/environment", handle },
    { audience: "frontend", method: "PATCH", path: "/v1/environment", handle },
  ];
}

/**
 * Can this page be sent to the hosted pages? Of a development instance, genuine pages of another origin can only with a
 * development browser's token: to one without it the mere address of such a page is an error that shows nothing at
 * all (F §1.7).
 */
function canBeSentAway({ instance, origin, query }: Call): boolean {
  if (instance.environment === "production" || origin === null || origin === instance.issuer) return true;
  const major = Number((query.text("_clerk_js_version") ?? "0").split(".")[0]);
  return query.has("__clerk_db_jwt") || !(major >= FIRST_GENUINE_MAJOR);
}
