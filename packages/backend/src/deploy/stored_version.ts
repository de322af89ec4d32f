import { andThen, type MaybePromise, type PlainRows } from "@tandem/engine";
import type {
  AnalyzedModule,
  AuthInfo,
  ComponentDefinitionMetadata,
  IndexDiff,
  SchemaJson,
} from "@tandem/protocol";
import type { AnalyzedModule as RuntimeAnalysis } from "@tandem/runtime";
import type { ModuleEntry } from "./module_store.ts";

/** A pushed version as it is stored: all but the content of its modules. */
export interface StoredVersion {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly pushedAt: number;
  readonly udfServerVersion: string;
  readonly modules: readonly ModuleEntry[];
  /** `auth.config.js`, which is no function module. */
  readonly authConfig: ModuleEntry | null;
  readonly providers: readonly AuthInfo[];
  readonly schema: SchemaJson | null;
  readonly definition: ComponentDefinitionMetadata;
  /** For tools (R §4.4), by path. */
  readonly analysis: { readonly [path: string]: AnalyzedModule };
  /** For the lanes. */
  readonly functions: readonly RuntimeAnalysis[];
  /** Milliseconds since the epoch (R §2.1). */
  readonly importClock: number;
  /** 64 hex digits. */
  readonly importSeed: string;
}

const TABLE = "_pushes";
/** Row that names the version of the push that is under way. */
const PENDING = "pending";

const versionRow = (id: string) => `version:${id}`;

export function putVersion(rows: Pick<PlainRows, "putRow">, version: StoredVersion): void {
  rows.putRow(TABLE, versionRow(version.id), JSON.stringify(version));
}

export function removeVersion(rows: Pick<PlainRows, "putRow">, id: string): void {
  rows.putRow(TABLE, versionRow(id), null);
}

export function findVersion(rows: Pick<PlainRows, "getRow">, id: string): MaybePromise<StoredVersion | null> {
  return andThen(rows.getRow(TABLE, versionRow(id)), (json) =>
    json === null ? null : (JSON.parse(json) as StoredVersion),
  );
}

/** The push under way. */
interface PendingPush {
  readonly version: string;
  /** What it does to the indexes, as it was when it began: some of it is done before it ends. */
  readonly indexDiff: IndexDiff;
}

/** The version that the push under way will switch to, or `null`. */
export function findPendingVersion(
  rows: Pick<PlainRows, "getRow">,
): MaybePromise<(StoredVersion & Pick<PendingPush, "indexDiff">) | null> {
  return andThen(rows.getRow(TABLE, PENDING), (json) => {
    if (json === null) return null;
    const { version, indexDiff } = JSON.parse(json) as PendingPush;
    return andThen(findVersion(rows, version), (found) => (found === null ? null : { ...found, indexDiff }));
  });
}

export function setPendingVersion(rows: Pick<PlainRows, "putRow">, pending: PendingPush | null): void {
  rows.putRow(TABLE, PENDING, pending === null ? null : JSON.stringify(pending));
}

/** Everything of `version` that the store holds by hash. */
export function contentOf(version: StoredVersion): readonly ModuleEntry[] {
  return version.authConfig === null ? version.modules : [...version.modules, version.authConfig];
}
