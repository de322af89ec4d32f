export type { Anomaly, AnomalyKind } from "./checkers/anomaly.ts";
export { checkHistory } from "./checkers/serialisability.ts";
export { type DiskFaults, FAULTLESS, SimulatedDisk } from "./disk.ts";
export { type EngineModule, type EngineRun, simulateEngine } from "./engine_simulation.ts";
export { History } from "./history.ts";
export {
  type PlantedBug,
  type PlantingOptions,
  plantBug,
  plantChanges,
  type SourceChange,
} from "./planted_bug.ts";
export { SeededRandom } from "./seeded_random.ts";
export { addFigures, failingSeed, isLong, printFigures, seedsToRun } from "./seeds.ts";
export { never, Process, settled, World } from "./world.ts";
