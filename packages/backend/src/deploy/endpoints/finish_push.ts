import type { FinishPushRequest } from "@tandem/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";

// Only what is read of the echoed answer is checked: the rest is stored here already, and is not taken from a client.
const shape = z.looseObject({
  adminKey: z.string(),
  startPush: z.looseObject({
    environmentVariables: z.record(z.string(), z.string()),
    componentDefinitionPackages: z.record(z.string(), z.unknown()),
  }),
  dryRun: z.boolean(),
  message: z.string().nullish(),
}) as unknown as z.ZodType<FinishPushRequest>;

/** The last step of a push: one commit makes it live (R §4.7). */
export function finishPush(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/finish_push", async (c) => {
    const request = await readDeployRequest(context, c.req.raw, shape);
    return c.json(await context.deployment.finishPush(request));
  });
}
