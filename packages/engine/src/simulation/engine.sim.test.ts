import { expect, test } from "vitest";
import * as engine from "../index.ts";
import { type EngineRunFigures, simulateEngine } from "./engine_simulation.ts";
import { addFigures, failingSeed, isLong, printFigures, seedsToRun } from "./seeds.ts";

const FILE = "packages/engine/src/simulation/engine.sim.test.ts";

test(
  "whatever fails and crashes, histories are strictly serialisable, nothing acknowledged is lost, and subscriptions hear of every change",
  async () => {
    const total: Partial<EngineRunFigures> = {};
    const seeds = seedsToRun(300, 6000);
    for (const seed of seeds) {
      const { anomalies, figures } = await simulateEngine(seed, engine).catch((error: unknown) => {
        throw failingSeed(seed, FILE, `Seed ${seed} failed: ${error}`, error);
      });
      if (anomalies.length > 0) {
        const found = anomalies.map(({ kind, text }) => `${kind}: ${text}`).join("\n");
        throw failingSeed(seed, FILE, `Seed ${seed} is not explained by any order:\n${found}`);
      }
      addFigures(total, figures);
    }
    if (isLong) printFigures("Engine simulation", { seeds: seeds.length, ...total });
    expect(total.committed).toBeGreaterThan(0);
  },
  isLong ? 1_800_000 : 120_000,
);

test("a seed happens the same way every time", async () => {
  for (const seed of [3, 77, 4711]) {
    const first = await simulateEngine(seed, engine);
    expect(await simulateEngine(seed, engine)).toEqual(first);
  }
});
