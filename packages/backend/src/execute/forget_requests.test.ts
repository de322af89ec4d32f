import { openEngine, openMemoryPersistence } from "@tandem/engine";
import { expect, it } from "vitest";
import type { Seams } from "../seams.ts";
import { forgetRequests } from "./forget_requests.ts";

it("results of mutations are forgotten when their time is over, and not before", async () => {
  let now = 1_000_000;
  let round: () => void = () => {};
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const timers = { setTimeout: () => 0, clearTimeout: () => {} };
  const engine = await openEngine({
    persistence: openMemoryPersistence(),
    clock: { nowMicroseconds: () => now * 1000 },
    random,
    timers,
    fatal: (error) => {
      throw error;
    },
  });
  const seams: Seams = {
    clock: { now: () => now },
    random,
    fetch,
    timers: {
      setTimeout: (run) => {
        round = run;
      },
      clearTimeout: () => {},
      setImmediate: (run) => run(),
    },
  };
  await engine.transact({ source: "test", system: true }, (tx) => {
    for (let i = 0; i < 450; i++) {
      const at = i % 3 === 0 ? now : now + 5000;
      tx.putRow(
        "_session_requests",
        `session:${String(i).padStart(3, "0")}`,
        JSON.stringify({ at, result: {} }),
      );
    }
  });
  const stop = forgetRequests({
    engine,
    seams,
    keep: 10_000,
    report: (error) => {
      throw error;
    },
  });
  const kept = async () => (await engine.snapshot().scanRows("_session_requests")).length;

  now += 9000;
  round();
  await stop();
  expect(await kept()).toBe(450);

  const again = forgetRequests({ engine, seams, keep: 10_000, report: () => {} });
  now += 3000;
  round();
  const { promise, resolve } = Promise.withResolvers<void>();
  const unlisten = engine.onDurable(async () => {
    if ((await kept()) === 300) resolve();
  });
  await promise;
  unlisten();
  await again();
  await engine.close();
});
