import type { UpdateEnvironmentVariablesRequest } from "@tandem/protocol";
import type { Hono } from "hono";
import { z } from "zod";
import { adminOfHeader } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { readRequest } from "../request_body.ts";

const shape: z.ZodType<UpdateEnvironmentVariablesRequest> = z.object({
  changes: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
});

/** Sets and deletes variables, all or none (R §4.8). Answers when functions see them. */
export function updateEnvironmentVariables(app: Hono, context: DeployContext): void {
  app.on("POST", ["/api/update_environment_variables", "/api/v1/update_environment_variables"], async (c) => {
    await adminOfHeader(context, c.req.raw, "WriteEnvironmentVariables");
    const { changes } = await readRequest(c.req.raw, shape, context.limits.httpBody);
    await context.deployment.updateEnvironment(changes);
    return c.body(null, 200);
  });
}
