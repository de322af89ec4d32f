import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Commit } from "../log/commit.ts";
import { openMemoryPersistence } from "../persistence/index.ts";
import { BEGINNING } from "../timestamp.ts";
import { CachedReader } from "./cached_reader.ts";

const TABLE = 10_001;
const IDS = ["a", "b", "c", "d", "e", "f"];

const document = (id: string, text: string) => ({ id, json: JSON.stringify(text), size: text.length });

function commit(ts: number, changes: readonly (readonly [id: string, text: string | null])[]): Commit {
  const documents = changes.map(([id, text]) => ({
    tableId: TABLE,
    id,
    document: text === null ? null : document(id, text),
  }));
  return { ts, documents, indexEntries: [], touched: [], changesCatalog: false };
}

const change = fc.tuple(fc.constantFrom(...IDS), fc.option(fc.string({ maxLength: 40 })));
const step = fc.oneof(
  fc.record({ read: fc.constantFrom(...IDS) }),
  fc.record({ commit: fc.uniqueArray(change, { selector: ([id]) => id, maxLength: 3 }) }),
  fc.constant({ forget: true as const }),
);

test("answers what the store answers at its snapshot, however little it may hold", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(0, 600, 1_000_000),
      async (steps, bound) => {
        const store = openMemoryPersistence();
        const reader = new CachedReader(store, BEGINNING, bound);
        let at = BEGINNING;
        for (const one of steps) {
          if ("read" in one) {
            expect(await reader.get(TABLE, one.read, at)).toEqual(await store.get(TABLE, one.read, at));
          } else if ("commit" in one) {
            const next = commit(at + 1, one.commit);
            await store.append(at, [next]);
            // Older snapshots are the store's business.
            for (const id of IDS) {
              expect(await reader.get(TABLE, id, at + 1)).toEqual(await store.get(TABLE, id, at + 1));
            }
            reader.apply(next.documents);
            at += 1;
            reader.moveTo(at);
          } else reader.forget();
        }
        for (const id of IDS) expect(await reader.get(TABLE, id, at)).toEqual(await store.get(TABLE, id, at));
      },
    ),
  );
});

test("what was read or written last is not asked of the store again", async () => {
  const store = openMemoryPersistence();
  await store.append(BEGINNING, [commit(1, [["a", "first"]])]);
  const reader = new CachedReader(store, 1, 10_000);
  await reader.get(TABLE, "a", 1);
  const asked = vi.spyOn(store, "get");
  expect(await reader.get(TABLE, "a", 1)).toEqual(document("a", "first"));
  reader.apply(commit(2, [["a", "second"]]).documents);
  reader.moveTo(2);
  expect(await reader.get(TABLE, "a", 2)).toEqual(document("a", "second"));
  expect(asked).not.toHaveBeenCalled();
});
