import { expect, test } from "vitest";
import { allowedProtocols, allowList, isAllowed } from "./allow_list.ts";

const key = { instanceType: "production", frontendApi: "clerk.example.com" } as const;
const page = "https://app.example.org";
const api = "https://clerk.example.com";
const listOf = (options: Parameters<typeof allowList>[3] = {}) => allowList(page, key, api, options);
const allows = (url: string, options?: Parameters<typeof allowList>[3]) =>
  isAllowed(new URL(url, page), listOf(options));

test("the page's own origin and the sites of the instance are allowed when the app names none", () => {
  expect(allows("/after")).toBe(true);
  expect(allows("https://example.com/x")).toBe(true);
  expect(allows("https://accounts.example.com/x")).toBe(true);
  expect(allows("https://evil.test/")).toBe(false);
});

test("an address that merely looks like an allowed one is not", () => {
  expect(allows("//evil.test/")).toBe(false);
  expect(allows("https://example.com.evil.test/")).toBe(false);
  expect(allows("https://example.com@evil.test/")).toBe(false);
  expect(allows("https://evilexample.com/")).toBe(false);
  expect(allows("http://example.com/")).toBe(false);
  expect(allows("https:\\\\evil.test")).toBe(false);
  expect(allows("https://evil.test/https://example.com")).toBe(false);
});

test("the app's own list replaces that of the instance, but not the page's origin", () => {
  const options = { allowedRedirectOrigins: ["https://*.partner.test", /^https:\/\/exact\.test$/] };
  expect(allows("https://a.partner.test/x", options)).toBe(true);
  expect(allows("https://partner.test.evil.test/", options)).toBe(false);
  expect(allows("https://exact.test/", options)).toBe(true);
  expect(allows("https://example.com/", options)).toBe(false);
  expect(allows("/after", options)).toBe(true);
});

test("an origin with a dot in it allows that dot and nothing else", () => {
  expect(allows("https://aXb.test/", { allowedRedirectOrigins: ["https://a.b.test"] })).toBe(false);
});

test("a script is never an address to go to", () => {
  expect(allows("javascript:alert(1)")).toBe(false);
  expect(allows("data:text/html,hello")).toBe(false);
  expect(allowedProtocols({ allowedRedirectProtocols: ["myapp:"] })).toContain("myapp:");
  expect(allowedProtocols({})).not.toContain("javascript:");
});

test("a development instance's own server is allowed under the name that the page reaches it by", () => {
  const list = allowList(
    "http://localhost:5173",
    { instanceType: "development", frontendApi: "127.0.0.1:3212" },
    "http://localhost:3212",
    {},
  );
  expect(isAllowed(new URL("http://localhost:3212/user"), list)).toBe(true);
  expect(isAllowed(new URL("http://localhost:9999/"), list)).toBe(false);
});
