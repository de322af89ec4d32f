import { writeSync } from "node:fs";
import { type Changes, NaiveStore } from "../contract_model.ts";
import { openSqlitePersistence } from "./sqlite_persistence.ts";

/** Commits are appended in batches of so many. */
export const BATCH = 3;

/** What the commit at `ts` changes: half a dozen documents together, removals among them. */
export function changesAt(ts: number): Changes {
  const changes: { [id: string]: number | null } = {};
  for (let i = 0; i < 6; i++) changes[`d${(ts * 7 + i * 3) % 23}`] = (ts + i) % 5 === 0 ? null : ts % 11;
  return changes;
}

/** The history up to `head`, as it must be. */
export function historyUpTo(head: number): NaiveStore {
  const model = new NaiveStore();
  while (model.head < head) model.commit(model.head + 1, changesAt(model.head + 1));
  return model;
}

/**
 * The process that `sqlite_crash.test.ts` kills: goes on where the file at `path` ends, appends without end and
 * prints each head once it is acknowledged, pruning all the while.
 */
async function appendForever(path: string): Promise<never> {
  const store = openSqlitePersistence({ path });
  const model = historyUpTo(await store.head());
  for (;;) {
    const head = model.head;
    const batch = Array.from({ length: BATCH }, () =>
      model.commit(model.head + 1, changesAt(model.head + 1)),
    );
    const pruning = store.prune(head - 40, 5);
    const result = await store.append(head, batch);
    if (!result.appended) throw new Error(`Somebody else appended after ${head}.`);
    writeSync(1, `${model.head}\n`);
    await pruning;
  }
}

const [, script, path] = process.argv;
if (script === import.meta.filename && path !== undefined) await appendForever(path);
