import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BEGINNING } from "../../timestamp.ts";
import { NaiveStore, TABLE } from "../contract_model.ts";
import { StoreError } from "../store_error.ts";
import { openSqlitePersistence } from "./sqlite_persistence.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-file-"));
  path = join(folder, "data", "tandem.db");
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openSqlitePersistence({ path });
function failure(run: () => unknown): StoreError {
  try {
    run();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error("It should have failed.");
}

test("a missing folder is created, and the data is found again", async () => {
  const store = open();
  await store.append(BEGINNING, [new NaiveStore().commit(5, { a: 1 })]);
  await store.close();
  const again = open();
  expect(await again.head()).toBe(5);
  await again.close();
});

test("the file can be copied when stopped: it is whole by itself", async () => {
  const store = open();
  await store.append(BEGINNING, [new NaiveStore().commit(5, { a: 1 })]);
  await store.close();
  expect((await readdir(join(folder, "data"))).filter((name) => /wal|shm|journal/.test(name))).toEqual([]);
  const copy = join(folder, "copy.db");
  await cp(path, copy);
  const copied = openSqlitePersistence({ path: copy });
  expect(await copied.get(TABLE, "a", 5)).toMatchObject({ id: "a" });
  await copied.close();
});

test("a second opening is refused, and told the path and the way out, until the first has closed", async () => {
  const store = open();
  const error = failure(open);
  expect(error.code).toBe("IN_USE");
  expect(error.message).toContain(path);
  expect(error.message).toContain("Stop that one first");
  await store.close();
  await open().close();
});

test("another process holds the file until it is killed, which leaves no lock behind", async () => {
  const program = `
    import { openSqlitePersistence } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
    // Held, as a program holds it: a store that nobody refers to is closed by the garbage collector.
    globalThis.store = openSqlitePersistence({ path: ${JSON.stringify(path)} });
    process.stdout.write("open");
    setInterval(() => {}, 1000);`;
  const child = spawn(
    process.execPath,
    ["--conditions=tandem-source", "--input-type=module", "--eval", program],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  await once(child.stdout, "data");
  expect(failure(open).code).toBe("IN_USE");
  child.kill("SIGKILL");
  await exited;
  await open().close();
});

test.each([
  ["newer", "NEWER_FORMAT", 99, /format 99.*newer version of Tandem/],
  ["older", "OLDER_FORMAT", 1, /format 1,.*the version of Tandem that wrote it/],
])("a file of a %s format is refused and stays as it is, byte for byte", async (_, code, format, message) => {
  await open().close();
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA user_version = ${format}`);
  database.close();
  const before = await readFile(path);
  const files = await readdir(join(folder, "data"));
  const error = failure(open);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(await readFile(path)).toEqual(before);
  expect(await readdir(join(folder, "data"))).toEqual(files);
});

test("a file that is something else is refused and stays as it is", async () => {
  await open().close();
  for (const content of ["notes, and long enough to have a header ".repeat(10), "short"]) {
    await writeFile(path, content);
    expect(failure(open).code).toBe("NOT_A_STORE");
    expect(await readFile(path, "utf8")).toBe(content);
  }
  await rm(path);
  const foreign = new DatabaseSync(path);
  foreign.exec("CREATE TABLE theirs (a)");
  foreign.close();
  expect(failure(open).message).toContain(path);
});
