import { encodeIndexKey, prefixEnd } from "@tandem/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ConflictError, StoreFailedError } from "./errors.ts";
import { MemoryMedium } from "./persistence/index.ts";
import type { IndexRow, Persistence } from "./persistence/persistence.ts";
import { openTestEngine, openTestLane, settled, TestClock } from "./test_engine.ts";
import type { DatabaseWriter } from "./transaction/database.ts";

/**
 * A small program: it reads a stretch of `by_k`, and writes what depends on what it saw: changes what it read
 * (lost update), changes the neighbour of what it read (write skew), or inserts and removes (phantoms).
 */
interface Program {
  readonly low: number;
  readonly high: number;
  readonly act: "count" | "raise" | "insert" | "remove" | "look";
  readonly at: number;
  readonly pauses: number;
}

/** `[k, v]` of every row seen, in order. */
type Seen = [number, number][];

interface Done {
  readonly ts: number;
  readonly program: Program;
  readonly seen: Seen;
  readonly wrote: boolean;
}

const program: fc.Arbitrary<Program> = fc.record({
  low: fc.nat(4),
  high: fc.nat(4),
  act: fc.constantFrom("count", "raise", "insert", "remove", "look"),
  at: fc.nat(4),
  pauses: fc.nat(3),
});

function sum(seen: Seen): number {
  return seen.reduce((total, [, v]) => (total * 3 + v + 1) % 1009, 7);
}

/** The program over plain rows: what a serial run would do. */
function runSerially(rows: Seen, { low, high, act, at }: Program): { seen: Seen; rows: Seen } {
  const seen = rows.filter(([k]) => k >= low && k <= high);
  const value = sum(seen);
  const first = rows.findIndex(([k]) => k === at);
  switch (act) {
    case "count":
      return { seen, rows: first < 0 ? rows : rows.with(first, [at, value]) };
    case "raise":
      return { seen, rows: rows.map(([k, v]) => (k >= low && k <= high ? [k, v + value] : [k, v])) };
    case "insert":
      return {
        seen,
        rows: first < 0 ? [...rows, [at, value] as [number, number]].sort((a, b) => a[0] - b[0]) : rows,
      };
    case "remove":
      return { seen, rows: rows.filter(([k]) => k !== at) };
    case "look":
      return { seen, rows };
  }
}

function rangeOf(low: number, high: number) {
  return { start: encodeIndexKey([low]), end: prefixEnd(encodeIndexKey([high])) };
}

interface Row {
  _id: string;
  k: number;
  v: number;
}

async function run(
  tx: Pick<DatabaseWriter, "scan" | "insert" | "patch" | "remove">,
  { low, high, act, at }: Program,
  pause: () => Promise<void> | void,
): Promise<{ seen: Seen; wrote: boolean }> {
  const read = async (from: number, to: number) => {
    const rows: IndexRow[] = await tx.scan("rows", "by_k", rangeOf(from, to), "asc", 100);
    return rows.map((row) => JSON.parse(row.document.json) as Row);
  };
  const rows = await read(low, high);
  await pause();
  const seen = rows.map((row): [number, number] => [row.k, row.v]);
  const value = sum(seen);
  if (act === "look") return { seen, wrote: false };
  if (act === "raise") {
    for (const row of rows) await tx.patch(row._id, { v: row.v + value });
    return { seen, wrote: rows.length > 0 };
  }
  const [target] = await read(at, at);
  await pause();
  if (act === "count" && target !== undefined) await tx.patch(target._id, { v: value });
  if (act === "insert" && target === undefined) await tx.insert("rows", { k: at, v: value });
  if (act === "remove" && target !== undefined) await tx.remove(target._id);
  return { seen, wrote: (target === undefined) === (act === "insert") };
}

/** Everything that waits, released in an order that the seed decides. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #choices: readonly number[];
  #turn = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  choice(): number {
    return this.#choices[this.#turn++ % this.#choices.length] ?? 0;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async play(isOver: () => boolean): Promise<void> {
    for (let i = 0; !isOver(); i++) {
      await settled();
      if (i > 20_000) throw new Error("The programs do not come to an end.");
      if (this.#waiting.length === 0) continue;
      this.#waiting.splice(this.choice() % this.#waiting.length, 1)[0]!();
    }
  }
}

/** The same store with answers that come later, as those of a server do. */
function later(persistence: Persistence): Persistence {
  return {
    head: () => persistence.head(),
    append: (head, commits) => persistence.append(head, commits),
    tail: (after, limit) => persistence.tail(after, limit),
    prune: (horizon, budget) => persistence.prune(horizon, budget),
    backfill: (indexId, entries) => persistence.backfill(indexId, entries),
    discard: (what, budget) => persistence.discard(what, budget),
    close: () => persistence.close(),
    get: async (tableId, id, at) => await persistence.get(tableId, id, at),
    scan: async (source, range, order, at, limit) => await persistence.scan(source, range, order, at, limit),
  };
}

const story = fc.record({
  actors: fc.array(
    fc.record({ lane: fc.boolean(), node: fc.nat(1), programs: fc.array(program, { maxLength: 5 }) }),
    {
      minLength: 2,
      maxLength: 5,
    },
  ),
  choices: fc.array(fc.nat(1000), { minLength: 20, maxLength: 60 }),
});

async function play(
  nodes: number,
  failing: boolean,
  { actors, choices }: typeof story extends fc.Arbitrary<infer S> ? S : never,
) {
  const turns = new Turns(choices);
  let isReady = false;
  const disk = {
    async write() {
      if (!isReady) return;
      await turns.pause();
      if (failing && turns.choice() % 4 === 0) throw new Error("no space left on device");
    },
  };
  const medium = new MemoryMedium();
  const clock = new TestClock();
  const first = await openTestEngine({ persistence: medium.open(disk), clock, seed: 1 });
  await first.engine.transact({ source: "setting up" }, async (tx) => {
    tx.editor.createTable("", "rows");
    const definition = { namespace: "", table: "rows", name: "by_k", fields: ["k"], staged: false };
    tx.editor.setIndexState(tx.editor.addIndex(definition).id, "enabled");
    for (const k of [0, 1, 2]) await tx.insert("rows", { k, v: k });
  });
  const worlds = [first];
  for (let i = 1; i < nodes; i++) {
    worlds.push(await openTestEngine({ persistence: later(medium.open(disk)), clock, seed: i + 1 }));
  }
  isReady = true;

  const done: Done[] = [];
  let failures = 0;
  const actor = async ({ lane: isLane, node, programs }: (typeof actors)[number]) => {
    const world = worlds[node % nodes]!;
    const lane = isLane ? openTestLane(world) : null;
    for (const program of programs) {
      clock.now += 1;
      const pause = async () => {
        for (let i = 0; i < program.pauses; i++) await turns.pause();
      };
      try {
        if (lane === null) {
          const { value, ts } = await world.engine.transact({ source: "program" }, (tx) =>
            run(tx, program, pause),
          );
          done.push({ ts, program, ...value });
          continue;
        }
        for (;;) {
          const tx = lane.begin();
          const result = await run(tx, program, pause);
          const outcome = await lane.port.submit(lane.view.finish(tx));
          if (outcome.kind === "conflict") continue;
          done.push({ ts: outcome.ts, program, ...result });
          break;
        }
      } catch (error) {
        if (!(error instanceof StoreFailedError || error instanceof ConflictError)) throw error;
        failures++;
      }
    }
  };
  let isOver = false;
  const all = Promise.all(actors.map(actor)).finally(() => {
    isOver = true;
  });
  await Promise.all([all, turns.play(() => isOver)]);
  for (const { fatal } of worlds) expect(fatal).toEqual([]);

  // The one order that must explain everything: that of the timestamps. Who wrote nothing has that of what it saw.
  done.sort((a, b) => a.ts - b.ts || Number(b.wrote) - Number(a.wrote));
  let rows: Seen = [
    [0, 0],
    [1, 1],
    [2, 2],
  ];
  for (const { program, seen } of done) {
    const serial = runSerially(rows, program);
    expect(seen, JSON.stringify(program)).toEqual(serial.seen);
    rows = serial.rows;
  }
  // And what is in the store is what that order leaves.
  const store = medium.open();
  const reopened = await openTestEngine({ persistence: store, clock });
  const found = await reopened.engine.snapshot().scan("rows", "by_k", { start: "", end: null }, "asc", 100);
  const stored = found.map((row) => JSON.parse(row.document.json) as Row);
  expect(stored.map((row) => [row.k, row.v])).toEqual(rows);
  return failures;
}

test("host transactions and lanes of one process leave what some serial order would have left", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (given) => {
      await play(1, false, given);
    }),
    { numRuns: 60 },
  );
});

test("two nodes on one store leave what some serial order would have left", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (given) => {
      await play(2, false, given);
    }),
    { numRuns: 60 },
  );
});

test("appends that fail leave nothing of what they held, and nobody is told otherwise", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (given) => {
      await play(2, true, given);
    }),
    { numRuns: 60 },
  );
});
