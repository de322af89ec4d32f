import { v } from "@tandem/values";
import { findVersion } from "../../deploy/stored_version.ts";
import { liveVersion } from "../live_version.ts";
import { systemQuery } from "../system_query.ts";

/** JSON texts of the schema in force and of the one on its way, each left out when there is none. */
export const getSchemas = systemQuery({
  path: "_system/frontend/getSchemas:default",
  operation: "ViewData",
  args: { componentId: v.optional(v.union(v.string(), v.null())) },
  async run(context) {
    const { snapshot } = context;
    const active = (await liveVersion(context))?.schema ?? null;
    await snapshot.scanRows("_schemas");
    const pending = snapshot.catalog.pendingSchema("");
    const isOnItsWay = pending !== null && pending.state.kind !== "failed";
    const inProgress = isOnItsWay ? ((await findVersion(snapshot, pending.id))?.schema ?? null) : null;
    return {
      ...(active === null ? {} : { active: JSON.stringify(active) }),
      ...(inProgress === null ? {} : { inProgress: JSON.stringify(inProgress) }),
    };
  },
});
