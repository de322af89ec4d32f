import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { signUp, TestBrowser } from "../testing/test_browser.ts";
import { checkJsonDepth } from "./json_depth.ts";

test("braces within texts do not count", () => {
  expect(() => checkJsonDepth(JSON.stringify({ text: `${"{[".repeat(500)}"` }))).not.toThrow();
  expect(() => checkJsonDepth(`${"[".repeat(100)}${"]".repeat(100)}`)).not.toThrow();
  expect(() => checkJsonDepth(`${"[".repeat(101)}${"]".repeat(101)}`)).toThrow(/100 levels/);
});

test("stack overflow: deep JSON is refused, in bodies and in fields of forms", async () => {
  await using server = await startIdentity();
  const deep = `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`;
  const response = await fetch(`${server.url}/v1/users`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" },
    body: `{"public_metadata":${deep}}`,
  });
  expect(response.status).toBe(400);
  const browser = new TestBrowser(server);
  browser.query._clerk_session_id = (await signUp(browser)).sessionId;
  expect((await browser.patch("/v1/me/metadata", { unsafe_metadata: deep })).status).toBe(400);
  expect(server.reported).toEqual([]);
});
