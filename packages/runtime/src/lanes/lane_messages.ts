import type { SnapshotReader } from "@tandem/engine";
import { LaneError } from "./lane.ts";
import { LaneCore } from "./lane_core.ts";
import type { FromLane, ToLane } from "./lane_host.ts";
import type { LaneSeams, LaneSettings } from "./lane_parts.ts";
import { ReadLane } from "./read_lane.ts";

/** A lane that is spoken to in messages: the same in a worker thread and in the main one. */
export interface MessageLane {
  take(message: ToLane): void;
  close(): void;
}

export async function openReadLane(
  reader: SnapshotReader,
  settings: LaneSettings,
  seams: LaneSeams,
  answer: (message: FromLane) => void,
): Promise<MessageLane> {
  const lane = new ReadLane(await LaneCore.open(settings, seams), reader);
  const failed = (id: number, error: unknown) => answer({ kind: "laneFailed", id, ...failure(error) });
  // Queries that have to wait for their store share the isolate: one after the other.
  let queue: Promise<unknown> | null = null;
  const query = (id: number, call: Extract<ToLane, { kind: "query" }>["call"]): Promise<unknown> | null => {
    try {
      const outcome = lane.query(call);
      if (outcome instanceof Promise) {
        return outcome.then(
          (done) => answer({ kind: "result", id, outcome: done }),
          (error: unknown) => failed(id, error),
        );
      }
      answer({ kind: "result", id, outcome });
    } catch (error) {
      failed(id, error);
    }
    return null;
  };
  return {
    take(message) {
      if (message.kind !== "query") {
        takeCommon(lane.core, message, answer);
        return;
      }
      const { id, call } = message;
      const running = queue === null ? query(id, call) : queue.then(() => query(id, call));
      if (running === null) return;
      const tail: Promise<unknown> = running.finally(() => {
        if (queue === tail) queue = null;
      });
      queue = tail;
    },
    close: () => lane.core.runner.dispose(),
  };
}

/** What every lane takes. */
export function takeCommon(core: LaneCore, message: ToLane, answer: (message: FromLane) => void): void {
  switch (message.kind) {
    case "load":
      core.load(message.version);
      answer({ kind: "loaded", id: message.id });
      return;
    case "open":
      return;
    case "environment":
      core.setEnvironment(message.environment);
      return;
    case "retire":
      core.retire(message.version);
      return;
    default:
      throw new LaneError("InternalServerError", `This lane takes no ${message.kind} messages.`);
  }
}

function failure(error: unknown): { code: string; message: string } {
  const { code } = error as { code?: unknown };
  return {
    code: typeof code === "string" ? code : "InternalServerError",
    message: error instanceof Error ? error.message : String(error),
  };
}
