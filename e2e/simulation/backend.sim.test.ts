import { addFigures, failingSeed, isLong, printFigures, seedsToRun } from "@tandem/engine/simulation";
import { expect, test } from "vitest";
import { type BackendRunFigures, simulateBackend } from "./backend_simulation.ts";
import * as parts from "./parts.ts";

const FILE = "e2e/simulation/backend.sim.test.ts";

test(
  "through crashes, lost connections and full disks, confirmed mutations happen once, clients see consistent states, never go back in time, and agree in the end",
  async () => {
    const total: Partial<BackendRunFigures> = {};
    const seeds = seedsToRun(100, 2500);
    for (const seed of seeds) {
      const figures = await simulateBackend(seed, parts).catch((error: unknown) => {
        throw failingSeed(seed, FILE, `Seed ${seed} failed: ${error}`, error);
      });
      addFigures(total, figures);
    }
    if (isLong) printFigures("Backend simulation", { seeds: seeds.length, ...total });
    expect(total.results).toBeGreaterThan(0);
  },
  isLong ? 1_800_000 : 120_000,
);

test("a seed happens the same way every time", async () => {
  for (const seed of [2, 19]) {
    expect(await simulateBackend(seed, parts)).toEqual(await simulateBackend(seed, parts));
  }
});
