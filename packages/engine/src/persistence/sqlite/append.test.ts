import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BEGINNING } from "../../timestamp.ts";
import {
  BY_RANK,
  byRank,
  everything,
  NaiveStore,
  rankKey,
  storedDocument,
  TABLE,
} from "../contract_model.ts";
import { SharedReads } from "./shared_reads.ts";
import { openSqlitePersistence } from "./sqlite_persistence.ts";
import { openSqliteReader } from "./sqlite_reader.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { prepareStoreFile } from "./store_file.ts";
import { WriteQueue } from "./write_queue.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-now-"));
  path = join(folder, "tandem.db");
});
afterEach(() => rm(folder, { recursive: true }));

test("an acknowledged commit is there for every reader", async () => {
  const store = openSqlitePersistence({ path });
  const other = openSqliteReader(path);
  const model = new NaiveStore();
  for (let ts = 1; ts <= 20; ts++) {
    expect(await store.append(ts - 1, [model.commit(ts, { a: ts })])).toEqual({ appended: true });
    for (const reader of [store, other]) {
      expect(reader.head()).toBe(ts);
      expect(reader.get(TABLE, "a", ts)).toEqual(storedDocument("a", ts, ts));
      expect(reader.scan(byRank, everything, "asc", ts - 1, 9)).toEqual(
        model.scan(byRank, everything, "asc", ts - 1),
      );
    }
  }
  other.close();
  await store.close();
});

test("appends are written in the order of their calls, and the later ones learn of the earlier by their head", async () => {
  const store = openSqlitePersistence({ path });
  const model = new NaiveStore();
  const first = store.append(BEGINNING, [model.commit(1, { a: 1 })]);
  const second = model.commit(2, { a: 2 });
  expect(await store.append(1, [second])).toEqual({ appended: true });
  expect(await first).toEqual({ appended: true });
  expect(await store.append(1, [])).toEqual({ appended: false, missed: [second] });
  await store.close();
});

/** A queue whose disk answers when it is told to. */
function queueWithDisk() {
  prepareStoreFile(path);
  const writer = new SqliteWriter(path);
  const syncs: ((error: Error | null) => void)[] = [];
  const queue = new WriteQueue(writer, null, (_file, done) => syncs.push(done));
  return { queue, reads: new SharedReads(writer), syncs };
}

test("nobody is told of a commit before it is on disk; those that come meanwhile share the next sync", async () => {
  const { queue, reads, syncs } = queueWithDisk();
  const model = new NaiveStore();
  const acknowledged: number[] = [];
  const append = (ts: number) =>
    queue.append(ts - 1, [model.commit(ts, { a: ts })]).then(() => acknowledged.push(ts));
  const first = append(1);
  const others = [append(2), append(3)];
  await nextTurn();
  expect(reads.head()).toBe(3);
  expect(acknowledged).toEqual([]);
  expect(syncs).toHaveLength(1);
  syncs[0]!(null);
  await first;
  expect(acknowledged).toEqual([1]);
  expect(syncs).toHaveLength(2);
  syncs[1]!(null);
  await Promise.all(others);
  expect(acknowledged).toEqual([1, 2, 3]);
  await queue.close();
});

test("what the disk could not take is not acknowledged, and nothing after it", async () => {
  const { queue, syncs } = queueWithDisk();
  const model = new NaiveStore();
  const lost = queue.append(BEGINNING, [model.commit(1, { a: 1 })]);
  syncs[0]!(new Error("EIO"));
  await expect(lost).rejects.toMatchObject({ code: "NOT_SYNCED" });
  await expect(queue.append(1, [model.commit(2, { a: 2 })])).rejects.toMatchObject({ code: "NOT_SYNCED" });
  expect(syncs).toHaveLength(1);
  await queue.close();
});

test("pruning, backfilling and discarding all get on while every turn appends", async () => {
  const store = openSqlitePersistence({ path });
  const model = new NaiveStore();
  const names = Array.from({ length: 3000 }, (_, i) => `d${i}`);
  await store.append(BEGINNING, [
    { ...model.commit(1, Object.fromEntries(names.map((id) => [id, 1]))), indexEntries: [] },
  ]);
  const entries = names.map((id) => ({ key: rankKey(1, id), documentId: id, ts: 1 }));
  const unfinished = new Set(["backfill", "prune", "discard"]);
  const running = [
    store.backfill(BY_RANK, entries).then(() => unfinished.delete("backfill")),
    store.prune(1, 100).then(() => unfinished.delete("prune")),
    store
      .discard({ indexes: [BY_RANK + 1], tables: [TABLE + 1] }, 100)
      .then(() => unfinished.delete("discard")),
  ];
  let ts = 1;
  for (; unfinished.size > 0 && ts < 500; ts++) {
    await store.append(ts, [model.commit(ts + 1, { n: ts })]);
    expect(store.get(TABLE, "n", ts + 1)).toEqual(storedDocument("n", ts, ts + 1));
    await nextTurn();
  }
  expect([...unfinished]).toEqual([]);
  await Promise.all(running);
  expect(store.scan(byRank, everything, "asc", ts, 10_000)).toHaveLength(3001);
  await store.close();
});

test("a full disk refuses, and leaves nothing of the batch for the reads on the same connection", async () => {
  prepareStoreFile(path);
  const writer = new SqliteWriter(path);
  const queue = new WriteQueue(writer);
  const reads = new SharedReads(writer);
  const large = (id: string, ts: number) => {
    const document = { ...storedDocument(id, 1, ts), json: JSON.stringify("x".repeat(200_000)) };
    return { ...new NaiveStore().commit(ts, { [id]: 1 }), documents: [{ tableId: TABLE, id, document }] };
  };
  await queue.append(BEGINNING, [new NaiveStore().commit(1, { a: 1 })]);
  writer.database.exec("PRAGMA max_page_count = 60");
  const batch = [new NaiveStore().commit(2, { a: 7, b: 1 }), large("c", 3), large("d", 4)];
  await expect(queue.append(1, batch)).rejects.toMatchObject({ code: "DISK_FULL" });
  expect(reads.head()).toBe(1);
  expect(reads.get(TABLE, "a", 9)).toEqual(storedDocument("a", 1, 1));
  expect(reads.get(TABLE, "b", 9)).toBeNull();
  expect(reads.scan(byRank, everything, "asc", 9, 9)).toHaveLength(1);
  writer.database.exec("PRAGMA max_page_count = 1000000");
  expect(await queue.append(1, batch)).toEqual({ appended: true });
  expect(reads.get(TABLE, "a", 9)).toEqual(storedDocument("a", 7, 2));
  await queue.close();
});

test("a closed store refuses it, and reads as well", async () => {
  const store = openSqlitePersistence({ path });
  const closed = store.close();
  const refusal = expect.objectContaining({ code: "CLOSED" });
  await expect(store.append(BEGINNING, [])).rejects.toEqual(refusal);
  await closed;
  await expect(store.append(BEGINNING, [])).rejects.toEqual(refusal);
  expect(() => store.head()).toThrow(refusal);
});
