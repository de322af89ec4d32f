import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { auditBackend } from "./audit.ts";
import { changedSettings, settingsJson } from "./instance_settings.ts";

/** The instance and its keys by the Backend API (B §1.9). */
export function instanceRoutes(parts: Parts): Route[] {
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/jwks",
      handle: async ({ instance }) => ({ json: await parts.keys.jwks(instance.id) }),
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/instance",
      handle: ({ instance }) => ({
        json: {
          object: "instance",
          id: instance.id,
          environment_type: instance.environment,
          ...settingsJson(instance.settings),
        },
      }),
    },
    {
      audience: "backend",
      method: "PATCH",
      path: "/v1/instance",
      async handle(call) {
        const { instance } = call;
        const body = call.body.json();
        await parts.instances.change(
          instance.id,
          (settings) => changedSettings(settings, body),
          (tx) =>
            auditBackend(parts, tx, call, "instance.updated", instance.id, { fields: Object.keys(body) }),
        );
        return { status: 204 };
      },
    },
  ];
}
