import type { Hono } from "hono";
import { requireDeployer } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { startPushRequest } from "../push_request.ts";
import { readRequest } from "../request_body.ts";

/** The first step of a push: everything is evaluated, and what takes long is begun (R §4.4). */
export function startPush(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/start_push", async (c) => {
    const request = await readRequest(c.req.raw, startPushRequest, context.limits.pushBody);
    requireDeployer(context, request.adminKey);
    return c.json(await context.deployment.startPush(request));
  });
}
