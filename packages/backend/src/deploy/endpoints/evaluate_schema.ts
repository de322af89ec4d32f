import type { Hono } from "hono";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";
import { startPushRequest } from "../push_request.ts";

/** How much work a push's schema and indexes would be, for the CLI's warnings (R §4.5). */
export function evaluateSchema(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/evaluate_schema", async (c) => {
    const request = await readDeployRequest(context, c.req.raw, startPushRequest);
    return c.json(await context.deployment.evaluateSchema(request));
  });
}
