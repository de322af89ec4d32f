import fc from "fast-check";
import { expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { KeptRows } from "./kept_rows.ts";

const NAMES = ["a", "b", "c"];

function insert({ parts, instanceId }: StartedIdentity, id: string, digest: string) {
  return parts.store.transact("test", (tx) =>
    tx.insert("testing_tokens", { id, instanceId, digest, expireAt: 1 }),
  );
}

test("a kept row is what a fresh read answers, whatever has been committed meanwhile", async () => {
  await using identity = await startIdentity();
  const { store } = identity.parts;
  const name = fc.constantFrom(...NAMES);
  const step = fc.oneof(
    fc.record({ kind: fc.constant("write" as const), id: name, digest: name }),
    fc.record({ kind: fc.constant("remove" as const), id: name }),
    fc.record({ kind: fc.constant("read" as const), id: name }),
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 7 }),
      async (steps, most) => {
        // Ids of earlier runs are still there.
        const of = (text: string) => `${run}.${text}`;
        run++;
        const kept = new KeptRows(identity.engine, most);
        for (const { kind, id, ...rest } of steps) {
          const row = await store.read().get("testing_tokens", of(id));
          if (kind === "remove" && row !== null)
            await store.transact("test", (tx) => tx.remove("testing_tokens", row));
          if (kind === "write" && "digest" in rest) {
            const digest = of(rest.digest);
            if (row === null) await insert(identity, of(id), digest);
            else await store.transact("test", (tx) => tx.patch("testing_tokens", row, { digest }));
          }
          const fresh = store.read();
          for (const each of NAMES.map(of)) {
            expect(await kept.get("testing_tokens", each)).toEqual(await fresh.get("testing_tokens", each));
            expect(await kept.first("testing_tokens", "by_digest", [each])).toEqual(
              await fresh.first("testing_tokens", "by_digest", [each]),
            );
          }
          expect(kept.size).toBeLessThanOrEqual(most);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("what is not there is not kept: guesses throw out nobody", async () => {
  await using identity = await startIdentity();
  const kept = new KeptRows(identity.engine, 2);
  await insert(identity, "a", "a");
  await kept.get("testing_tokens", "a");
  for (const guess of ["b", "c", "d"]) expect(await kept.get("testing_tokens", guess)).toBeNull();
  expect(kept.size).toBe(1);
});

test("what was used last stays", async () => {
  await using identity = await startIdentity();
  let reads = 0;
  const { engine } = identity;
  const counted = {
    subscribe: engine.subscribe.bind(engine),
    snapshot: (...options: Parameters<typeof engine.snapshot>) => {
      reads++;
      return engine.snapshot(...options);
    },
  };
  const kept = new KeptRows(counted, 2);
  for (const id of NAMES) await insert(identity, id, id);
  for (const id of ["a", "b", "a", "c", "a"]) await kept.get("testing_tokens", id);
  expect(reads).toBe(3);
  await kept.get("testing_tokens", "b");
  expect(reads).toBe(4);
});
