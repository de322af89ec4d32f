import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pushFixture } from "./harness/push.ts";
import { type RawMessage, type RawSocket, rawSocket } from "./harness/raw_socket.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const MEBIBYTE = 2 ** 20;
/** Each state of the watched query has 3 MB; the system's own buffers of a connection hold some 40 MB at most. */
const ITEMS = 6;
const ITEM_BYTES = MEBIBYTE / 2;
const ROUNDS = 120;

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

/** A socket that watches one query. */
async function watching(udfPath: string, args: object): Promise<RawSocket> {
  const socket = await rawSocket(tandem.backendUrl);
  socket.hello();
  const modifications = [{ type: "Add", queryId: 0, udfPath, args: [args] }];
  socket.send({ type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications });
  return socket;
}

/** The rounds whose states these messages brought, in order. */
function roundsIn(messages: readonly RawMessage[]): string[] {
  return messages.flatMap((message) =>
    ((message.modifications ?? []) as { value: string[] }[]).map(({ value }) => value[0]!),
  );
}

async function until(socket: RawSocket, round: string): Promise<void> {
  while (roundsIn([await socket.next("Transition")]).at(-1) !== round) {
    // Transitions of the socket's own mutations, and states before.
  }
}

/** Memory that the server holds, in MiB (proc(5), `VmRSS`). */
function residentMemory(): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${tandem.pid}/status`, "utf8"))![1]) / 1024;
}

test("a client that stops reading costs little, misses what is outdated, and disturbs nobody", async () => {
  const list = { list: "large" };
  using writer = await rawSocket(tandem.backendUrl);
  writer.hello();
  let requestId = 0;
  const mutate = async (udfPath: string, args: object) => {
    writer.send({ type: "Mutation", requestId: requestId++, udfPath, args: [args] });
    expect(await writer.next("MutationResponse")).toMatchObject({ success: true });
  };
  await mutate("items:addMany", { ...list, from: 0, count: ITEMS, text: "x".repeat(ITEM_BYTES) });
  using reader = await watching("values:texts", list);
  using stalled = await watching("values:texts", list);
  /** Makes a new state; whoever reads has it before the next is made. */
  const round = async (name: string) => {
    await mutate("items:rename", { ...list, n: 0, text: name });
    await until(reader, name);
  };
  for (let i = 0; i < 10; i++) {
    await round(`before ${i}`);
  }
  await until(stalled, "before 9");

  const before = { seen: stalled.received.length, memory: residentMemory() };
  stalled.pause();
  for (let i = 0; i < ROUNDS; i++) {
    await round(`${i}`);
  }
  const grown = residentMemory() - before.memory;
  expect(grown).toBeLessThan(((ROUNDS / 2) * ITEMS * ITEM_BYTES) / MEBIBYTE);
  const names = Array.from({ length: ROUNDS }, (_, i) => `${i}`);
  expect(roundsIn(reader.received).slice(-ROUNDS)).toEqual(names);

  // It was not dropped, and has the newest state once it reads; of those before it, only what was sent already.
  stalled.resume();
  await until(stalled, names.at(-1)!);
  const seen = roundsIn(stalled.received.slice(before.seen));
  expect(seen.length).toBeLessThan(ROUNDS / 2);
  expect(seen).toEqual(names.filter((name) => seen.includes(name)));
  await round("after");
  await until(stalled, "after");
}, 90_000);
