import { describe, expect, test } from "vitest";
import type { RedirectOptions } from "../types/redirects.ts";
import { afterUrl, redirectParameters, searchOf, withHash } from "./redirect_urls.ts";

const allowed = { page: "https://app.test", origins: ["https://ok.test"], protocols: ["https:"] };
const after = (query: string, props: RedirectOptions = {}, options: RedirectOptions = {}) =>
  afterUrl("signIn", { props, options, query: new URLSearchParams(query), allowed });

describe("after a sign-in the page goes", () => {
  test("home when nobody says otherwise", () => {
    expect(after("")).toBe("https://app.test/");
  });

  test("to the first that is named: forced, then asked for, then the fallback", () => {
    const props = { signInForceRedirectUrl: "/prop-force", signInFallbackRedirectUrl: "/prop-fallback" };
    const options = { signInForceRedirectUrl: "/option-force" };
    expect(after("sign_in_force_redirect_url=/query-force&redirect_url=/query", props, options)).toBe(
      "https://app.test/query-force",
    );
    expect(after("redirect_url=/query", props, options)).toBe("https://app.test/prop-force");
    expect(after("redirect_url=/query", {}, options)).toBe("https://app.test/option-force");
    expect(after("redirect_url=/query", { signInFallbackRedirectUrl: "/fallback" })).toBe(
      "https://app.test/query",
    );
    expect(after("", { signInFallbackRedirectUrl: "/fallback" })).toBe("https://app.test/fallback");
  });

  test("never where it may not, but to the next one that is named", () => {
    expect(after("redirect_url=https://evil.test", { signInFallbackRedirectUrl: "/fallback" })).toBe(
      "https://app.test/fallback",
    );
    expect(after("redirect_url=//evil.test/x")).toBe("https://app.test/");
    expect(after("redirect_url=javascript:alert(1)")).toBe("https://app.test/");
    expect(after("redirect_url=http://")).toBe("https://app.test/");
    expect(after("redirect_url=https://ok.test/x")).toBe("https://ok.test/x");
  });

  test("where the sign-in says, not where the sign-up would", () => {
    expect(after("", { signUpForceRedirectUrl: "/sign-up" })).toBe("https://app.test/");
  });
});

test("what another page has to know goes along as parameters, the call's before the app's", () => {
  const parameters = redirectParameters(
    { redirectUrl: "https://app.test/here", signInForceRedirectUrl: "https://ok.test/a" },
    { signInForceRedirectUrl: "/b", signUpFallbackRedirectUrl: "/c" },
    "https://app.test",
  );
  expect(Object.fromEntries(parameters)).toEqual({
    sign_in_force_redirect_url: "https://ok.test/a",
    sign_up_fallback_redirect_url: "https://app.test/c",
    redirect_url: "https://app.test/here",
  });
});

test("a path of the app is one of the app on the identity server's pages too", () => {
  const parameters = redirectParameters(
    { redirectUrl: "/notes", signInForceRedirectUrl: "/inside" },
    {},
    "https://app.test",
  );
  const hosted = { page: "https://clerk.test", origins: ["https://app.test"], protocols: ["https:"] };
  const after = afterUrl("signIn", { props: {}, options: {}, query: parameters, allowed: hosted });
  expect(after).toBe("https://app.test/inside");
  expect(parameters.get("redirect_url")).toBe("https://app.test/notes");
});

test("parameters are put into the hash and read from there again", () => {
  const url = withHash(
    "/sign-in?x=1",
    new URL("https://app.test/page"),
    "create",
    new URLSearchParams("redirect_url=/a"),
  );
  expect(url).toBe("https://app.test/sign-in?x=1#/create?redirect_url=%2Fa");
  expect([...searchOf(new URL(url))]).toEqual([
    ["x", "1"],
    ["redirect_url", "/a"],
  ]);
});

test("a sign-in without a page of its own is on the page itself", () => {
  expect(withHash("", new URL("https://app.test/page"), "", new URLSearchParams())).toBe(
    "https://app.test/page",
  );
});
