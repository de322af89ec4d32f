import { afterAll, beforeAll, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const { browser, api } = clientPackages[1]!;

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem({ environment: { TANDEM_DOCUMENTS_READ: "3", TANDEM_DOCUMENTS_WRITTEN: "4" } });
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

test("limits that the operator sets hold for functions", async () => {
  const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
  await client.mutation(api.items.addMany, { list: "small", from: 0, count: 3 });
  expect(await client.query(api.items.list, { list: "small" })).toHaveLength(3);
  await client.mutation(api.items.addMany, { list: "small", from: 3, count: 1 });
  await expect(client.query(api.items.list, { list: "small" })).rejects.toThrow(/documents.*3/s);
  await expect(client.mutation(api.items.addMany, { list: "large", from: 0, count: 5 })).rejects.toThrow(
    /documents.*4/s,
  );
  expect(await client.query(api.items.list, { list: "large" })).toEqual([]);
});
