import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";

let root: string;
let project: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "project-"));
  project = join(root, "packages", "app");
  // A workspace: the package lies with the folder above.
  const installed = join(root, "node_modules", "@clerk", "clerk-js");
  mkdirSync(project, { recursive: true });
  mkdirSync(join(installed, "dist", "chunks"), { recursive: true });
  writeFileSync(join(installed, "package.json"), '{"name":"@clerk/clerk-js","version":"5.128.0"}');
  writeFileSync(join(installed, "dist", "clerk.browser.js"), "window.Clerk = {};");
  writeFileSync(join(installed, "dist", "chunks", "a.js"), "a");
  writeFileSync(join(installed, "secret.js"), "secret");
  symlinkSync(join(installed, "secret.js"), join(installed, "dist", "link.js"));
});

afterAll(() => rmSync(root, { recursive: true }));

test.each(["5", "5.128", "5.128.0"])("clerk-js@%s is that of the project", async (version) => {
  await using server = await startIdentity({ project });
  const url = `${server.url}/npm/@clerk/clerk-js@${version}/dist`;
  const response = await fetch(`${url}/clerk.browser.js`, {
    headers: { origin: "https://anywhere.example" },
  });
  expect(await response.text()).toBe("window.Clerk = {};");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
  expect(response.headers.get("cache-control")!.includes("immutable")).toBe(version === "5.128.0");
  expect(await (await fetch(`${url}/chunks/a.js`)).text()).toBe("a");
});

test.each([
  ["/npm/@clerk/clerk-js@6/dist/clerk.browser.js", /npm install @clerk\/clerk-js@6.*5\.128\.0 is installed/],
  ["/npm/@clerk/ui@1/dist/ui.browser.js", /npm install @clerk\/ui@1/],
  ["/npm/@clerk/clerk-js@5/dist/none.js", /no such file/],
])("%s is not there, and what to do is said", async (path, text) => {
  await using server = await startIdentity({ project });
  const response = await fetch(server.url + path);
  expect(response.status).toBe(404);
  expect(((await response.json()) as { errors: { long_message: string }[] }).errors[0]!.long_message).toMatch(
    text,
  );
});

test.each([
  "/npm/@clerk/clerk-js@5/dist/../secret.js",
  "/npm/@clerk/clerk-js@5/dist/%2e%2e/secret.js",
  "/npm/@clerk/clerk-js@5/dist/..%2fsecret.js",
  "/npm/@clerk/clerk-js@5/dist/..\\secret.js",
  "/npm/@clerk/clerk-js@5/dist/chunks/..%2f..%2fsecret.js",
  "/npm/@clerk/clerk-js@5/dist/link.js",
  "/npm/@clerk/backend@5/dist/index.js",
  "/npm/@clerk/clerk-js@../dist/clerk.browser.js",
])("path traversal: %s is not there", async (path) => {
  await using server = await startIdentity({ project });
  const response = await server.identity.fetch(new Request(server.url + path), { ipAddress: null });
  expect(response.status).toBe(404);
  expect(await response.text()).not.toBe("secret");
});
