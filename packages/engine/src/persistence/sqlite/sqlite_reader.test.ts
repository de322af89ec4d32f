import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { NaiveStore, storedDocument, TABLE } from "../contract_model.ts";
import { openSqlitePersistence } from "./sqlite_persistence.ts";

test("a lane in another thread reads every commit that has been acknowledged, at every snapshot", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tandem-lane-"));
  const path = join(folder, "tandem.db");
  const store = openSqlitePersistence({ path });
  const lane = new Worker(
    `const { parentPort } = require("node:worker_threads");
    import(${JSON.stringify(join(import.meta.dirname, "index.ts"))}).then(({ openSqliteReader }) => {
      const reader = openSqliteReader(${JSON.stringify(path)});
      parentPort.on("message", (at) => {
        if (at === null) { reader.close(); parentPort.close(); return; }
        parentPort.postMessage([reader.head(), reader.get(${TABLE}, "a", at), reader.get(${TABLE}, "a", at - 1)]);
      });
    });`,
    { eval: true, execArgv: ["--conditions=tandem-source"] },
  );
  const model = new NaiveStore();
  for (let ts = 1; ts <= 50; ts++) {
    await store.append(ts - 1, [model.commit(ts, { a: ts })]);
    lane.postMessage(ts);
    const [answer] = await once(lane, "message");
    expect(answer).toEqual([
      ts,
      storedDocument("a", ts, ts),
      ts === 1 ? null : storedDocument("a", ts - 1, ts - 1),
    ]);
  }
  const ended = once(lane, "exit");
  lane.postMessage(null);
  await ended;
  await store.close();
  await rm(folder, { recursive: true });
});
