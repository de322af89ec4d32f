import { statSync } from "node:fs";
import path from "node:path";
import { type FSWatcher, watch } from "chokidar";

/** Tells when files of an app change. */
export interface AppWatch {
  /**
   * Files outside the functions folder that matter from now on. Those that changed after `since`
   * (milliseconds since 1970), when they were last read, count as changed.
   */
  setFiles(files: readonly string[], since: number): void;
  /**
   * Resolves with the files that changed since the last call, at once if there are some; with an empty list
   * when `signal` aborts.
   */
  next(signal?: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Editors write a file in several steps; what comes within this time is one change. */
const settleMs = 15;

/** Watches a functions folder, new files included, except for what is generated there. */
export async function watchApp(functionsDir: string): Promise<AppWatch> {
  const generated = path.join(functionsDir, "_generated");
  // Editors that replace a file are told apart from deletions; the default of 100 ms is felt.
  const atomic = 20;
  const watcher: FSWatcher = watch(functionsDir, {
    ignoreInitial: true,
    atomic,
    ignored: (file) =>
      file === generated || file.startsWith(generated + path.sep) || file.endsWith(".tsbuildinfo"),
  });
  // A file may change between being read and being watched, so here the first sight of a file counts too.
  const outsideWatcher: FSWatcher = watch([], { ignoreInitial: false, atomic });
  const changed = new Set<string>();
  let outside = new Set<string>();
  let readAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let settled = false;
  let wake: (() => void) | undefined;
  const note = (file: string): void => {
    changed.add(file);
    settled = false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      settled = true;
      wake?.();
    }, settleMs);
  };
  watcher.on("all", (_event, file) => note(file));
  outsideWatcher.on("all", (event, file) => {
    // The times that come with the event are from before the file was watched.
    if (event !== "add" || changedSince(file, readAt)) note(file);
  });
  await new Promise<void>((resolve, reject) => {
    watcher.once("ready", () => resolve());
    watcher.once("error", reject);
  });
  return {
    setFiles(files, since) {
      readAt = since;
      const next = new Set(files.filter((file) => !file.startsWith(functionsDir + path.sep)));
      outsideWatcher.add([...next].filter((file) => !outside.has(file)));
      outsideWatcher.unwatch([...outside].filter((file) => !next.has(file)));
      outside = next;
    },
    async next(signal) {
      while (!(settled && changed.size > 0) && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const finish = (): void => {
            signal?.removeEventListener("abort", finish);
            wake = undefined;
            resolve();
          };
          wake = finish;
          signal?.addEventListener("abort", finish, { once: true });
        });
      }
      if (signal?.aborted) return [];
      const files = [...changed];
      changed.clear();
      return files;
    },
    async close() {
      clearTimeout(timer);
      await Promise.all([watcher.close(), outsideWatcher.close()]);
    },
  };
}

function changedSince(file: string, ms: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) > ms;
}
