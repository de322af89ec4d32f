import type { Hono } from "hono";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";
import { startPushRequest } from "../push_request.ts";

/** What a push would change in schema and indexes, without doing it (R §4.5). */
export function evaluatePush(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/evaluate_push", async (c) => {
    const request = await readDeployRequest(context, c.req.raw, startPushRequest);
    return c.json(await context.deployment.evaluatePush(request));
  });
}
