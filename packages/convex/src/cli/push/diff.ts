import type {
  FinishPushDiff,
  GetConfigHashesResponse,
  IndexConfig,
  StartPushRequest,
} from "@tandem/protocol";
import type { BundledApp } from "./bundle.ts";
import { moduleHash } from "./module.ts";

type Modules = Pick<StartPushRequest["appDefinition"], "changedModules" | "unchangedModuleHashes">;

/** Splits an app's modules into those to send and those that the deployment already has, by hash. */
export function splitByHash(
  modules: BundledApp["modules"],
  known: GetConfigHashesResponse["moduleHashes"],
): Modules {
  const hashes = new Map(known.map(({ path, hash, environment }) => [path, { hash, environment }]));
  const changedModules: BundledApp["modules"][number][] = [];
  const unchangedModuleHashes: Modules["unchangedModuleHashes"][number][] = [];
  for (const module of modules) {
    const sha256 = moduleHash(module);
    const there = hashes.get(module.path);
    if (there?.hash === sha256 && there.environment === module.environment) {
      unchangedModuleHashes.push({ path: module.path, environment: module.environment, sha256 });
    } else {
      changedModules.push(module);
    }
  }
  return { changedModules, unchangedModuleHashes };
}

/** Lines telling what a push changed besides code: auth providers, cron jobs, indexes; modules if `verbose`. */
export function describeChanges(diff: FinishPushDiff, verbose: boolean): string[] {
  const lines: string[] = [];
  const list = (title: string, sign: "+" | "-" | "~", names: readonly string[]): void => {
    for (const name of names) lines.push(`  [${sign}] ${title} ${name}`);
  };
  list("auth provider", "+", diff.authDiff.added);
  list("auth provider", "-", diff.authDiff.removed);
  for (const component of Object.values(diff.componentDiffs)) {
    list("index", "+", component.indexDiff.added_indexes.map(describeIndex));
    list("index", "-", component.indexDiff.removed_indexes.map(describeIndex));
    list("cron job", "+", component.cronDiff.added);
    list("cron job", "~", component.cronDiff.updated);
    list("cron job", "-", component.cronDiff.deleted);
    if (verbose) {
      list("module", "+", component.moduleDiff.added);
      list("module", "-", component.moduleDiff.removed);
    }
  }
  return lines;
}

function describeIndex(index: IndexConfig): string {
  return index.type === "database"
    ? `${index.name} on ${index.fields.join(", ")}`
    : `${index.name} (${index.type})`;
}
