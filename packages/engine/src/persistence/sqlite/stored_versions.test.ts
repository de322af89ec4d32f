import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { BY_RANK, NaiveStore, rankKey, storedDocument, TABLE } from "../contract_model.ts";
import { SqliteWriter } from "./sqlite_writer.ts";
import { prepareStoreFile } from "./store_file.ts";
import { StoredVersions } from "./stored_versions.ts";

test("a snapshot of a minute ago is a few hundred steps away, however often a key was written since", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tandem-versions-"));
  const path = join(folder, "tandem.db");
  prepareStoreFile(path);
  const writer = new SqliteWriter(path);
  writer.database.exec("PRAGMA synchronous = OFF");
  const model = new NaiveStore();
  // 12,000 versions in 3,000 batches.
  const INTERVAL = 5000;
  for (let n = 1; n <= 12_000; n += 4) {
    const batch = [0, 1, 2, 3].map((i) => model.commit((n + i) * INTERVAL, { hot: (n + i) % 2 }));
    writer.append((n - 1) * INTERVAL, batch);
  }
  writer.close();

  const database = new DatabaseSync(path, { readOnly: true, returnArrays: true });
  // Counts only: each call goes through to SQLite.
  const steps = vi.spyOn(StatementSync.prototype, "get");
  const versions = new StoredVersions(database);
  for (const n of [1, 2, 3, 777, 6000, 11_000, 11_998, 12_000]) {
    const at = n * INTERVAL + 3;
    steps.mockClear();
    const document = versions.visible(versions.document(TABLE, "hot"), at);
    expect(document?.[2]).toBe(storedDocument("hot", n % 2, n * INTERVAL).json);
    const entry = versions.visible(versions.entry(BY_RANK, rankKey(0, "hot")), at);
    expect(entry?.[2] ?? null).toBe(n % 2 === 0 ? "hot" : null);
    // Of 250 ms each for a minute, and two for each document and entry at the end of them.
    expect(steps.mock.calls.length).toBeGreaterThan(0);
    expect(steps.mock.calls.length).toBeLessThan(700);
  }
  steps.mockRestore();
  database.close();
  await rm(folder, { recursive: true });
});
