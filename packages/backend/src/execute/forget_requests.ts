import type { Engine } from "@tandem/engine";
import type { Seams } from "../seams.ts";

/** Where the write lane keeps the results of mutations, for resends (P §1.6). */
const TABLE = "_session_requests";
const ROUND_MILLISECONDS = 60 * 60 * 1000;
const SLICE = 200;

export interface ForgetRequestsOptions {
  readonly engine: Engine;
  readonly seams: Seams;
  /** Milliseconds for which a result is remembered. */
  readonly keep: number;
  readonly report: (error: unknown) => void;
}

/**
 * Forgets, once an hour, the results of mutations that nobody will send again. Answers a function that ends it and
 * resolves when it has.
 */
export function forgetRequests(options: ForgetRequestsOptions): () => Promise<void> {
  const { engine, seams, keep, report } = options;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: unknown;

  const round = async (): Promise<void> => {
    const horizon = seams.clock.now() - keep;
    let after = "";
    while (!isStopped) {
      const rows = await engine.snapshot().scanRows(TABLE, { after, limit: SLICE });
      const old = rows.filter(({ json }) => isOlder(json, horizon)).map(({ id }) => id);
      if (old.length > 0) {
        await engine.transact({ source: "forgetting requests", system: true }, (tx) => {
          for (const id of old) {
            tx.putRow(TABLE, id, null);
          }
        });
      }
      if (rows.length < SLICE) {
        return;
      }
      after = rows.at(-1)!.id;
    }
  };
  const next = (): void => {
    timer = seams.timers.setTimeout(() => {
      running = round().catch(report).then(next);
    }, ROUND_MILLISECONDS);
  };
  next();

  return () => {
    isStopped = true;
    seams.timers.clearTimeout(timer);
    return running;
  };
}

/** `{"at":<ms>,…}` begins every row; parsing the whole of a large result for it would be a waste. */
function isOlder(json: string, horizon: number): boolean {
  const at = /^\{"at":(\d+)/.exec(json);
  return at === null || Number(at[1]) < horizon;
}
