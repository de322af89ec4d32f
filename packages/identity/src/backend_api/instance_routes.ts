import { record } from "../audit/record.ts";
import { refuse } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { BY_BACKEND } from "./audit.ts";
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
        const { instance, ipAddress } = call;
        const body = call.body.json();
        await parts.store.transact("change instance", async (tx) => {
          const row = await tx.get("instances", instance.id);
          if (row === null) throw refuse("resource_not_found");
          const { settings } = await parts.instances.byId(instance.id, tx);
          await tx.patch("instances", row, {
            settings: JSON.stringify(changedSettings(settings, body)),
            updatedAt: call.now,
          });
          await record(
            tx,
            {
              instanceId: instance.id,
              action: "instance.updated",
              actor: BY_BACKEND,
              subject: instance.id,
              ipAddress,
              detail: { fields: Object.keys(body) },
            },
            parts.seams,
          );
        });
        return { status: 204 };
      },
    },
  ];
}
