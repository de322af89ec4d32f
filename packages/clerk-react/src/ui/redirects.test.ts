// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { linkKeepingRedirects } from "./redirects.ts";

afterEach(() => window.history.replaceState(null, "", "/"));

test("the way to the other form keeps where to go afterwards, from the query and from the hash", () => {
  window.history.replaceState(
    null,
    "",
    "/sign-in?sign_up_force_redirect_url=%2Fwelcome#/?redirect_url=%2Fnotes",
  );
  const link = new URL(linkKeepingRedirects("/sign-up", {}));
  expect(link.pathname).toBe("/sign-up");
  expect([...link.searchParams]).toEqual([
    ["redirect_url", "/notes"],
    ["sign_up_force_redirect_url", "/welcome"],
  ]);
});

test("what the component was given goes along, unless the address says otherwise", () => {
  window.history.replaceState(null, "", "/sign-in?sign_up_fallback_redirect_url=%2Fa");
  const link = linkKeepingRedirects("/sign-in#/create", {
    sign_up_fallback_redirect_url: "/b",
    sign_up_force_redirect_url: "/c",
  });
  expect(new URL(link).hash).toBe("#/create");
  expect([...new URL(link).searchParams]).toEqual([
    ["sign_up_force_redirect_url", "/c"],
    ["sign_up_fallback_redirect_url", "/a"],
  ]);
});

test("nothing else of the address goes along", () => {
  window.history.replaceState(null, "", "/sign-in?__clerk_ticket=secret&utm=1");
  expect(new URL(linkKeepingRedirects("/sign-up", {})).search).toBe("");
});
