import { describe, expect, test } from "vitest";
import type { Anomaly } from "./checkers/anomaly.ts";
import { type EngineModule, simulateEngine } from "./engine_simulation.ts";
import { plantBug } from "./planted_bug.ts";
import { ENGINE_BUGS } from "./planted_bugs.ts";
import { isLong, printFigures } from "./seeds.ts";

const ENTRY = new URL("../index.ts", import.meta.url);

/** Within so many seeds each of them has to be found. */
const SEEDS = 1500;

describe("the checkers find every bug that is planted in the engine", () => {
  const found: Record<string, number> = {};
  test.each(ENGINE_BUGS.map((bug) => [bug.name, bug] as const))(
    "%s",
    async (_, bug) => {
      const module = await plantBug<EngineModule>(bug, ENTRY);
      const kinds = new Set<string>();
      for (let seed = 1; seed <= SEEDS; seed++) {
        const anomalies = await simulateEngine(seed, module).then(
          (run): readonly Anomaly[] => run.anomalies,
          // A bug may also break an invariant, or keep a run from its end: that is no finding of the checkers.
          () => [],
        );
        for (const { kind } of anomalies) kinds.add(kind);
        if (!bug.shows.some((kind) => kinds.has(kind))) continue;
        found[bug.name] = seed;
        return;
      }
      expect.fail(`Not found within ${SEEDS} seeds; seen: ${[...kinds].join(", ") || "nothing"}.`);
    },
    120_000,
  );
  test("and says by which seed", () => {
    expect(Object.keys(found)).toHaveLength(ENGINE_BUGS.length);
    if (isLong) printFigures("Planted bugs, found by seed", found);
  });
});
