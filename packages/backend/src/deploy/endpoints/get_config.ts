import type { GetConfigResponse } from "@tandem/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";
import { readModules } from "../module_store.ts";
import { contentOf } from "../stored_version.ts";

const shape = z.object({ version: z.string().optional(), adminKey: z.string() });

/** The live modules with their sources, for old tools (R §4.3). */
export function getConfig(app: Hono, context: DeployContext): void {
  app.post("/api/get_config", async (c) => {
    await readDeployRequest(context, c.req.raw, shape);
    const { version } = context.deployment;
    const providers = context.deployment.authProviders();
    const modules = version === null ? [] : await readModules(context.engine.snapshot(), contentOf(version));
    const answer: GetConfigResponse = {
      config: { functions: "convex/", ...(providers.length === 0 ? {} : { authInfo: [...providers] }) },
      modules: modules.map((module) => ({ ...module, environment: "isolate" })),
      udfServerVersion: version?.udfServerVersion ?? null,
    };
    return c.json(answer);
  });
}
