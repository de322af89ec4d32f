import { outcomeToText, parseFormat } from "@tandem/protocol";
import { jsonToConvex } from "@tandem/values";
import type { Hono } from "hono";
import { z } from "zod";
import { argumentsObject } from "../../execute/arguments.ts";
import { toClientResult } from "../../execute/client_message.ts";
import { formatLogLines } from "../../logs/lines.ts";
import { requireDeployer } from "../admin.ts";
import type { DeployContext } from "../deploy_context.ts";
import { readRequest } from "../request_body.ts";

const shape = z.object({
  adminKey: z.string(),
  bundle: z.object({ path: z.string(), source: z.string() }),
  args: z.json().default({}),
  format: z.string().optional(),
  componentId: z.null().optional(),
});

/** Runs a query that comes with the request, for `convex run --inline-query` (R §4.9). */
export function runTestFunction(app: Hono, context: DeployContext): void {
  app.post("/api/run_test_function", async (c) => {
    const request = await readRequest(c.req.raw, shape, context.limits.httpBody);
    requireDeployer(context, request.adminKey, "RunInternalQueries");
    const requestId = Buffer.from(context.seams.random.bytes(8)).toString("hex");
    const args = argumentsObject(request.args);
    const run = await context.deployment.runInline({ source: request.bundle.source, args, requestId });
    // Whoever has the key sees errors whole.
    const result = toClientResult(run.result, requestId, false);
    const logLines = formatLogLines(run.logs);
    const text =
      result.kind === "value"
        ? outcomeToText(
            { status: "success", value: jsonToConvex(JSON.parse(result.value)), logLines },
            parseFormat(request.format, "convex_encoded_json"),
          )
        : outcomeToText(
            {
              status: "error",
              errorMessage: result.clientMessage,
              ...(result.data === undefined ? {} : { errorData: jsonToConvex(JSON.parse(result.data)) }),
              logLines,
            },
            parseFormat(request.format, "convex_encoded_json"),
          );
    return c.body(text, 200, { "content-type": "application/json" });
  });
}
