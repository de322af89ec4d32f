import type { Hono } from "hono";
import { adminOfHeader, allowedOperations } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";

/** Is the key good, and for what? The dashboard asks before it shows anything (R §4.2). */
export function checkAdminKey(app: Hono, context: DeployContext): void {
  app.get("/api/check_admin_key", async (c) => {
    const caller = await adminOfHeader(context, c.req.raw, null);
    return c.json({
      success: true,
      allowedOps: allowedOperations(caller),
      isReadOnly: caller.kind === "admin" && caller.readOnly,
    });
  });
}
