import { encodeIndexKey, prefixEnd } from "@tandem/values";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Commit } from "../log/commit.ts";
import { BEGINNING, type Timestamp } from "../timestamp.ts";
import {
  BY_RANK,
  byRank,
  type Changes,
  documents,
  everything,
  NaiveStore,
  rankKey,
  storedDocument,
  TABLE,
} from "./contract_model.ts";
import type { KeyRange, Persistence, ScanOrder } from "./persistence.ts";

/** One store under test. */
export interface StoreUnderTest {
  readonly persistence: Persistence;
  /** Closes what is open and opens the same data again. */
  reopen(): Promise<Persistence>;
  /** A second handle beside the first, as another process or node would have it. */
  second(): Promise<Persistence>;
  /** Closes all handles and removes the data. */
  destroy(): Promise<void>;
}

export interface ContractOptions {
  /** How many random histories to try; fewer for a store that is slow to open. */
  readonly histories?: number;
}

/** The promises that every store keeps, whatever it is made of. */
export function persistenceContract(
  name: string,
  open: () => Promise<StoreUnderTest>,
  options: ContractOptions = {},
): void {
  describe(name, () => {
    let store: StoreUnderTest;
    let persistence: Persistence;
    let model: NaiveStore;

    beforeEach(async () => {
      store = await open();
      persistence = store.persistence;
      model = new NaiveStore();
    });
    afterEach(() => store.destroy());

    async function commit(ts: Timestamp, changes: Changes): Promise<Commit> {
      const head = model.head;
      const made = model.commit(ts, changes);
      expect(await persistence.append(head, [made])).toEqual({ appended: true });
      return made;
    }
    const ids = async (range: KeyRange, order: ScanOrder, at: Timestamp, limit = 100, source = byRank) =>
      (await persistence.scan(source, range, order, at, limit)).map((row) => row.document.id);
    const pruneAll = async (horizon: Timestamp, budget = 1000) => {
      let total = 0;
      for (;;) {
        const count = await persistence.prune(horizon, budget);
        expect(count).toBeLessThanOrEqual(budget);
        if (count === 0) return total;
        total += count;
      }
    };

    describe("an empty store", () => {
      test("has its head at the beginning, and nothing to read", async () => {
        expect(await persistence.head()).toBe(BEGINNING);
        expect(await persistence.get(TABLE, "a", 10)).toBeNull();
        expect(await persistence.scan(documents, everything, "asc", 10, 5)).toEqual([]);
        expect(await persistence.scan(byRank, everything, "desc", 10, 5)).toEqual([]);
        expect(await persistence.tail(BEGINNING, 5)).toEqual([]);
        expect(await persistence.prune(10, 5)).toBe(0);
      });
    });

    describe("appending", () => {
      test("moves the head to the newest commit, and shows all commits of the batch", async () => {
        const batch = [model.commit(5, { a: 1 }), model.commit(6, { b: 2 }), model.commit(9, { a: 3 })];
        expect(await persistence.append(BEGINNING, batch)).toEqual({ appended: true });
        expect(await persistence.head()).toBe(9);
        expect(await persistence.get(TABLE, "a", 9)).toEqual(storedDocument("a", 3, 9));
        expect(await persistence.get(TABLE, "b", 9)).toEqual(storedDocument("b", 2, 6));
      });

      test("with an old head writes nothing and answers with exactly the missed commits", async () => {
        await commit(5, { a: 1 });
        const missed = [await commit(6, { b: 2, a: null }), await commit(7, { c: 3 })];
        const late = new NaiveStore().commit(8, { z: 1 });
        expect(await persistence.append(5, [late])).toEqual({ appended: false, missed });
        expect(await persistence.head()).toBe(7);
        expect(await persistence.get(TABLE, "z", 100)).toBeNull();
        expect(await ids(everything, "asc", 100)).toEqual(["b", "c"]);
      });

      test("an empty batch is a check of the head", async () => {
        const first = await commit(5, { a: 1 });
        expect(await persistence.append(5, [])).toEqual({ appended: true });
        expect(await persistence.append(BEGINNING, [])).toEqual({ appended: false, missed: [first] });
      });

      test("a batch whose timestamps do not ascend is refused whole", async () => {
        await commit(5, { a: 1 });
        const other = new NaiveStore();
        const batch = [other.commit(6, { b: 1 }), other.commit(6, { c: 1 })];
        await expect(persistence.append(5, batch)).rejects.toThrow("ascending");
        await expect(persistence.append(5, [other.commit(5, { d: 1 })])).rejects.toThrow("ascending");
        expect(await persistence.head()).toBe(5);
        expect(await ids(everything, "asc", 100)).toEqual(["a"]);
        await commit(6, { e: 1 });
      });

      test("of two writes to the same document and key in one commit the last counts", async () => {
        const [first, last] = [model.commit(5, { a: 1 }), new NaiveStore().commit(5, { a: 2 })];
        const key = rankKey(1, "a");
        const twice = {
          ...first,
          documents: [...first.documents, ...last.documents],
          indexEntries: [
            ...first.indexEntries,
            { indexId: BY_RANK, key, documentId: null },
            ...last.indexEntries,
          ],
        };
        await persistence.append(BEGINNING, [twice]);
        await persistence.append(5, [new NaiveStore().commit(6, { a: 2 })]);
        for (const at of [5, 6]) {
          expect(await persistence.scan(byRank, everything, "asc", at, 9)).toEqual([
            { key: rankKey(2, "a"), document: storedDocument("a", 2, at) },
          ]);
        }
      });

      test("appends sent without waiting are taken in their order", async () => {
        const batches = Array.from({ length: 20 }, (_, i) => [model.commit(i + 1, { a: i, [`b${i}`]: i })]);
        const results = await Promise.all(batches.map((batch, i) => persistence.append(i, batch)));
        expect(results.every((result) => result.appended)).toBe(true);
        expect(await persistence.head()).toBe(20);
        expect(await persistence.scan(documents, everything, "asc", 20, 100)).toEqual(
          model.scan(documents, everything, "asc", 20),
        );
      });

      test("a second handle that has not seen the newest commit learns of it and can go on", async () => {
        const second = await store.second();
        const mine = await commit(5, { a: 1 });
        const theirs = new NaiveStore().commit(6, { b: 1 });
        expect(await second.append(BEGINNING, [theirs])).toEqual({ appended: false, missed: [mine] });
        expect(await second.append(5, [theirs])).toEqual({ appended: true });
        expect(await persistence.head()).toBe(6);
        expect(await persistence.get(TABLE, "b", 6)).toEqual(storedDocument("b", 1, 6));
        expect(await persistence.append(5, [])).toEqual({ appended: false, missed: [theirs] });
        await second.close();
      });

      test("of two handles that append to the same head at once, one wins and the other learns of it", async () => {
        const second = await store.second();
        for (let round = 0; round < 10; round++) {
          const head = await persistence.head();
          const commits = [
            new NaiveStore().commit(head + 1, { a: 1 }),
            new NaiveStore().commit(head + 2, { b: 1 }),
          ];
          const results = await Promise.all([
            persistence.append(head, [commits[0]!]),
            second.append(head, [commits[1]!]),
          ]);
          const winner = results.findIndex((result) => result.appended);
          expect(results[1 - winner]).toEqual({ appended: false, missed: [commits[winner]] });
          expect(await second.head()).toBe(commits[winner]!.ts);
        }
        await second.close();
      });
    });

    describe("a snapshot", () => {
      test("stays as it was, whatever is committed later", async () => {
        await commit(10, { a: 1, b: 2 });
        await commit(20, { a: 5, c: 3 });
        await commit(30, { b: null });
        await commit(40, { b: 9 });
        for (const at of [9, 10, 15, 20, 29, 30, 40, 1000]) {
          for (const id of ["a", "b", "c", "d"]) {
            expect(await persistence.get(TABLE, id, at)).toEqual(model.get(id, at));
          }
          for (const source of [documents, byRank]) {
            for (const order of ["asc", "desc"] as const) {
              expect(await persistence.scan(source, everything, order, at, 100)).toEqual(
                model.scan(source, everything, order, at),
              );
            }
          }
        }
      });

      test("keeps text and ids exactly, zero bytes and all scripts included", async () => {
        const strange = ["", "a\0", "a\0b", "a", "é", "日本", "💾", "\u{ffff}", "a:b/c"];
        await commit(5, Object.fromEntries(strange.map((id, i) => [id, i])));
        for (const id of strange) expect(await persistence.get(TABLE, id, 5)).toEqual(model.get(id, 5));
        for (const order of ["asc", "desc"] as const) {
          expect(await persistence.scan(documents, everything, order, 5, 100)).toEqual(
            model.scan(documents, everything, order, 5),
          );
        }
        for (const start of [...strange, "a\0a"].map((id) => encodeIndexKey([id]))) {
          for (const range of [
            { start, end: null },
            { start: "", end: start },
            { start, end: prefixEnd(start) },
            { start: `${start}\0`, end: null },
            { start: start.slice(0, -1), end: prefixEnd(start.slice(0, -1)) },
          ]) {
            expect(await persistence.scan(documents, range, "asc", 5, 100)).toEqual(
              model.scan(documents, range, "asc", 5),
            );
          }
        }
      });
    });

    describe("a scan", () => {
      beforeEach(async () => {
        await commit(10, Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`d${i}`, i])));
      });

      test("goes in key order or against it, up to its limit", async () => {
        expect(await ids(everything, "asc", 10, 3)).toEqual(["d0", "d1", "d2"]);
        expect(await ids(everything, "desc", 10, 3)).toEqual(["d9", "d8", "d7"]);
        expect(await ids(everything, "asc", 10, 0)).toEqual([]);
      });

      test("answers fewer rows than its limit only when the range is exhausted", async () => {
        expect(await ids(everything, "asc", 10, 10)).toHaveLength(10);
        expect(await ids(everything, "asc", 10, 11)).toHaveLength(10);
        // Removed rows in between do not count.
        await commit(11, { d1: null, d2: null, d3: null, d5: null });
        expect(await ids(everything, "asc", 11, 3)).toEqual(["d0", "d4", "d6"]);
        expect(await ids(everything, "desc", 11, 5)).toEqual(["d9", "d8", "d7", "d6", "d4"]);
        expect(await ids(everything, "asc", 11, 3, documents)).toEqual(["d0", "d4", "d6"]);
      });

      test("takes in the start of its range and leaves out the end", async () => {
        const range = { start: rankKey(2, "d2"), end: rankKey(5, "d5") };
        expect(await ids(range, "asc", 10)).toEqual(["d2", "d3", "d4"]);
        expect(await ids(range, "desc", 10)).toEqual(["d4", "d3", "d2"]);
        expect(await ids({ start: range.end, end: range.start }, "asc", 10)).toEqual([]);
        expect(await ids({ start: range.start, end: range.start }, "desc", 10)).toEqual([]);
        expect(await ids({ start: rankKey(8, "d8"), end: null }, "asc", 10)).toEqual(["d8", "d9"]);
        const byId = { start: encodeIndexKey(["d2"]), end: encodeIndexKey(["d5"]) };
        expect(await ids(byId, "desc", 10, 100, documents)).toEqual(["d4", "d3", "d2"]);
      });

      test("keeps to its own index and table", async () => {
        const key = rankKey(1, "d1");
        const write = { indexId: BY_RANK + 1, key, documentId: "d1" };
        const foreign = { tableId: TABLE + 1, id: "d1", document: storedDocument("d1", 77, 11) };
        const made = {
          ...model.commit(11, {}),
          documents: [foreign],
          indexEntries: [write],
        };
        expect(await persistence.append(10, [made])).toEqual({ appended: true });
        expect(await ids(everything, "asc", 11)).toHaveLength(10);
        expect(await ids(everything, "asc", 11, 100, documents)).toHaveLength(10);
        const source = { kind: "entries", tableId: TABLE + 1, indexId: BY_RANK + 1 } as const;
        expect(await persistence.scan(source, everything, "asc", 11, 10)).toEqual([
          { key, document: foreign.document },
        ]);
        expect(await persistence.get(TABLE + 1, "d2", 11)).toBeNull();
      });

      test("goes past keys that were written thousands of times, at every snapshot", async () => {
        for (let ts = 11; ts < 3011; ts += 100) {
          const head = model.head;
          const batch = Array.from({ length: 100 }, (_, i) =>
            model.commit(ts + i, { d4: i % 2 === 0 ? 4 : null, d5: 5 }),
          );
          expect(await persistence.append(head, batch)).toEqual({ appended: true });
        }
        for (const at of [10, 11, 12, 1500, 1501, 3009, 3010]) {
          for (const source of [documents, byRank]) {
            for (const order of ["asc", "desc"] as const) {
              for (const limit of [1, 5, 6, 100]) {
                expect(await persistence.scan(source, everything, order, at, limit)).toEqual(
                  model.scan(source, everything, order, at, limit),
                );
              }
            }
          }
        }
      });

      test("tells keys from those that they begin", async () => {
        const keys = ["\x10a", "\x10a\0", "\x10a\0\0", "\x10a\0\xff", "\x10a\xff", "\x10\xff\xff"];
        const made = model.commit(11, {});
        await persistence.append(10, [
          { ...made, indexEntries: keys.map((key) => ({ indexId: 9, key, documentId: "d1" })) },
        ]);
        const source = { kind: "entries", tableId: TABLE, indexId: 9 } as const;
        const found = async (range: KeyRange, order: ScanOrder) =>
          (await persistence.scan(source, range, order, 11, 100)).map((row) => row.key);
        expect(await found(everything, "asc")).toEqual(keys);
        expect(await found(everything, "desc")).toEqual([...keys].reverse());
        expect(await found({ start: "\x10a\0", end: "\x10a\xff" }, "asc")).toEqual(keys.slice(1, 4));
        expect(await found({ start: "\x10a\0\0", end: prefixEnd("\x10a\0") }, "desc")).toEqual([
          keys[3],
          keys[2],
        ]);
      });
    });

    describe("deep below the newest versions", () => {
      /** Between commits, so that the history is seven seconds long. */
      const STEP = 10_000;
      const expectSnapshot = async (ts: Timestamp) => {
        for (const id of ["a", "b", "c"]) {
          expect(await persistence.get(TABLE, id, ts)).toEqual(model.get(id, ts));
        }
        for (const source of [documents, byRank]) {
          for (const order of ["asc", "desc"] as const) {
            expect(await persistence.scan(source, everything, order, ts, 10)).toEqual(
              model.scan(source, everything, order, ts),
            );
          }
        }
      };
      /** Updates, deletions and insertions of the same few documents, in batches of one to seven commits. */
      const change = (n: number): Changes => ({
        a: n % 4,
        ...(n % 3 === 0 ? { b: n % 9 === 0 ? null : n % 5 } : {}),
        ...(n % 50 === 7 ? { c: n % 100 === 7 ? 1 : null } : {}),
      });
      beforeEach(async () => {
        for (let n = 1; n <= 700; ) {
          const head = model.head;
          const batch = [];
          for (let size = (n % 7) + 1; size > 0; size--) batch.push(model.commit(n * STEP, change(n++)));
          expect(await persistence.append(head, batch)).toEqual({ appended: true });
        }
      });

      test("every snapshot is whole, those in the middle of a batch too", async () => {
        const last = model.head / STEP;
        for (let n = 0; n <= last; n += n < 20 || n > 690 ? 1 : 13) {
          await expectSnapshot(n * STEP);
          await expectSnapshot(n * STEP + 1);
        }
      });

      test("every snapshot from the horizon on is whole while it is pruned, and after a reopening", async () => {
        for (const horizon of [3, 100, 101, 350, 355, 690].map((n) => n * STEP)) {
          await pruneAll(horizon, 7);
          persistence = await store.reopen();
          const middle = Math.floor((horizon + model.head) / 2);
          for (const ts of [horizon, horizon + 1, horizon + 5 * STEP, middle, model.head]) {
            await expectSnapshot(ts);
          }
          expect(await persistence.tail(horizon, 1000)).toEqual(
            model.commits.filter(({ ts }) => ts > horizon),
          );
        }
      });

      test("what is written anew after everything was pruned has no older versions", async () => {
        await pruneAll(1000 * STEP);
        persistence = await store.reopen();
        const head = model.head;
        await commit(head + 5, { n: 1, a: null });
        await commit(head + 6, { n: 2, m: 3 });
        await commit(head + 7, { m: null, a: 1 });
        for (let ts = head; ts <= head + 7; ts++) {
          await expectSnapshot(ts);
          for (const id of ["n", "m"])
            expect(await persistence.get(TABLE, id, ts)).toEqual(model.get(id, ts));
        }
      });
    });

    describe("discarding", () => {
      const fill = async () => {
        const names = Array.from({ length: 40 }, (_, i) => `d${i}`);
        await commit(5, Object.fromEntries(names.map((id) => [id, 1])));
        const made = new NaiveStore().commit(6, { x: 1, y: 2 });
        await persistence.append(5, [
          {
            ...made,
            documents: made.documents.map((write) => ({ ...write, tableId: TABLE + 1 })),
            indexEntries: made.indexEntries.map((write) => ({ ...write, indexId: BY_RANK + 1 })),
          },
        ]);
        await pruneAll(6);
      };

      test("gives back the entries and documents of what was dropped, within its budget, and no others", async () => {
        await fill();
        const dropped = { indexes: [BY_RANK], tables: [TABLE] };
        expect(await persistence.discard(dropped, 30)).toBe(30);
        expect(await persistence.discard(dropped, 30)).toBe(30);
        expect(await persistence.discard(dropped, 30)).toBe(20);
        expect(await persistence.discard(dropped, 30)).toBe(0);
        expect(await ids(everything, "asc", 6)).toEqual([]);
        expect(await ids(everything, "asc", 6, 100, documents)).toEqual([]);
        const others = { kind: "entries", tableId: TABLE + 1, indexId: BY_RANK + 1 } as const;
        expect(await ids(everything, "asc", 6, 100, others)).toEqual(["x", "y"]);
        expect(await persistence.get(TABLE + 1, "x", 6)).toEqual(storedDocument("x", 1, 6));
      });

      test("of an index leaves its table's documents alone", async () => {
        await fill();
        expect(await persistence.discard({ indexes: [BY_RANK], tables: [] }, 1000)).toBe(40);
        expect(await ids(everything, "asc", 6)).toEqual([]);
        expect(await ids(everything, "asc", 6, 100, documents)).toHaveLength(40);
        expect(await persistence.discard({ indexes: [BY_RANK + 7], tables: [TABLE + 7] }, 10)).toBe(0);
      });
    });

    describe("a backfilled entry", () => {
      const entry = (id: string, rank: number, ts: Timestamp) => ({
        key: rankKey(rank, id),
        documentId: id,
        ts,
      });
      const withoutEntries = async (ts: Timestamp, changes: Changes) => {
        const head = model.head;
        await persistence.append(head, [{ ...model.commit(ts, changes), indexEntries: [] }]);
      };

      test("is there at once, from its document's timestamp on", async () => {
        await withoutEntries(10, { a: 1, b: 2 });
        await commit(20, { c: 3 });
        expect(await ids(everything, "asc", 20)).toEqual(["c"]);
        await persistence.backfill(BY_RANK, [entry("a", 1, 10), entry("b", 2, 10)]);
        expect(await ids(everything, "asc", 20)).toEqual(["a", "b", "c"]);
        expect(await ids(everything, "asc", 15)).toEqual(["a", "b"]);
        expect(await persistence.head()).toBe(20);
      });

      test("gives way to a removal that came before the backfill reached it", async () => {
        await withoutEntries(10, { a: 1, b: 2 });
        await commit(20, { a: 7, b: null });
        await persistence.backfill(BY_RANK, [entry("a", 1, 10), entry("b", 2, 10)]);
        expect(await persistence.scan(byRank, everything, "asc", 20, 10)).toEqual([
          { key: rankKey(7, "a"), document: storedDocument("a", 7, 20) },
        ]);
        // Before the removal it is there, as if it had been written in time.
        expect(await persistence.scan(byRank, everything, "asc", 15, 10)).toEqual([
          { key: rankKey(1, "a"), document: storedDocument("a", 1, 10) },
          { key: rankKey(2, "b"), document: storedDocument("b", 2, 10) },
        ]);
        await pruneAll(20);
        expect(await ids(everything, "desc", 20)).toEqual(["a"]);
      });

      test("is removed by a later commit like any other", async () => {
        await withoutEntries(10, { a: 1, b: 2 });
        await persistence.backfill(BY_RANK, [entry("a", 1, 10), entry("b", 2, 10)]);
        await commit(30, { a: null });
        expect(await ids(everything, "asc", 30)).toEqual(["b"]);
        expect(await ids(everything, "asc", 29)).toEqual(["a", "b"]);
        await pruneAll(30);
        expect(await ids(everything, "asc", 30)).toEqual(["b"]);
      });

      test("leaves an entry alone that is there already", async () => {
        await commit(10, { a: 1 });
        await persistence.backfill(BY_RANK, [{ ...entry("a", 1, 10), documentId: "somebody else" }]);
        await persistence.backfill(BY_RANK, [entry("a", 1, 10)]);
        expect(await ids(everything, "asc", 10)).toEqual(["a"]);
      });

      test("comes in thousands", async () => {
        const names = Array.from({ length: 3000 }, (_, i) => `d${String(i).padStart(5, "0")}`);
        await withoutEntries(10, Object.fromEntries(names.map((id) => [id, 1])));
        await persistence.backfill(
          BY_RANK,
          names.map((id) => entry(id, 1, 10)),
        );
        expect(await ids(everything, "asc", 10, 10_000)).toEqual(names);
      });
    });

    describe("the tail", () => {
      test("answers whole commits after a timestamp, in order, up to its limit", async () => {
        const made = [
          await commit(5, { a: 1, b: 2 }),
          await commit(6, { a: null }),
          await commit(7, { b: 3 }),
          await commit(8, {}),
        ];
        expect(await persistence.tail(BEGINNING, 100)).toEqual(made);
        expect(await persistence.tail(5, 2)).toEqual(made.slice(1, 3));
        expect(await persistence.tail(6, 100)).toEqual(made.slice(2));
        expect(await persistence.tail(8, 100)).toEqual([]);
      });

      test("is whole behind the horizon of a prune", async () => {
        await commit(5, { a: 1 });
        await commit(6, { a: 2, b: 1 });
        const kept = [await commit(7, { a: 3 }), await commit(8, { b: null })];
        await pruneAll(6);
        expect(await persistence.tail(6, 100)).toEqual(kept);
      });
    });

    describe("pruning", () => {
      test("works through no more commits than its budget, oldest first, and says how many", async () => {
        for (let ts = 1; ts <= 10; ts++) await commit(ts, { a: ts, [`b${ts}`]: ts });
        expect(await persistence.prune(8, 3)).toBe(3);
        expect(await persistence.prune(8, 100)).toBe(5);
        expect(await persistence.prune(8, 100)).toBe(0);
        expect(await pruneAll(1000, 1)).toBe(2);
      });

      test("keeps the head, so that appending goes on even with an empty log", async () => {
        await commit(5, { a: 1 });
        await pruneAll(1000);
        expect(await persistence.head()).toBe(5);
        persistence = await store.reopen();
        expect(await persistence.head()).toBe(5);
        const made = await commit(6, { a: 2 });
        expect(await persistence.tail(5, 10)).toEqual([made]);
        expect(await persistence.get(TABLE, "a", 6)).toEqual(storedDocument("a", 2, 6));
      });

      test("refuses an append from so far behind that the log cannot tell what was missed", async () => {
        await commit(5, { a: 1 });
        await commit(6, { a: 2 });
        await commit(7, { a: 3 });
        await pruneAll(6);
        await expect(persistence.append(5, [new NaiveStore().commit(9, { z: 1 })])).rejects.toThrow(
          "Restart",
        );
        expect(await persistence.append(6, [])).toMatchObject({ appended: false, missed: [{ ts: 7 }] });
      });

      test("changes nothing that a snapshot at the horizon or later sees, whatever the history", async () => {
        const change = fc.dictionary(
          fc.constantFrom("a", "b", "c", "d", "e", "f"),
          fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: fc.nat(3) }),
          { minKeys: 1, maxKeys: 3 },
        );
        const act = fc.oneof(
          {
            weight: 4,
            arbitrary: fc.record({
              kind: fc.constant("commits" as const),
              batch: fc.array(change, { maxLength: 6 }),
            }),
          },
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant("prune" as const),
              back: fc.nat(12),
              budget: fc.integer({ min: 1, max: 9 }),
            }),
          },
          { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
          {
            weight: 6,
            arbitrary: fc.record({
              kind: fc.constant("read" as const),
              back: fc.nat(12),
              low: fc.nat(4),
              high: fc.option(fc.nat(4)),
              order: fc.constantFrom("asc" as const, "desc" as const),
              limit: fc.integer({ min: 1, max: 8 }),
            }),
          },
        );
        await fc.assert(
          fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 40 }), async (history) => {
            const random = await open();
            try {
              await replay(random, history);
            } finally {
              await random.destroy();
            }
          }),
          { numRuns: options.histories ?? 60 },
        );
      });
    });

    describe("closing and opening again", () => {
      test("finds everything as it was", async () => {
        const made = [await commit(5, { a: 1, b: 2 }), await commit(6, { a: null, c: 4 })];
        await persistence.backfill(BY_RANK, [{ key: rankKey(9, "b"), documentId: "b", ts: 5 }]);
        const rows = await persistence.scan(byRank, everything, "asc", 6, 10);
        persistence = await store.reopen();
        expect(await persistence.head()).toBe(6);
        expect(await persistence.tail(BEGINNING, 10)).toEqual(made);
        expect(await persistence.scan(byRank, everything, "asc", 6, 10)).toEqual(rows);
        expect(await persistence.get(TABLE, "a", 5)).toEqual(storedDocument("a", 1, 5));
        await commit(7, { d: 1 });
      });

      test("waits for what is running, and refuses what comes later", async () => {
        const running = persistence.append(BEGINNING, [model.commit(5, { a: 1 })]);
        const closed = persistence.close();
        expect(await running).toEqual({ appended: true });
        await closed;
        await expect(persistence.append(5, [])).rejects.toThrow("closed");
        persistence = await store.reopen();
        expect(await persistence.head()).toBe(5);
      });
    });
  });
}

type Act =
  | { kind: "commits"; batch: Changes[] }
  | { kind: "prune"; back: number; budget: number }
  | { kind: "reopen" }
  | { kind: "read"; back: number; low: number; high: number | null; order: ScanOrder; limit: number };

/** In a random history, between two timestamps that something happens at: it goes on for some seconds. */
const UNIT = 30_000;

/** Carries a random history out on a store and on the model, and compares every answer. */
async function replay(store: StoreUnderTest, history: readonly Act[]): Promise<void> {
  const model = new NaiveStore();
  let persistence = store.persistence;
  let horizon = BEGINNING;
  for (const act of history) {
    switch (act.kind) {
      case "commits": {
        const head = model.head;
        const batch = act.batch.map((changes) => model.commit(model.head + 2 * UNIT, changes));
        expect(await persistence.append(head, batch)).toEqual({ appended: true });
        break;
      }
      case "prune":
        horizon = Math.max(horizon, model.head - act.back * UNIT);
        await persistence.prune(horizon, act.budget);
        break;
      case "reopen":
        persistence = await store.reopen();
        break;
      case "read": {
        const at = Math.max(horizon, model.head - act.back * UNIT);
        for (const id of ["a", "b", "f"]) {
          expect(await persistence.get(TABLE, id, at)).toEqual(model.get(id, at));
        }
        const ranges = [
          [byRank, encodeIndexKey([act.low]), act.high === null ? null : encodeIndexKey([act.high])],
          [
            documents,
            encodeIndexKey(["abcdef"[act.low]!]),
            act.high === null ? null : encodeIndexKey(["abcdef"[act.high]!]),
          ],
        ] as const;
        for (const [source, start, end] of ranges) {
          expect(await persistence.scan(source, { start, end }, act.order, at, act.limit)).toEqual(
            model.scan(source, { start, end }, act.order, at, act.limit),
          );
        }
        break;
      }
      default:
        act satisfies never;
    }
  }
  expect(await persistence.tail(horizon, 1000)).toEqual(model.commits.filter(({ ts }) => ts > horizon));
}
