import { afterAll, beforeAll, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const { browser, api } = clientPackages[1]!;
const LONG = process.env.TANDEM_LONG === "1";
const KILLS = LONG ? 100 : 3;
const WRITERS = 8;
/** Writes that are acknowledged before each kill, so that it falls into the thick of them. */
const WRITES_BEFORE_KILL = 150;

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

test(
  `after each of ${KILLS} kills under load, every acknowledged write is there, and whole`,
  async () => {
    /** The highest count of each pair that a writer was told of. */
    const acknowledged = new Map<string, number>();
    /** Every write that was sent, acknowledged or not. */
    const sent = new Map<string, number>();

    for (let kill = 0; kill < KILLS; kill++) {
      let writing = true;
      let written = 0;
      let thick = () => {};
      const inTheThickOfIt = new Promise<void>((resolve) => {
        thick = resolve;
      });
      // Each writer has its own pair and takes no for an answer: no client is there to send a lost write again.
      const writers = Array.from({ length: WRITERS }, async (_, writer) => {
        const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
        const pair = `pair ${writer}`;
        while (writing) {
          sent.set(pair, (sent.get(pair) ?? 0) + 1);
          try {
            acknowledged.set(pair, await client.mutation(api.halves.raise, { pair }));
          } catch (error) {
            if (writing) {
              throw error;
            }
            return;
          }
          written += 1;
          if (written === WRITES_BEFORE_KILL) thick();
        }
      });
      await Promise.race([inTheThickOfIt, Promise.all(writers)]);
      writing = false;
      await tandem.end("SIGKILL");
      await Promise.all(writers);
      await tandem.start();

      const halves = await new browser.ConvexHttpClient(tandem.backendUrl).query(api.halves.all, {});
      expect(halves).toHaveLength(WRITERS);
      for (const { pair, left, right } of halves) {
        expect(left, `${pair} after kill ${kill}: the halves of one transaction`).toBe(right);
        expect(left, `${pair} after kill ${kill}: acknowledged`).toBeGreaterThanOrEqual(
          acknowledged.get(pair)!,
        );
        expect(left, `${pair} after kill ${kill}: never sent`).toBeLessThanOrEqual(sent.get(pair)!);
        acknowledged.set(pair, left);
        sent.set(pair, left);
      }
    }

    expect(tandem.complaints).toBe("");
  },
  LONG ? 20 * 60_000 : 60_000,
);
