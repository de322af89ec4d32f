import { describe, expect, test } from "vitest";
import { frontendApiUrl, isLoopback, isSameSite } from "./frontend_api.ts";
import type { PublishableKey } from "./publishable_key.ts";

const development = (frontendApi: string): PublishableKey => ({ instanceType: "development", frontendApi });
const production = (frontendApi: string): PublishableKey => ({ instanceType: "production", frontendApi });
const page = (url: string) => new URL(url);

describe("the Frontend API is reached", () => {
  test("by https at the key's host", () => {
    const key = production("clerk.example.com");
    expect(frontendApiUrl(key, page("https://example.com/a"), {})).toBe("https://clerk.example.com");
  });

  test("by plain http on this machine, under the name that the page uses for it", () => {
    const key = development("127.0.0.1:3212");
    expect(frontendApiUrl(key, page("http://localhost:5173"), {})).toBe("http://localhost:3212");
    expect(frontendApiUrl(key, page("http://127.0.0.1:5173"), {})).toBe("http://127.0.0.1:3212");
    expect(frontendApiUrl(key, page("http://app.localhost:5173"), {})).toBe("http://app.localhost:3212");
    expect(frontendApiUrl(key, page("http://[::1]:5173"), {})).toBe("http://[::1]:3212");
  });

  test("under the key's own name from a page that is not on this machine, or from no page", () => {
    const key = development("clerk.localhost:3212");
    expect(frontendApiUrl(key, page("https://example.com"), {})).toBe("http://clerk.localhost:3212");
    expect(frontendApiUrl(key, undefined, {})).toBe("http://clerk.localhost:3212");
  });

  test("through the proxy that the app names, whatever the key says", () => {
    const here = page("http://localhost:5173/deep/page");
    const key = development("127.0.0.1:3212");
    expect(frontendApiUrl(key, here, { proxyUrl: "/__clerk" })).toBe("http://localhost:5173/__clerk");
    expect(frontendApiUrl(key, here, { proxyUrl: "https://id.example.com/api/" })).toBe(
      "https://id.example.com/api",
    );
    expect(() => frontendApiUrl(key, here, { proxyUrl: "id.example.com" })).toThrow(
      "neither an address (https://…) nor a path",
    );
  });

  test("at the app's own domain in production alone", () => {
    const here = page("https://example.org");
    const options = { domain: "example.org" };
    expect(frontendApiUrl(production("clerk.example.com"), here, options)).toBe("https://clerk.example.org");
    expect(frontendApiUrl(development("clerk.example.com"), here, options)).toBe("https://clerk.example.com");
  });
});

test("a name that only looks like this machine's is not taken for it", () => {
  for (const name of ["localhost", "a.localhost", "127.0.0.1", "127.8.9.1", "[::1]"]) {
    expect(isLoopback(name), name).toBe(true);
  }
  for (const name of ["localhost.example.com", "127.0.0.1.example.com", "notlocalhost", "10.0.0.1"]) {
    expect(isLoopback(name), name).toBe(false);
  }
});

test("cookies flow between ports and subdomains, but not between sites or schemes", () => {
  const same = (api: string, here: string, site: string) => isSameSite(page(api), page(here), site);
  expect(same("http://localhost:3212", "http://localhost:5173", "localhost")).toBe(true);
  expect(same("https://clerk.example.com", "https://app.example.com", "example.com")).toBe(true);
  expect(same("http://127.0.0.1:3212", "http://localhost:5173", "localhost")).toBe(false);
  expect(same("http://clerk.example.com", "https://app.example.com", "example.com")).toBe(false);
  expect(same("https://clerk.badexample.com", "https://app.example.com", "example.com")).toBe(false);
});
