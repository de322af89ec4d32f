import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { byRank, documents, everything } from "../contract_model.ts";
import { BATCH, historyUpTo } from "./crash_victim.ts";
import { openSqlitePersistence } from "./sqlite_persistence.ts";

/** `TANDEM_LONG` is the number of crashes, or any other text for a night's worth. */
const long = process.env.TANDEM_LONG;
const CRASHES = long === undefined || long === "" ? 6 : Number(long) > 1 ? Number(long) : 300;

/** A database lives through so many: what it must hold is told by going over all of its history. */
const CRASHES_OF_ONE = 20;

const victim = join(import.meta.dirname, "crash_victim.ts");

test(`a process killed at any moment leaves every acknowledged commit whole and none half applied (${CRASHES} times)`, {
  timeout: 30_000 + CRASHES * 5000,
}, async () => {
  let folder = await mkdtemp(join(tmpdir(), "tandem-crash-"));
  try {
    for (let crash = 0; crash < CRASHES; crash++) {
      if (crash % CRASHES_OF_ONE === 0) {
        await rm(folder, { recursive: true });
        folder = await mkdtemp(join(tmpdir(), "tandem-crash-"));
      }
      const path = join(folder, "tandem.db");
      const child = spawn(process.execPath, ["--conditions=tandem-source", victim, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      // Somewhere in the first batches or far behind them, past the first checkpoints of the WAL.
      const acknowledged = await killAfter(child, Math.floor(Math.random() ** 3 * 600));
      const store = openSqlitePersistence({ path });
      const head = await store.head();
      expect(head).toBeGreaterThanOrEqual(acknowledged);
      expect(head % BATCH).toBe(0);
      const model = historyUpTo(head);
      expect(await store.tail(head - 30, 100)).toEqual(model.commits.slice(-30));
      for (const at of [head, head - 1, head - BATCH, head - 30]) {
        for (const source of [documents, byRank]) {
          expect(await store.scan(source, everything, "asc", at, 100)).toEqual(
            model.scan(source, everything, "asc", at),
          );
        }
      }
      await store.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Kills `child` once it has printed `lines` lines, and answers the last number that it printed at all. */
async function killAfter(child: ChildProcess, lines: number): Promise<number> {
  const exited = once(child, "exit");
  let last = 0;
  let seen = 0;
  if (lines === 0) await once(child, "spawn").then(() => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout! })) {
    last = Number(line);
    if (++seen === lines) child.kill("SIGKILL");
  }
  const [, signal] = await exited;
  expect(signal).toBe("SIGKILL");
  return last;
}
