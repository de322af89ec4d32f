import { Hono } from "hono";
import type { DeployContext } from "./deploy_context.ts";
import { checkAdminKey } from "./endpoints/check_admin_key.ts";
import { evaluatePush } from "./endpoints/evaluate_push.ts";
import { evaluateSchema } from "./endpoints/evaluate_schema.ts";
import { finishPush } from "./endpoints/finish_push.ts";
import { getCanonicalUrls } from "./endpoints/get_canonical_urls.ts";
import { getConfig } from "./endpoints/get_config.ts";
import { getConfigHashes } from "./endpoints/get_config_hashes.ts";
import { listEnvironmentVariables } from "./endpoints/list_environment_variables.ts";
import { reportPushCompleted } from "./endpoints/report_push_completed.ts";
import { runTestFunction } from "./endpoints/run_test_function.ts";
import { startPush } from "./endpoints/start_push.ts";
import { updateEnvironmentVariables } from "./endpoints/update_environment_variables.ts";
import { waitForSchema } from "./endpoints/wait_for_schema.ts";

/** What the CLI and the dashboard deploy with (R §4.2–4.8). */
export function deployApi(context: DeployContext): Hono {
  const app = new Hono();
  const endpoints = [
    checkAdminKey,
    evaluatePush,
    evaluateSchema,
    finishPush,
    getCanonicalUrls,
    getConfig,
    getConfigHashes,
    listEnvironmentVariables,
    reportPushCompleted,
    runTestFunction,
    startPush,
    updateEnvironmentVariables,
    waitForSchema,
  ];
  for (const endpoint of endpoints) endpoint(app, context);
  return app;
}
