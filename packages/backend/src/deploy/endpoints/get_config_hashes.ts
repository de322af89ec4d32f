import type { GetConfigHashesRequest, GetConfigHashesResponse } from "@tandem/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";
import { contentOf } from "../stored_version.ts";

const shape: z.ZodType<GetConfigHashesRequest> = z.object({
  version: z.string().optional(),
  adminKey: z.string(),
});

/** Hashes of the live modules: what the CLI then need not send again (R §4.3). */
export function getConfigHashes(app: Hono, context: DeployContext): void {
  app.post("/api/get_config_hashes", async (c) => {
    await readDeployRequest(context, c.req.raw, shape);
    const { version } = context.deployment;
    const providers = context.deployment.authProviders();
    const answer: GetConfigHashesResponse = {
      config: { functions: "convex/", ...(providers.length === 0 ? {} : { authInfo: [...providers] }) },
      moduleHashes: (version === null ? [] : contentOf(version)).map(({ path, sha256 }) => ({
        path,
        hash: sha256,
        environment: "isolate",
      })),
      udfServerVersion: version?.udfServerVersion ?? null,
      nodeVersion: null,
    };
    return c.json(answer);
  });
}
