// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { linkKeepingRedirects } from "./redirects.ts";

const { origin } = window.location;

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
    ["redirect_url", `${origin}/notes`],
    ["sign_up_force_redirect_url", `${origin}/welcome`],
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
    ["sign_up_force_redirect_url", `${origin}/c`],
    ["sign_up_fallback_redirect_url", `${origin}/a`],
  ]);
});

test("nothing else of the address goes along", () => {
  window.history.replaceState(null, "", "/sign-in?__clerk_ticket=secret&utm=1");
  expect(new URL(linkKeepingRedirects("/sign-up", {})).search).toBe("");
});

test("a path is one of this page's server, though the other form may be on another's", () => {
  window.history.replaceState(null, "", "/sign-in");
  const given = { sign_up_force_redirect_url: "/welcome", redirect_url: "https://app.test/there" };
  const link = new URL(linkKeepingRedirects("https://accounts.test/sign-up", given));
  expect(link.origin).toBe("https://accounts.test");
  expect([...link.searchParams]).toEqual([
    ["redirect_url", "https://app.test/there"],
    ["sign_up_force_redirect_url", `${origin}/welcome`],
  ]);
});

test("what is no address is left behind", () => {
  window.history.replaceState(null, "", "/sign-in?redirect_url=http%3A%2F%2F%5B");
  expect(new URL(linkKeepingRedirects("/sign-up", {})).search).toBe("");
});
