import type { Hono } from "hono";
import { z } from "zod";
import { requireDeployer } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { readRequest } from "../request_body.ts";

const shape = z.looseObject({ adminKey: z.string() });

/** Takes the CLI's timings of a push. They are nobody's concern here, so nothing is kept of them (R §4.7). */
export function reportPushCompleted(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/report_push_completed", async (c) => {
    const request = await readRequest(c.req.raw, shape, context.limits.pushBody);
    requireDeployer(context, request.adminKey);
    return c.json(null);
  });
}
