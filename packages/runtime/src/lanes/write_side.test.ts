import { MemoryMedium, openEngine } from "@tandem/engine";
import { expect, test } from "vitest";
import type { FromLane } from "./lane_host.ts";
import { laneSettings } from "./open_database.ts";
import { systemSeams } from "./system_seams.ts";
import { WriteSide } from "./write_side.ts";

const call = {
  version: "v1",
  environment: "e1",
  path: "notes.js:add",
  args: "{}",
  identity: null,
  requestId: "r",
  internal: false,
  once: null,
};

test("a mutation that comes while the lane is being closed, or after, is refused and not forgotten", async () => {
  const reader = new MemoryMedium().open();
  const seams = systemSeams();
  const timers = { setTimeout, clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout) };
  const fatal = (error: unknown) => {
    throw error;
  };
  const engine = await openEngine({ persistence: reader, ...seams, timers, fatal });
  const answers: FromLane[] = [];
  const settings = laneSettings({ instanceSecret: "test secret" });
  const lane = new WriteSide({
    database: engine,
    reader,
    settings,
    seams,
    timers,
    answer: (message) => answers.push(message),
  });
  lane.send({ kind: "mutation", id: 1, call });
  const closed = lane.close();
  lane.send({ kind: "mutation", id: 2, call });
  await closed;
  lane.send({ kind: "mutation", id: 3, call });
  const refused = {
    kind: "laneFailed",
    code: "BackendIsNotRunning",
    message: "The backend is shutting down.",
  };
  expect(answers).toEqual([1, 2, 3].map((id) => ({ ...refused, id })));
  await engine.close();
});
