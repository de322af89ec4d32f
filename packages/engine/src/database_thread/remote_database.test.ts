import { describe, expect, test } from "vitest";
import { openEngineOver } from "../open_engine.ts";
import { openMemoryPersistence } from "../persistence/index.ts";
import { TestClock, TestTimers, testRandomness } from "../test_engine.ts";
import { DatabaseHost } from "./database_host.ts";
import type { ToDatabase } from "./messages.ts";
import { RemoteDatabase } from "./remote_database.ts";

/** An engine and its database, which talk to each other at once unless `ask` keeps a message back. */
async function open(ask: (message: ToDatabase, pass: () => void) => void = (_, pass) => pass()) {
  const persistence = openMemoryPersistence();
  const clock = new TestClock();
  const timers = new TestTimers();
  const host = await DatabaseHost.open({
    persistence,
    clock,
    timers,
    window: 10_000_000,
    tell: (message) => remote.take(message),
  });
  const remote: RemoteDatabase = new RemoteDatabase(
    {
      head: () => persistence.head(),
      get: (...parameters) => persistence.get(...parameters),
      scan: (...parameters) => persistence.scan(...parameters),
      tail: (...parameters) => persistence.tail(...parameters),
      close: () => {},
    },
    (message) => ask(message, () => host.take(message)),
    async () => {},
  );
  const fatal: unknown[] = [];
  const openEngine = () =>
    openEngineOver(
      { clock, random: testRandomness(), timers, fatal: (error) => fatal.push(error) },
      remote.store,
      remote.openCommits,
    );
  return { host, remote, openEngine, fatal, timers };
}

describe("when the database's thread has ended", () => {
  test("whoever waits is told, nothing more is taken, and the process is told to end", async () => {
    const { remote, openEngine, fatal } = await open(() => {});
    const engine = await openEngine();
    const waiting = engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 1 }));
    remote.ended("out of memory");
    await expect(waiting).rejects.toThrow("The database's thread stopped (out of memory). Restart Tandem.");
    await expect(
      engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 1 })),
    ).rejects.toMatchObject({ name: "EngineClosedError" });
    expect(fatal).toHaveLength(1);
  });

  test("also when that was before the engine was open", async () => {
    const { remote, openEngine, fatal } = await open();
    remote.ended("it ended by itself");
    const engine = await openEngine();
    await expect(
      engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 1 })),
    ).rejects.toMatchObject({ name: "EngineClosedError" });
    expect(fatal).toHaveLength(1);
  });
});

describe("a transaction that has lost", () => {
  test("holds back all other writes until it has ended, in the order they came", async () => {
    const { host, openEngine } = await open();
    const engine = await openEngine();
    const { value: id } = await engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 0 }));
    const order: string[] = [];
    const others: Promise<unknown>[] = [];
    const addTen = () =>
      engine.transact({ source: "other" }, async (tx) => {
        const { n } = JSON.parse((await tx.get(id))!.json) as { n: number };
        await tx.patch(id, { n: n + 10 });
      });
    let attempts = 0;
    await engine.transact({ source: "test" }, async (tx) => {
      attempts++;
      const { n } = JSON.parse((await tx.get(id))!.json) as { n: number };
      const other = addTen();
      others.push(other);
      // At first another one is faster; under the hold it waits, and so does a mutation.
      if (attempts === 1) await other;
      host.whenFree(() => {
        order.push("mutation");
        host.ended();
      });
      order.push(`attempt ${attempts}`);
      await tx.patch(id, { n: n + 1 });
    });
    await Promise.all(others);
    expect(attempts).toBe(2);
    expect(order).toEqual(["mutation", "attempt 1", "attempt 2", "mutation"]);
    expect(JSON.parse((await engine.snapshot().get(id))!.json)).toMatchObject({ n: 21 });
  });

  test("holds nobody up for ever, when it waits for something else", async () => {
    const { host, openEngine, timers } = await open();
    const engine = await openEngine();
    const { value: id } = await engine.transact({ source: "test" }, (tx) => tx.insert("things", { n: 0 }));
    const { promise: never, resolve: finish } = Promise.withResolvers<void>();
    const { promise: held, resolve: isHeld } = Promise.withResolvers<void>();
    let attempts = 0;
    const slow = engine.transact({ source: "slow" }, async (tx) => {
      attempts++;
      await tx.get(id);
      if (attempts === 1) await engine.transact({ source: "other" }, (their) => their.patch(id, { n: 1 }));
      if (attempts === 2) {
        isHeld();
        await never;
      }
      await tx.patch(id, { n: 2 });
    });
    await held;
    const mutation = new Promise<void>((resolve) => host.whenFree(resolve)).then(() => host.ended());
    timers.fire();
    await mutation;
    finish();
    await slow;
    expect(attempts).toBe(2);
    expect(JSON.parse((await engine.snapshot().get(id))!.json)).toMatchObject({ n: 2 });
  });
});
