import type { Hono } from "hono";
import { z } from "zod";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";

const shape = z.looseObject({ adminKey: z.string() });

/** Takes the CLI's timings of a push. They are nobody's concern here, so nothing is kept of them (R §4.7). */
export function reportPushCompleted(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/report_push_completed", async (c) => {
    await readDeployRequest(context, c.req.raw, shape);
    return c.json(null);
  });
}
