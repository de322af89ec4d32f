import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { plantChanges } from "@tandem/engine/simulation";
import { describe, expect, test } from "vitest";
import * as callerAddress from "../caller_address.ts";

type CallerAddress = typeof callerAddress;

const ENTRY = new URL("../caller_address.ts", import.meta.url);
const FORGED = "203.0.113.7";

/** Whom a server takes for the sender of a request with these headers. */
async function takenFor(
  { addressOf }: CallerAddress,
  headers: IncomingHttpHeaders,
  trustProxy: boolean,
): Promise<string | null> {
  const seen = Promise.withResolvers<string | null>();
  const server = createServer((incoming, response) => {
    seen.resolve(addressOf(incoming, trustProxy));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await fetch(`http://127.0.0.1:${port}/`, { headers: headers as Record<string, string> });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return seen.promise;
}

const THREATS = [
  {
    name: "names an address of their choice, where no machine in front would have put it there",
    find: "trustProxy ? incoming",
    replace: "true ? incoming",
    attempt: async (module: CallerAddress) =>
      (await takenFor(module, { "x-forwarded-for": FORGED }, false)) === FORGED,
  },
  {
    name: "names an address of their choice, to which the machine in front adds the real one",
    find: '.split(",").at(-1)',
    replace: '.split(",").at(0)',
    attempt: async (module: CallerAddress) =>
      (await takenFor(module, { "x-forwarded-for": `${FORGED}, 198.51.100.1` }, true)) === FORGED,
  },
];

/** Unguarded, the very same attempt succeeds. */
describe("who sends a request is not what the request says:", () => {
  for (const { name, find, replace, attempt } of THREATS) {
    test(`an attacker ${name}`, async () => {
      expect(await attempt(callerAddress), "the attempt succeeded").toBe(false);
      const unguarded = await plantChanges<CallerAddress>(name, [{ file: ENTRY, find, replace }], ENTRY, {
        otherPackages: "imported",
      });
      expect(await attempt(unguarded), "the attempt failed without its guard too").toBe(true);
    });
  }
});
