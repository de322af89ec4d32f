import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
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
import { openSqliteReader } from "./sqlite_reader.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { prepareStoreFile } from "./store_file.ts";
import { WriteQueue } from "./write_queue.ts";

let folder: string;
let path: string;
let writer: SqliteWriter;
let queue: WriteQueue;
let model: NaiveStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-queue-"));
  path = join(folder, "tandem.db");
  prepareStoreFile(path);
  writer = new SqliteWriter(path);
  queue = new WriteQueue(writer);
  model = new NaiveStore();
});
afterEach(async () => {
  await queue.close();
  await rm(folder, { recursive: true });
});

const large = (id: string, ts: number, length = 200_000) => {
  const document = { ...storedDocument(id, 1, ts), json: JSON.stringify("x".repeat(length)) };
  return { ...new NaiveStore().commit(ts, { [id]: 1 }), documents: [{ tableId: TABLE, id, document }] };
};

test("a full disk refuses the batch whole, and takes the next as soon as there is space", async () => {
  await queue.append(BEGINNING, [model.commit(1, { a: 1 })]);
  const reader = openSqliteReader(path);
  writer.database.exec("PRAGMA max_page_count = 60");
  const refused = queue.append(1, [model.commit(2, { b: 1 }), large("c", 3), large("d", 4)]);
  await expect(refused).rejects.toMatchObject({ code: "DISK_FULL" });
  await expect(refused).rejects.toThrow(`The disk that holds ${path} is full`);
  expect(reader.head()).toBe(1);
  expect(reader.get(TABLE, "b", 9)).toBeNull();
  expect(reader.scan(byRank, everything, "asc", 9, 9)).toHaveLength(1);
  // Small ones still fit, and large ones again when there is space.
  expect(await queue.append(1, [new NaiveStore().commit(5, { e: 1 })])).toEqual({ appended: true });
  writer.database.exec("PRAGMA max_page_count = 1000000");
  expect(await queue.append(5, [large("c", 6), large("d", 7)])).toEqual({ appended: true });
  expect(reader.head()).toBe(7);
  reader.close();
});

test("appends go on between the slices of a long backfill and of a long prune", async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `d${i}`);
  const first = model.commit(1, Object.fromEntries(names.map((id) => [id, 1])));
  await queue.append(BEGINNING, [{ ...first, indexEntries: [] }]);
  await queue.append(1, [model.commit(2, Object.fromEntries(names.map((id) => [id, 2])))]);

  const finished: string[] = [];
  const backfill = queue
    .backfill(
      BY_RANK,
      names.map((id) => ({ key: rankKey(1, id), documentId: id, ts: 1 })),
    )
    .then(() => finished.push("backfill"));
  const prune = queue.prune(2, 100).then(() => finished.push("prune"));
  for (let ts = 3; ts < 10; ts++) {
    await queue.append(ts - 1, [model.commit(ts, { [`n${ts}`]: 1 })]);
    finished.push("append");
  }
  await Promise.all([backfill, prune]);
  expect(finished.slice(0, 7)).toEqual(Array.from({ length: 7 }, () => "append"));
});

test("pruning to the head leaves one row for each living document and entry, and none for the others", async () => {
  for (let ts = 1; ts <= 60; ts++) {
    const changes = { [`d${ts % 7}`]: ts % 3 === 0 ? null : ts, [`e${ts % 5}`]: ts };
    await queue.append(ts - 1, [model.commit(ts, changes)]);
  }
  expect(await queue.prune(60, 1000)).toBe(60);
  const living = model.scan(byRank, everything, "asc", 60).length;
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = (table: string) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count;
  expect(["documents", "entries", "undo", "log"].map(rows)).toEqual([living, living, 0, 1]);
  database.close();
});

test("the write-ahead log stays small under a long run of writes, with a reader at work", async () => {
  const reader = openSqliteReader(path);
  for (let ts = 1; ts <= 200; ts++) {
    await queue.append(ts - 1, [large(`d${ts % 3}`, ts)]);
    expect(reader.get(TABLE, `d${ts % 3}`, ts)).not.toBeNull();
  }
  expect((await stat(`${path}-wal`)).size).toBeLessThan(12_000_000);
  reader.close();
});

test("with a thread that moves it, the write-ahead log starts over while appends go on", {
  timeout: 30_000,
}, async () => {
  const threaded = new WriteQueue(new SqliteWriter(path), path);
  let largest = 0;
  for (let ts = 1; ts <= 250; ts++) {
    await threaded.append(ts - 1, [large(`d${ts % 3}`, ts, 800_000)]);
    largest = Math.max(largest, (await stat(`${path}-wal`)).size);
  }
  // 400 MB went through it: each document, and what it overwrote.
  expect(largest).toBeGreaterThan(64_000_000);
  expect(largest).toBeLessThan(300_000_000);
  // Also when the thread is at work.
  const last = threaded.append(250, [large("d2", 251)]);
  await threaded.close();
  expect(await last).toEqual({ appended: true });
  const reader = openSqliteReader(path);
  for (const ts of [248, 249, 250, 251]) expect(reader.get(TABLE, `d${ts % 3}`, ts)?.json).toContain("xxx");
  reader.close();
});
