import type { Hono } from "hono";
import { requireDeployer } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { startPushRequest } from "../push_request.ts";
import { readRequest } from "../request_body.ts";

/** What a push would change in schema and indexes, without doing it (R §4.5). */
export function evaluatePush(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/evaluate_push", async (c) => {
    const request = await readRequest(c.req.raw, startPushRequest, context.limits.pushBody);
    requireDeployer(context, request.adminKey);
    return c.json(await context.deployment.evaluatePush(request));
  });
}
