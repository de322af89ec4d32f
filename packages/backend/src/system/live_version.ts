import { ApiError } from "@tandem/protocol";
import { findVersion, type StoredVersion } from "../deploy/stored_version.ts";
import type { SystemContext } from "./system_query.ts";

/** The version that is live in the query's snapshot, the read recorded; `null` before the first push. */
export async function liveVersion({ snapshot, deployment }: SystemContext): Promise<StoredVersion | null> {
  await snapshot.getRow("_functions", "version");
  const id = snapshot.catalog.functionsVersion;
  if (id === null) return null;
  if (deployment.version?.id === id) return deployment.version;
  const version = await findVersion(snapshot, id);
  if (version !== null) return version;
  throw new ApiError(
    "OperationalInternalServerError",
    "InternalServerError",
    `The version "${id}" is live but not stored.`,
  );
}
