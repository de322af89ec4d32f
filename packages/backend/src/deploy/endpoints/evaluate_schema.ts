import type { Hono } from "hono";
import { requireDeployer } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { startPushRequest } from "../push_request.ts";
import { readRequest } from "../request_body.ts";

/** How much work a push's schema and indexes would be, for the CLI's warnings (R §4.5). */
export function evaluateSchema(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/evaluate_schema", async (c) => {
    const request = await readRequest(c.req.raw, startPushRequest, context.limits.pushBody);
    requireDeployer(context, request.adminKey);
    return c.json(await context.deployment.evaluateSchema(request));
  });
}
