import type { ListEnvironmentVariablesResponse } from "@tandem/protocol";
import type { Hono } from "hono";
import { adminOfHeader } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";

/** The developer's own variables, without the server's (R §4.8). */
export function listEnvironmentVariables(app: Hono, context: DeployContext): void {
  app.on("GET", ["/api/list_environment_variables", "/api/v1/list_environment_variables"], async (c) => {
    await adminOfHeader(context, c.req.raw, "ViewEnvironmentVariables");
    const answer: ListEnvironmentVariablesResponse = {
      environmentVariables: Object.fromEntries(context.environment.user),
    };
    return c.json(answer);
  });
}
