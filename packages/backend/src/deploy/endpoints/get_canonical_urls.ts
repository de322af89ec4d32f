import type { CanonicalUrlsResponse } from "@tandem/protocol";
import type { Hono } from "hono";
import { adminOfHeader } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";

/** Where clients reach this deployment, for `.env.local` (R §4.2). */
export function getCanonicalUrls(app: Hono, context: DeployContext): void {
  app.get("/api/v1/get_canonical_urls", async (c) => {
    await adminOfHeader(context, c.req.raw, "ViewEnvironmentVariables");
    const { cloud, site } = context.urls;
    const answer: CanonicalUrlsResponse = { convexCloudUrl: cloud, convexSiteUrl: site };
    return c.json(answer);
  });
}
