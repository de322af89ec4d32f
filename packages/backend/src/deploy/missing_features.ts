import { ApiError } from "@tandem/protocol";
import type { EvaluatedModule } from "./evaluation.ts";

/**
 * Refuses an app that declares what this server does not run: taken in silently, it would never happen. Throws an
 * `ApiError` that names it.
 */
export function refuseMissingFeatures(modules: readonly EvaluatedModule[]): void {
  for (const { path, cronSpecs, httpRoutes } of modules) {
    const file = path.replace(/\.js$/, ".ts");
    if (cronSpecs !== null && cronSpecs.length > 0) {
      const names = cronSpecs.map(({ identifier }) => `"${identifier}"`).join(", ");
      throw new ApiError(
        "BadRequest",
        "CronsNotSupported",
        `${file} declares cron jobs (${names}), which this version of Tandem does not run yet. Take them out to push.`,
      );
    }
    if (httpRoutes !== null && httpRoutes.length > 0) {
      throw new ApiError(
        "BadRequest",
        "HttpActionsNotSupported",
        `${file} declares HTTP routes, which this version of Tandem does not serve yet. Take them out to push.`,
      );
    }
  }
}
