import { addFigures, failingSeed, isLong, printFigures, seedsToRun } from "@tandem/engine/simulation";
import { expect, test } from "vitest";
import { checkLiveQueries, type LiveQueryFigures } from "./live_query_case.ts";
import * as parts from "./parts.ts";

const FILE = "e2e/simulation/live_queries.sim.test.ts";

test(
  "after every commit each live query is what a fresh run at the same timestamp answers, all of a client at one timestamp",
  async () => {
    const total: Partial<LiveQueryFigures> = {};
    const seeds = seedsToRun(500, 10_000);
    for (const seed of seeds) {
      const figures = await checkLiveQueries(seed, parts).catch((error: unknown) => {
        throw failingSeed(seed, FILE, `Case ${seed} failed: ${error}`, error);
      });
      addFigures(total, figures);
    }
    if (isLong) printFigures("Live queries", { cases: seeds.length, ...total });
    expect(total.results).toBeGreaterThan(0);
  },
  isLong ? 1_800_000 : 120_000,
);
