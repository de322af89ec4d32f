import type { HostTransaction } from "@tandem/engine";
import { ApiError, type AuthInfo, type FinishPushDiff } from "@tandem/protocol";
import { pushDiff } from "./diff.ts";
import { removeModule } from "./module_store.ts";
import { switchIndexes } from "./schema/build_indexes.ts";
import { declareSchema } from "./schema/declared_schema.ts";
import { planIndexes } from "./schema/index_plan.ts";
import {
  contentOf,
  findPendingVersion,
  findVersion,
  removeVersion,
  type StoredVersion,
  setPendingVersion,
} from "./stored_version.ts";

/**
 * Makes the push `id` live: functions, identity providers, schema and indexes in one commit (R §4.7). Throws
 * `RaceDetected` when another push has taken its place, and when its schema does not hold.
 */
export async function switchVersion(tx: HostTransaction, id: string): Promise<FinishPushDiff> {
  const next = await findPendingVersion(tx);
  if (next?.id !== id) throw overtaken();
  const liveId = tx.catalog.functionsVersion;
  const live = liveId === null ? null : await findVersion(tx, liveId);
  const schema = next.schema === null ? null : declareSchema(next.schema);
  if (schema !== null) checkPendingSchema(tx, id);

  const plan = planIndexes(tx.catalog, schema?.indexes ?? []);
  const diff = pushDiff(live, next, await readProviders(tx), next.indexDiff);
  tx.editor.setSchema("", schema?.definition ?? null);
  tx.editor.clearPendingSchema("");
  switchIndexes(tx, plan);
  tx.editor.setFunctionsVersion(id);
  await writeProviders(tx, next.providers);
  setPendingVersion(tx, null);
  if (live !== null) discardVersion(tx, live, [next]);
  return diff;
}

/** Removes a version, and the content that none of `kept` has too. */
export function discardVersion(
  tx: HostTransaction,
  version: StoredVersion,
  kept: readonly StoredVersion[],
): void {
  const needed = new Set(kept.flatMap((other) => contentOf(other).map(({ sha256 }) => sha256)));
  for (const { sha256 } of contentOf(version)) {
    if (!needed.has(sha256)) removeModule(tx, sha256);
  }
  removeVersion(tx, version.id);
}

function checkPendingSchema(tx: HostTransaction, id: string): void {
  const pending = tx.catalog.pendingSchema("");
  if (pending?.id !== id) throw overtaken();
  switch (pending.state.kind) {
    case "validated":
      return;
    case "failed":
      throw new ApiError(
        "BadRequest",
        "SchemaValidationFailed",
        `Schema validation failed: ${pending.state.error}`,
      );
    case "pending":
      throw new ApiError(
        "BadRequest",
        "SchemaNotValidated",
        "The documents have not all been checked against the new schema: call wait_for_schema until it is complete.",
      );
    default:
      pending.state satisfies never;
  }
}

function overtaken(): ApiError {
  return new ApiError(
    "Conflict",
    "RaceDetected",
    "Another push has begun since this one: its schema and functions were overwritten.",
  );
}

const AUTH_TABLE = "_auth";

/** The identity providers in force, in the order of auth.config.ts. */
export async function readProviders(tx: Pick<HostTransaction, "scanRows">): Promise<AuthInfo[]> {
  return (await tx.scanRows(AUTH_TABLE)).map(({ json }) => JSON.parse(json) as AuthInfo);
}

export async function writeProviders(tx: HostTransaction, providers: readonly AuthInfo[]): Promise<void> {
  const before = await tx.scanRows(AUTH_TABLE);
  for (let position = 0; position < Math.max(before.length, providers.length); position++) {
    const provider = providers[position];
    const json = provider === undefined ? null : JSON.stringify(provider);
    if (before[position]?.json !== json) tx.putRow(AUTH_TABLE, String(position).padStart(4, "0"), json);
  }
}
