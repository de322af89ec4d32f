import { encodeIndexKey, prefixEnd } from "@tandem/values";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HostTransaction } from "./engine.ts";
import { OutOfRetentionError, StoreFailedError } from "./errors.ts";
import { MemoryMedium, openMemoryPersistence } from "./persistence/index.ts";
import { GatedDisk, openTestEngine, openTestLane, settled, type TestEngine } from "./test_engine.ts";
import type { ReadRange } from "./transaction/read_set_entry.ts";

const everything = { start: "", end: null };

async function insert(
  { engine }: TestEngine,
  table: string,
  fields: Record<string, number>,
): Promise<string> {
  const { value } = await engine.transact({ source: "test" }, (tx) => tx.insert(table, fields));
  return value;
}

/** The `n` of every row that the newest snapshot has, in index order. */
async function numbers({ engine }: TestEngine, index: string): Promise<number[]> {
  const rows = await engine.snapshot().scan("things", index, everything, "asc", 1000);
  return rows.map((row) => JSON.parse(row.document.json).n);
}

function addIndex(tx: HostTransaction, name: string, fields: string[]) {
  return tx.editor.addIndex({ namespace: "", table: "things", name, fields, staged: false });
}

describe("transactions", () => {
  test("what was inserted is there, with an id of its table and the time of its making", async () => {
    const world = await openTestEngine();
    const id = await insert(world, "things", { n: 1 });
    const document = await world.engine.snapshot().get(id);
    expect(JSON.parse(document!.json)).toEqual({ _id: id, _creationTime: 1_700_000_000_000, n: 1 });
    expect(world.engine.catalog.table("", "things")?.number).toBe(10_001);
  });

  test("documents of one transaction have ascending creation times", async () => {
    const world = await openTestEngine();
    await world.engine.transact({ source: "test" }, async (tx) => {
      for (let n = 0; n < 5; n++) await tx.insert("things", { n });
    });
    expect(await numbers(world, "by_creation_time")).toEqual([0, 1, 2, 3, 4]);
  });

  test("a body that throws leaves nothing behind", async () => {
    const world = await openTestEngine();
    const failing = world.engine.transact({ source: "test" }, async (tx) => {
      await tx.insert("things", { n: 1 });
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(world.engine.catalog.table("", "things")).toBeNull();
  });

  test("nobody hears of a commit before it is on disk", async () => {
    const disk = new GatedDisk();
    const world = await openTestEngine({ persistence: openMemoryPersistence({ disk }) });
    disk.isOpen = false;
    let isDone = false;
    const writing = insert(world, "things", { n: 1 }).then(() => {
      isDone = true;
    });
    await settled();
    expect(disk.writing).toBe(1);
    expect(isDone).toBe(false);
    expect(world.engine.durable).toBe(0);
    disk.finish();
    await writing;
    expect(world.engine.durable).toBe(1_700_000_000_000_000);
  });

  test("what arrives while the disk writes goes to it together", async () => {
    const disk = new GatedDisk();
    const world = await openTestEngine({ persistence: openMemoryPersistence({ disk }) });
    await insert(world, "things", { n: 0 });
    disk.isOpen = false;
    const all = Array.from({ length: 10 }, (_, n) => insert(world, "things", { n: n + 1 }));
    await settled();
    const more = Array.from({ length: 10 }, (_, n) => insert(world, "things", { n: n + 11 }));
    await settled();
    disk.finish();
    await Promise.all(all);
    await settled();
    disk.finish();
    await Promise.all(more);
    expect(disk.writing).toBe(0);
    expect(await numbers(world, "by_creation_time")).toHaveLength(21);
  });

  test("fields of the system are neither set nor changed by the app", async () => {
    const world = await openTestEngine();
    const id = await insert(world, "things", { n: 1 });
    const attempt = (body: (tx: HostTransaction) => unknown) =>
      world.engine.transact({ source: "test" }, async (tx) => void (await body(tx)));
    await expect(attempt((tx) => tx.insert("things", { _id: id }))).rejects.toMatchObject({
      code: "InvalidDocumentError",
    });
    await expect(attempt((tx) => tx.insert("things", { _x: 1 }))).rejects.toMatchObject({
      code: "InvalidDocumentError",
    });
    await expect(attempt((tx) => tx.patch(id, { _creationTime: 5 }))).rejects.toMatchObject({
      code: "InvalidCreationTimeError",
    });
    await expect(attempt((tx) => tx.insert("_things", {}))).rejects.toMatchObject({
      code: "TableNameReserved",
    });
    await attempt((tx) => tx.replace(id, { _id: id, n: 2 }));
    await attempt((tx) => tx.patch(id, { n: undefined, m: 3 }));
    const document = await world.engine.snapshot().get(id);
    expect(JSON.parse(document!.json)).toEqual({ _id: id, _creationTime: 1_700_000_000_000, m: 3 });
  });

  test("a document that is too large or too deep is refused with the code of its limit", async () => {
    const world = await openTestEngine();
    const attempt = (value: never) =>
      world.engine.transact({ source: "test" }, (tx) => tx.insert("things", { value }));
    let deep: unknown = 1;
    for (let i = 0; i < 16; i++) deep = [deep];
    await expect(attempt(deep as never)).rejects.toMatchObject({ code: "InvalidDocumentError" });
    await expect(attempt("x".repeat(1_048_577) as never)).rejects.toMatchObject({
      code: "ValueTooLargeError",
    });
    await expect(attempt(new Array(8193).fill(0) as never)).rejects.toMatchObject({ code: "ArrayTooLong" });
  });

  test("a transaction that reads too much is told which limit, and how to stay below it", async () => {
    const world = await openTestEngine();
    await world.engine.transact({ source: "test" }, async (tx) => {
      for (let n = 0; n < 6; n++) await tx.insert("things", { n });
    });
    const limits = {
      documentsRead: 5,
      bytesRead: 1e9,
      databaseQueries: 10,
      documentsWritten: 2,
      bytesWritten: 1e9,
    };
    const reading = world.engine.transact({ source: "test", limits }, (tx) =>
      tx.scan("things", "by_creation_time", everything, "asc", 100),
    );
    await expect(reading).rejects.toMatchObject({ code: "TooManyDocumentsRead" });
    await expect(reading).rejects.toThrow("Consider using smaller limits in your queries");
    const writing = world.engine.transact({ source: "test", limits }, async (tx) => {
      for (let n = 0; n < 3; n++) await tx.insert("things", { n });
    });
    await expect(writing).rejects.toMatchObject({ code: "TooManyWrites" });
  });
});

describe("a store that fails", () => {
  test("tells everybody who waited, keeps nothing of it, and goes on", async () => {
    const disk = new GatedDisk();
    const world = await openTestEngine({ persistence: openMemoryPersistence({ disk }) });
    await insert(world, "things", { n: 0 });
    const lane = openTestLane(world);
    disk.isOpen = false;
    const tx = lane.begin();
    tx.insert("things", { n: 1 });
    const first = lane.port.submit(lane.view.finish(tx));
    const second = insert(world, "things", { n: 2 });
    const outcomes = Promise.allSettled([first, second]);
    await settled();
    disk.fail(new Error("no space left on device"));
    for (const outcome of await outcomes) {
      expect(outcome.status).toBe("rejected");
      const { reason } = outcome as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(StoreFailedError);
      expect(reason.message).toContain("no space left on device");
    }
    expect(await numbers(world, "by_creation_time")).toEqual([0]);
    disk.isOpen = true;
    world.clock.now += 1;
    const again = lane.begin();
    expect((again.scan("things", "by_creation_time", everything, "asc", 9) as unknown[]).length).toBe(1);
    again.insert("things", { n: 3 });
    expect(await lane.port.submit(lane.view.finish(again))).toMatchObject({ kind: "committed" });
    expect(await numbers(world, "by_creation_time")).toEqual([0, 3]);
    expect(world.fatal).toEqual([]);
  });

  test("what was acknowledged is there after a crash, whatever was on its way", async () => {
    const disk = new GatedDisk();
    const medium = new MemoryMedium();
    const world = await openTestEngine({ persistence: medium.open(disk) });
    await insert(world, "things", { n: 1 });
    disk.isOpen = false;
    insert(world, "things", { n: 2 }).catch(() => {});
    await settled();
    medium.crash({ inFlight: "lost" });
    const reopened = await openTestEngine({ persistence: medium.open() });
    expect(await numbers(reopened, "by_creation_time")).toEqual([1]);
    expect(reopened.engine.catalog.tables("").map((table) => table.name)).toEqual(["things"]);
  });
});

describe("lanes", () => {
  test("a lane sees its own transactions before they are on disk, and never conflicts with itself", async () => {
    const disk = new GatedDisk();
    const world = await openTestEngine({ persistence: openMemoryPersistence({ disk }) });
    const id = await insert(world, "things", { n: 0 });
    const lane = openTestLane(world);
    disk.isOpen = false;
    const outcomes = [];
    for (let i = 0; i < 50; i++) {
      const tx = lane.begin();
      const { n } = JSON.parse((tx.get(id) as { json: string }).json);
      tx.patch(id, { n: n + 1 });
      outcomes.push(lane.port.submit(lane.view.finish(tx)));
    }
    disk.isOpen = true;
    await settled();
    disk.finish();
    for (const outcome of await Promise.all(outcomes)) expect(outcome.kind).toBe("committed");
    expect(await numbers(world, "by_creation_time")).toEqual([50]);
  });

  test("a table that a lane makes is there for its next transaction", async () => {
    const world = await openTestEngine();
    const lane = openTestLane(world);
    const tx = lane.begin();
    const id = tx.insert("things", { n: 1 }) as string;
    const first = lane.port.submit(lane.view.finish(tx));
    const next = lane.begin();
    expect(next.get(id)).not.toBeNull();
    next.insert("things", { n: 2 });
    const second = lane.port.submit(lane.view.finish(next));
    expect((await first).kind).toBe("committed");
    expect((await second).kind).toBe("committed");
    expect(lane.view.catalog.table("", "things")?.number).toBe(
      world.engine.catalog.table("", "things")?.number,
    );
  });

  test("a host transaction that changed what a lane had read makes it run again, on the new state", async () => {
    const world = await openTestEngine();
    const id = await insert(world, "things", { n: 0 });
    const lane = openTestLane(world);
    const tx = lane.begin();
    tx.get(id);
    tx.patch(id, { n: 1 });
    const host = world.engine.transact({ source: "test" }, (host) => host.patch(id, { n: 10 }));
    await settled();
    const outcome = await lane.port.submit(lane.view.finish(tx));
    expect(outcome).toEqual({ kind: "conflict", table: "things" });
    await host;
    const again = lane.begin();
    const { n } = JSON.parse((again.get(id) as { json: string }).json);
    expect(n).toBe(10);
    again.patch(id, { n: n + 1 });
    expect(await lane.port.submit(lane.view.finish(again))).toMatchObject({ kind: "committed" });
    expect(await numbers(world, "by_creation_time")).toEqual([11]);
  });
});

describe("indexes", () => {
  test("an index made over documents that are there finds them once it is backfilled and enabled", async () => {
    const world = await openTestEngine();
    const { engine } = world;
    await engine.transact({ source: "test" }, async (tx) => {
      for (let n = 0; n < 1200; n++) await tx.insert("things", { n: (n * 7919) % 1200 });
    });
    const { value: index } = await engine.transact({ source: "test" }, (tx) => addIndex(tx, "by_n", ["n"]));
    expect(() => engine.snapshot().scan("things", "by_n", everything, "asc", 1)).toThrow(
      expect.objectContaining({ code: "IndexBackfillingError" }),
    );
    const steps: number[] = [];
    expect(await engine.backfill(index.id, (documents) => steps.push(documents))).toBe(true);
    expect(steps).toEqual([500, 1000, 1200]);
    expect(engine.catalog.indexById(index.id)?.state).toBe("ready");
    await engine.transact({ source: "test" }, (tx) => tx.editor.setIndexState(index.id, "enabled"));
    const found = await numbers(world, "by_n");
    expect(found).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  });

  test("documents changed while an index is being backfilled are found where they are now", async () => {
    const world = await openTestEngine();
    const { engine } = world;
    const ids: string[] = [];
    await engine.transact({ source: "test" }, async (tx) => {
      for (let n = 0; n < 1100; n++) ids.push(await tx.insert("things", { n }));
    });
    const { value: index } = await engine.transact({ source: "test" }, (tx) => addIndex(tx, "by_n", ["n"]));
    let change = Promise.resolve<unknown>(null);
    await engine.backfill(index.id, (documents) => {
      if (documents !== 500) return;
      change = engine.transact({ source: "test" }, async (tx) => {
        for (let i = 0; i < ids.length; i += 100) await tx.patch(ids[i]!, { n: -1 - i });
        await tx.remove(ids[1]!);
      });
    });
    await change;
    await engine.transact({ source: "test" }, (tx) => tx.editor.setIndexState(index.id, "enabled"));
    const range = { start: "", end: prefixEnd(encodeIndexKey([-0.5])) };
    const negative = await engine
      .snapshot()
      .scan("things", "by_n", { start: "", end: range.end }, "asc", 100);
    expect(negative.map((row) => JSON.parse(row.document.json).n)).toEqual(
      Array.from({ length: 11 }, (_, i) => -1 - (10 - i) * 100),
    );
    const one = { start: encodeIndexKey([1]), end: prefixEnd(encodeIndexKey([1])) };
    expect(await engine.snapshot().scan("things", "by_n", one, "asc", 10)).toEqual([]);
    const all = await engine.snapshot().scan("things", "by_n", everything, "asc", 2000);
    expect(all).toHaveLength(1099);
  });

  test("a definition that cannot be is refused with the code of its fault", async () => {
    const world = await openTestEngine();
    await insert(world, "things", { n: 1 });
    const attempt = (name: string, fields: string[]) =>
      world.engine.transact({ source: "test" }, (tx) => {
        addIndex(tx, "by_m", ["m"]);
        return addIndex(tx, name, fields);
      });
    const code = (expected: string) => expect.objectContaining({ code: expected });
    await expect(attempt("by_n", [])).rejects.toEqual(code("EmptyIndex"));
    await expect(attempt("by_id", ["n"])).rejects.toEqual(code("IndexNameReserved"));
    await expect(attempt("by_n", ["_id"])).rejects.toEqual(code("IndexFieldsContainId"));
    await expect(attempt("by_n", ["_creationTime"])).rejects.toEqual(code("IndexFieldsContainCreationTime"));
    await expect(attempt("by_n", ["_x"])).rejects.toEqual(code("IndexFieldNameReserved"));
    await expect(attempt("by_n", ["n", "n"])).rejects.toEqual(code("FieldsNotUniqueWithinIndex"));
    await expect(attempt("by_m", ["n"])).rejects.toEqual(code("IndexNamesNotUnique"));
    await expect(attempt("by_n", ["m"])).rejects.toEqual(code("IndexNotUnique"));
    const many = Array.from({ length: 17 }, (_, i) => `f${i}`);
    await expect(attempt("by_n", many)).rejects.toEqual(code("IndexTooManyFields"));
    await expect(attempt("by_n", ["n"])).resolves.toBeDefined();
  });
});

describe("schemas", () => {
  const numbersOnly = {
    enforced: true,
    tables: [
      {
        table: "things",
        documentType: {
          type: "object" as const,
          value: { n: { fieldType: { type: "number" as const }, optional: false } },
        },
      },
    ],
  };

  test("a document that does not fit the schema in force is refused with the words of R §3.1", async () => {
    const world = await openTestEngine();
    await world.engine.transact({ source: "test" }, (tx) => tx.editor.setSchema("", numbersOnly));
    const writing = world.engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: "one" }));
    await expect(writing).rejects.toMatchObject({
      code: "SchemaEnforcementError",
      message: expect.stringContaining(
        'Failed to insert or update a document in table "things" because it does not match the schema: Value does not match validator.',
      ),
    });
    await insert(world, "things", { n: 1 });
  });

  test("a document that does not fit a schema on its way is written, and the schema fails", async () => {
    const world = await openTestEngine();
    await world.engine.transact({ source: "test" }, (tx) =>
      tx.editor.setPendingSchema("", "push 1", numbersOnly),
    );
    await insert(world, "things", { n: 1 });
    expect(world.engine.catalog.pendingSchema("")?.state).toEqual({ kind: "pending" });
    await world.engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: "one" }));
    expect(world.engine.catalog.pendingSchema("")?.state).toMatchObject({
      kind: "failed",
      tableName: "things",
      error: expect.stringContaining('New document in table "things" does not match the schema: '),
    });
    expect(await numbers(world, "by_creation_time")).toEqual([1, "one"]);
  });

  test("a table that the schema names is not dropped", async () => {
    const world = await openTestEngine();
    await world.engine.transact({ source: "test" }, (tx) => tx.editor.setSchema("", numbersOnly));
    const dropping = world.engine.transact({ source: "test" }, (tx) => tx.editor.dropTable("", "things"));
    await expect(dropping).rejects.toThrow(
      'Failed to delete table "things" because it appears in the schema',
    );
  });
});

describe("subscriptions", () => {
  test("fire when, and only when, a commit touches what was read, and once", async () => {
    const operation = fc.record({
      which: fc.nat(9),
      n: fc.nat(9),
      kind: fc.constantFrom("insert", "patch", "remove"),
    });
    const subscription = fc.record({ low: fc.nat(9), high: fc.nat(9), late: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(subscription, { minLength: 1, maxLength: 8 }),
        fc.array(operation, { minLength: 1, maxLength: 8 }),
        async (subscribers, operations) => {
          const world = await openTestEngine();
          const { engine } = world;
          const ids: string[] = [];
          const state = new Map<string, number>();
          await engine.transact({ source: "test" }, async (tx) => {
            tx.editor.createTable("", "things");
            tx.editor.setIndexState(addIndex(tx, "by_n", ["n"]).id, "enabled");
            for (const n of [2, 5, 8]) {
              const id = await tx.insert("things", { n });
              ids.push(id);
              state.set(id, n);
            }
          });
          const since = engine.durable;
          const reads = await Promise.all(
            subscribers.map(async ({ low, high }): Promise<readonly ReadRange[]> => {
              const snapshot = engine.snapshot();
              const range = { start: encodeIndexKey([low]), end: prefixEnd(encodeIndexKey([high])) };
              await snapshot.scan("things", "by_n", range, "asc", 100);
              return snapshot.reads;
            }),
          );
          const heard: (number | null)[] = subscribers.map(() => null);
          const expected: (number | null)[] = subscribers.map(() => null);
          const subscribe = (step: number) => {
            for (const [i, { late }] of subscribers.entries()) {
              if (late !== step) continue;
              engine.subscribe(reads[i]!, since, (ts) => {
                expect(heard[i]).toBeNull();
                heard[i] = ts;
              });
            }
          };
          for (const [step, { which, n, kind }] of operations.entries()) {
            subscribe(step);
            const id = ids[which % ids.length]!;
            const before = state.get(id);
            const touched = new Set<number>();
            const { ts } = await engine.transact({ source: "test" }, async (tx) => {
              if (kind === "insert" || before === undefined) {
                const made = await tx.insert("things", { n });
                ids.push(made);
                state.set(made, n);
                touched.add(n);
              } else if (kind === "patch") {
                await tx.patch(id, { n });
                state.set(id, n);
                touched.add(before).add(n);
              } else {
                await tx.remove(id);
                state.delete(id);
                touched.add(before);
              }
            });
            for (const [i, { low, high }] of subscribers.entries()) {
              const isHit = [...touched].some((key) => key >= low && key <= high);
              if (isHit) expected[i] ??= ts;
            }
          }
          for (let step = operations.length; step <= 5; step++) subscribe(step);
          await settled();
          expect(heard).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("who read a table that does not exist hears of it when it is made", async () => {
    const world = await openTestEngine();
    const snapshot = world.engine.snapshot();
    expect(await snapshot.scan("things", "by_creation_time", everything, "asc", 10)).toEqual([]);
    const heard: number[] = [];
    world.engine.subscribe(snapshot.reads, world.engine.durable, (ts) => heard.push(ts));
    await insert(world, "others", { n: 1 });
    expect(heard).toEqual([]);
    await insert(world, "things", { n: 1 });
    expect(heard).toEqual([world.engine.durable]);
  });

  test("a subscription that was cancelled stays silent", async () => {
    const world = await openTestEngine();
    const id = await insert(world, "things", { n: 1 });
    const snapshot = world.engine.snapshot();
    await snapshot.get(id);
    const heard: number[] = [];
    const subscription = world.engine.subscribe(snapshot.reads, world.engine.durable, (ts) => heard.push(ts));
    subscription.cancel();
    await world.engine.transact({ source: "test" }, (tx) => tx.patch(id, { n: 2 }));
    await settled();
    expect(heard).toEqual([]);
  });
});

describe("plain rows", () => {
  test("of two writers of a row, neither overwrites the other unseen", async () => {
    const world = await openTestEngine();
    const raise = () =>
      world.engine.transact({ source: "test" }, async (tx) => {
        const text = await tx.getRow("_settings", "count");
        await settled();
        tx.putRow("_settings", "count", String(Number(text ?? "0") + 1));
      });
    await Promise.all([raise(), raise(), raise()]);
    expect(await world.engine.snapshot().getRow("_settings", "count")).toBe("3");
    expect(await world.engine.snapshot().scanRows("_settings")).toEqual([{ id: "count", json: "3" }]);
  });
});

describe("retention", () => {
  test("snapshots stay readable for as long as promised, then say that they are gone", async () => {
    const world = await openTestEngine();
    const { engine, clock, timers } = world;
    const id = await insert(world, "things", { n: 1 });
    const old = engine.durable;
    clock.now += 30_000_000;
    await engine.transact({ source: "test" }, (tx) => tx.patch(id, { n: 2 }));
    timers.fire();
    await settled();
    expect(JSON.parse((await engine.snapshot({ at: old }).get(id))!.json).n).toBe(1);
    clock.now += 60_000_000;
    await engine.transact({ source: "test" }, (tx) => tx.patch(id, { n: 3 }));
    timers.fire();
    await settled();
    expect(() => engine.snapshot({ at: old })).toThrow(OutOfRetentionError);
    expect(JSON.parse((await engine.snapshot().get(id))!.json).n).toBe(3);
  });

  test("a dropped index gives its space back once nobody can read it, and not before", async () => {
    const world = await openTestEngine();
    const { engine, clock, timers, persistence } = world;
    await insert(world, "things", { n: 1 });
    const { value: index } = await engine.transact({ source: "test" }, (tx) => addIndex(tx, "by_n", ["n"]));
    await insert(world, "things", { n: 2 });
    const tableId = index.tableId;
    const entries = () =>
      persistence.scan(
        { kind: "entries", indexId: index.id, tableId },
        { start: "", end: null },
        "asc",
        engine.durable,
        10,
      );
    await engine.transact({ source: "test" }, (tx) => tx.editor.dropIndex(index.id));
    timers.fire();
    await settled();
    expect(await entries()).toHaveLength(1);
    clock.now += 100_000_000;
    await insert(world, "things", { n: 3 });
    timers.fire();
    await settled();
    expect(await entries()).toHaveLength(0);
  });

  test("a dropped index gives its space back also when the process that dropped it ended before it could", async () => {
    const medium = new MemoryMedium();
    const first = await openTestEngine({ persistence: medium.open() });
    await insert(first, "things", { n: 1 });
    const { value: index } = await first.engine.transact({ source: "test" }, (tx) =>
      addIndex(tx, "by_n", ["n"]),
    );
    await insert(first, "things", { n: 2 });
    await first.engine.transact({ source: "test" }, (tx) => tx.editor.dropIndex(index.id));
    await first.engine.close();

    const world = await openTestEngine({ persistence: medium.open(), clock: first.clock });
    const source = { kind: "entries", indexId: index.id, tableId: index.tableId } as const;
    const entries = () =>
      world.persistence.scan(source, { start: "", end: null }, "asc", world.engine.durable, 10);
    expect(await entries()).toHaveLength(1);
    world.clock.now += 100_000_000;
    world.timers.fire();
    await settled();
    expect(await entries()).toHaveLength(0);
    // What is still there has lost nothing.
    expect(await numbers(world, "by_creation_time")).toEqual([1, 2]);
  });

  test("a database at rest sets no timers", async () => {
    const world = await openTestEngine();
    await insert(world, "things", { n: 1 });
    world.clock.now += 3_600_000_000;
    world.timers.fire();
    await settled();
    expect(world.timers.count).toBe(0);
    await world.engine.close();
  });
});
