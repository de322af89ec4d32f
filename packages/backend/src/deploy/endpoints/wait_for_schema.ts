import type { WaitForSchemaRequest } from "@tandem/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import type { DeployContext } from "../deploy_context.ts";
import { readDeployRequest } from "../deploy_request.ts";

const shape = z.looseObject({
  adminKey: z.string(),
  schemaChange: z.looseObject({
    allocatedComponentIds: z.record(z.string(), z.string()).default({}),
    schemaIds: z.record(z.string(), z.string().nullable()),
  }),
  timeoutMs: z.number().nonnegative().optional(),
  dryRun: z.boolean().optional(),
}) as z.ZodType<WaitForSchemaRequest>;

/** Waits until the documents are checked and the indexes are built, or tells how far they are (R §4.6). */
export function waitForSchema(app: Hono, context: DeployContext): void {
  app.post("/api/deploy2/wait_for_schema", async (c) => {
    const request = await readDeployRequest(context, c.req.raw, shape);
    return c.json(await context.deployment.waitForSchema(request, c.req.raw.signal));
  });
}
