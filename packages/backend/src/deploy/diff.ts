import type { AuthInfo, ComponentDiff, FinishPushDiff, IndexDiff } from "@tandem/protocol";
import type { StoredVersion } from "./stored_version.ts";

const NO_INDEXES: IndexDiff = {
  added_indexes: [],
  removed_indexes: [],
  enabled_indexes: [],
  disabled_indexes: [],
};

/** Of a dry run: nothing changes. */
export function emptyDiff(): FinishPushDiff {
  return { authDiff: { added: [], removed: [] }, definitionDiffs: {}, componentDiffs: {} };
}

/** What a push changes, as tools print it (R §4.7). `previous` is `null` for the first one. */
export function pushDiff(
  previous: Pick<StoredVersion, "modules" | "schema" | "udfServerVersion" | "analysis"> | null,
  next: StoredVersion,
  providersBefore: readonly AuthInfo[],
  indexDiff: IndexDiff = NO_INDEXES,
): FinishPushDiff {
  const component: ComponentDiff = {
    diffType: { type: previous === null ? "create" : "modify" },
    moduleDiff: added(paths(previous), paths(next)),
    udfConfigDiff:
      previous === null || previous.udfServerVersion === next.udfServerVersion
        ? null
        : { previous_version: previous.udfServerVersion, next_version: next.udfServerVersion },
    cronDiff: { added: [], updated: [], deleted: [] },
    indexDiff,
    schemaDiff: schemaDiff(previous, next),
  };
  return {
    authDiff: added(providersBefore.map(providerText), next.providers.map(providerText)),
    definitionDiffs: {},
    componentDiffs: { "": component },
  };
}

function schemaDiff(
  previous: Pick<StoredVersion, "schema"> | null,
  next: StoredVersion,
): ComponentDiff["schemaDiff"] {
  const text = (version: Pick<StoredVersion, "schema"> | null) =>
    version?.schema == null ? null : JSON.stringify(version.schema);
  const previous_schema = text(previous);
  const next_schema = text(next);
  return previous_schema === next_schema ? null : { previous_schema, next_schema };
}

function added(before: readonly string[], after: readonly string[]): { added: string[]; removed: string[] } {
  const old = new Set(before);
  const now = new Set(after);
  return { added: after.filter((item) => !old.has(item)), removed: before.filter((item) => !now.has(item)) };
}

function paths(version: Pick<StoredVersion, "modules"> | null): string[] {
  return (version?.modules ?? []).map(({ path }) => path).filter((path) => !path.startsWith("_deps/"));
}

/** One text for one provider, whatever the order of its fields. */
function providerText(provider: AuthInfo): string {
  return JSON.stringify(Object.fromEntries(Object.entries(provider).sort(([a], [b]) => (a < b ? -1 : 1))));
}
