import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const { browser, api } = clientPackages[1]!;
type Client = InstanceType<typeof browser.ConvexClient>;

let tandem: Tandem;
let witness: Client;
beforeAll(async () => {
  tandem = await startTandem({ environment: { TANDEM_FUNCTION_TOTAL_TIME: "3000" } });
  await pushFixture(tandem);
  witness = new browser.ConvexClient(tandem.backendUrl, { logger: false });
});
afterAll(async () => {
  await witness.close();
  await tandem.stop();
});

const http = () => new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });

/** Others are served while `unruly` runs and after it; answers what it came to. */
async function besideOthers(unruly: Promise<unknown>): Promise<string> {
  const { pid } = tandem;
  let over = false;
  const outcome = unruly.then(
    (value) => `answered ${JSON.stringify(value)}`,
    (error: Error) => error.message,
  );
  void outcome.then(() => {
    over = true;
  });
  let served = 0;
  do {
    await witness.mutation(api.counters.increment, { name: "others" });
    expect(await witness.query(api.values.variable, {})).toBe("hello");
    served += 1;
  } while (!over);
  expect(served).toBeGreaterThan(0);
  expect(await http().action(api.acting.double, { n: served })).toBe(2 * served);
  expect(tandem.pid).toBe(pid);
  return await outcome;
}

describe("a function that does not behave fails alone, and others are served meanwhile:", () => {
  const runs: [string, () => Promise<unknown>, RegExp][] = [
    ["a query that loops", () => http().query(api.unruly.loopInQuery, {}), /timed out|too long/i],
    ["a mutation that loops", () => http().mutation(api.unruly.loopInMutation, {}), /timed out|too long/i],
    ["a query that allocates without end", () => http().query(api.unruly.allocateInQuery, {}), /memory/i],
    [
      "a mutation that allocates without end",
      () => http().mutation(api.unruly.allocateInMutation, {}),
      /memory/i,
    ],
    ["an action that allocates without end", () => http().action(api.unruly.allocateInAction, {}), /memory/i],
    [
      "a query that allocates huge buffers",
      () => http().query(api.unruly.allocateAtOnce, {}),
      /memory|allocation/i,
    ],
    [
      "a query that never ends",
      () => http().query(api.unruly.neverInQuery, {}),
      /never|pending|unresolved|timed out|promise/i,
    ],
    [
      "a mutation that never ends",
      () => http().mutation(api.unruly.neverInMutation, {}),
      /never|pending|unresolved|timed out|promise/i,
    ],
    [
      "a query that recurses without end",
      () => http().query(api.unruly.recurse, {}),
      /Maximum call stack size exceeded/,
    ],
  ];
  test.each(runs)("%s", async (_what, run, reason) => {
    const outcome = await besideOthers(run());
    expect(outcome).toMatch(/Server Error/);
    expect(outcome).toMatch(reason);
  });

  test.each(["null", "undefined", "text", "number", "proxy", "getter", "bare object"])(
    "a query that throws %s",
    async (what) => {
      const outcome = await besideOthers(http().query(api.unruly.throwOddly, { what }));
      expect(outcome).toMatch(/Server Error\nUncaught/);
    },
  );

  test("a mutation with a rejection that nobody awaits", async () => {
    await besideOthers(http().mutation(api.unruly.rejectLater, {}));
  });

  test("many of them at once", async () => {
    const outcomes = await Promise.all([
      ...Array.from({ length: 4 }, () => besideOthers(http().query(api.unruly.loopInQuery, {}))),
      ...Array.from({ length: 4 }, () => besideOthers(http().mutation(api.unruly.allocateInMutation, {}))),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatch(/Server Error/);
    }
  }, 60_000);
});

test("a server that has seen all this serves from where it was", async () => {
  const client = http();
  expect(await client.mutation(api.counters.increment, { name: "afterwards" })).toBe(1);
  expect(await client.query(api.items.list, { list: "never" })).toEqual([]);
});
