import type { Hono } from "hono";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";
import { startPushRequest } from "../push_request.ts";

/** The first step of a push: everything is evaluated, and what takes long is begun (R §4.4). */
export function startPush(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/start_push", async (c) => {
    const request = await readDeployRequest(context, c.req.raw, startPushRequest);
    return c.json(await context.deployment.startPush(request));
  });
}
