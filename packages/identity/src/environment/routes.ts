import type { Call, Route } from "../http/index.ts";
import { environmentJson } from "./environment_json.ts";

/** `GET`, and in development `PATCH` (which pages send at every load): bare, and for everybody (F §2.1, §3). */
export function environmentRoutes(): Route[] {
  const handle = ({ instance }: Call) => ({ json: environmentJson(instance) });
  return [
    { audience: "frontend", method: "GET", path: "/v1/environment", handle },
    { audience: "frontend", method: "PATCH", path: "/v1/environment", handle },
  ];
}
