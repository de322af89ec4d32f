import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";

test("an address that is not encoded as it has to be is refused, not a fault of the server", async () => {
  await using server = await startIdentity();
  const response = await fetch(`${server.url}/v1/users/%E0%A4%A`, {
    headers: { authorization: `Bearer ${server.secretKey}` },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ code: "malformed_request_parameters" }] });
  expect(server.reported).toEqual([]);
});
