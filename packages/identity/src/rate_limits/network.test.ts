import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { networkOf } from "./network.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b:1:2:3::192.0.2.1", "64:ff9b:1:2::/64"],
  ["", ""],
  ["not an address", "not an address"],
])("%s is counted as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("many addresses of one IPv6 network share one limit", async () => {
  await using server = await startIdentity({ limits: { createsPerWindow: 3 } });
  const begin = async (ipAddress: string) => {
    const body = new URLSearchParams({ identifier: "someone@example.com" });
    const request = new Request(`${server.url}/v1/client/sign_ins`, { method: "POST", body });
    return (await server.identity.fetch(request, { ipAddress })).status;
  };
  const statuses = [];
  for (let host = 1; host <= 4; host++) statuses.push(await begin(`2001:db8:1:2::${host}`));
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(await begin("2001:db8:1:3::1")).toBe(200);
});
