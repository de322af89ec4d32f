import { encodeIndexKey, prefixEnd } from "@tandem/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredDocument } from "../log/commit.ts";
import { openMemoryPersistence } from "../persistence/index.ts";
import type { IndexRow } from "../persistence/persistence.ts";
import { GatedDisk, openTestEngine, openTestLane, settled } from "../test_engine.ts";
import type { Savepoint, Transaction } from "./transaction.ts";

type Model = Map<string, { n: number; created: number }>;

const small = fc.nat(6);
const operation = fc.oneof(
  fc.record({ kind: fc.constant("insert" as const), n: small }),
  fc.record({ kind: fc.constant("patch" as const), which: fc.nat(), n: small }),
  fc.record({ kind: fc.constant("replace" as const), which: fc.nat(), n: small }),
  fc.record({ kind: fc.constant("remove" as const), which: fc.nat() }),
  fc.record({ kind: fc.constant("get" as const), which: fc.nat() }),
  fc.record({
    kind: fc.constant("scan" as const),
    index: fc.constantFrom("by_n", "by_creation_time", "by_id"),
    low: small,
    high: small,
    order: fc.constantFrom("asc" as const, "desc" as const),
    limit: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constantFrom("nest", "return", "throw", "commit", "toDisk") }),
);

/** What the indexes must say, worked out the slow way. */
function expectedScan(model: Model, index: string, low: number, high: number): string[] {
  const rows = [...model].map(([id, { n, created }]) => ({ id, n, created }));
  const key = {
    by_n: (row: (typeof rows)[number]) => encodeIndexKey([row.n, row.created, row.id]),
    by_creation_time: (row: (typeof rows)[number]) => encodeIndexKey([row.created, row.id]),
    by_id: (row: (typeof rows)[number]) => encodeIndexKey([row.id]),
  }[index]!;
  return rows
    .filter((row) => index !== "by_n" || (row.n >= low && row.n <= high))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((row) => row.id);
}

test("reads see the store, commits on their way to disk, own writes and nested ones as one database", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 80 }), async (operations) => {
      const disk = new GatedDisk();
      const world = await openTestEngine({ persistence: openMemoryPersistence({ disk }) });
      const { engine } = world;
      await engine.transact({ source: "test" }, (tx) => {
        tx.editor.createTable("", "things");
        const definition = { namespace: "", table: "things", name: "by_n", fields: ["n"], staged: false };
        tx.editor.setIndexState(tx.editor.addIndex(definition).id, "enabled");
      });
      disk.isOpen = false;
      const lane = openTestLane(world);
      let tx: Transaction = lane.begin();
      let model: Model = new Map();
      const nested: { savepoint: Savepoint; model: Model }[] = [];
      const everyId: string[] = [];
      const pick = (which: number) => everyId[which % everyId.length];

      for (const op of operations) {
        switch (op.kind) {
          case "insert": {
            const id = tx.insert("things", { n: op.n }) as string;
            everyId.push(id);
            const { _creationTime } = JSON.parse((tx.get(id) as StoredDocument).json);
            model.set(id, { n: op.n, created: _creationTime });
            break;
          }
          case "patch":
          case "replace": {
            const id = pick(op.which);
            if (id === undefined) break;
            const known = model.get(id);
            if (known === undefined) {
              expect(() => tx[op.kind](id, { n: op.n })).toThrow(/nonexistent document/);
            } else {
              tx[op.kind](id, { n: op.n });
              model.set(id, { ...known, n: op.n });
            }
            break;
          }
          case "remove": {
            const id = pick(op.which);
            if (id === undefined) break;
            if (model.delete(id)) tx.remove(id);
            else expect(() => tx.remove(id)).toThrow(`Delete on nonexistent document ID ${id}`);
            break;
          }
          case "get": {
            const id = pick(op.which);
            if (id === undefined) break;
            const found = tx.get(id) as StoredDocument | null;
            const known = model.get(id);
            expect(found === null ? undefined : JSON.parse(found.json).n).toBe(known?.n);
            break;
          }
          case "scan": {
            const low = encodeIndexKey([op.low]);
            const range =
              op.index === "by_n"
                ? { start: low, end: prefixEnd(encodeIndexKey([op.high])) }
                : { start: "", end: null };
            const rows = tx.scan("things", op.index, range, op.order, op.limit) as IndexRow[];
            const expected = expectedScan(model, op.index, op.low, op.high);
            if (op.order === "desc") expected.reverse();
            expect(rows.map((row) => row.document.id)).toEqual(expected.slice(0, op.limit));
            for (const { document } of rows)
              expect(JSON.parse(document.json).n).toBe(model.get(document.id)!.n);
            break;
          }
          case "nest":
            nested.push({ savepoint: tx.savepoint(), model: new Map(model) });
            break;
          case "return": {
            const call = nested.pop();
            if (call !== undefined) tx.release(call.savepoint);
            break;
          }
          case "throw": {
            const call = nested.pop();
            if (call === undefined) break;
            tx.rollBack(call.savepoint);
            model = call.model;
            break;
          }
          case "commit":
            while (nested.length > 0) tx.release(nested.pop()!.savepoint);
            lane.port.submit(lane.view.finish(tx));
            tx = lane.begin();
            break;
          case "toDisk":
            await settled();
            disk.finish();
            await settled();
            break;
        }
      }
      expect(world.fatal).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("a nested call that throws leaves no trace in later reads, even of what was scanned inside it", async () => {
  const world = await openTestEngine();
  const { value: id } = await world.engine.transact({ source: "test" }, (tx) =>
    tx.insert("things", { n: 1 }),
  );
  const tx = openTestLane(world).begin();
  const savepoint = tx.savepoint();
  tx.patch(id, { n: 2 });
  const inserted = tx.insert("things", { n: 3 }) as string;
  tx.scan("things", "by_creation_time", { start: "", end: null }, "asc", 10);
  tx.rollBack(savepoint);
  expect(JSON.parse((tx.get(id) as StoredDocument).json).n).toBe(1);
  expect(tx.get(inserted)).toBeNull();
});

test("a nested call has its own limits, within those of the whole", async () => {
  const world = await openTestEngine();
  const tx = openTestLane(world).begin();
  tx.insert("things", { n: 1 });
  const before = tx.usage.narrow({ documentsWritten: 1 });
  tx.insert("things", { n: 2 });
  expect(() => tx.insert("things", { n: 3 })).toThrow("Too many documents written");
  tx.usage.restore(before);
  tx.insert("things", { n: 4 });
});
