// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { documentCookies } from "./jar.ts";
import { SessionCookies } from "./session_cookies.ts";
import { siteOf } from "./site.ts";

const jar = documentCookies(document);
const cookies = () =>
  new SessionCookies({ jar, suffix: "abcd1234", site: "localhost", secure: false, embedded: false });

beforeEach(() => {
  for (const pair of document.cookie.split("; ")) {
    jar.remove(pair.split("=")[0]!, { sameSite: "Lax", secure: false });
  }
});

test("the token is written with the suffix and without, and removed from both", () => {
  cookies().setToken("a.b.c");
  expect(document.cookie).toBe("__session=a.b.c; __session_abcd1234=a.b.c");
  cookies().setToken(null);
  expect(document.cookie).toBe("");
});

test("the token of this instance wins over one that another instance left on the same host", () => {
  jar.set("__session", "other.one.x", { sameSite: "Lax", secure: false });
  jar.set("__session_abcd1234", "own.one.x", { sameSite: "Lax", secure: false });
  expect(cookies().token).toBe("own.one.x");
});

test("a cookie whose name begins alike is not taken for the one that is asked for", () => {
  jar.set("__session_other", "x.y.z", { sameSite: "Lax", secure: false });
  expect(cookies().token).toBeUndefined();
});

test("when the client changed is written in seconds, and 0 says that nobody is signed in", () => {
  cookies().setClientUpdatedAt(1_700_000_000);
  expect(document.cookie).toBe("__client_uat=1700000000; __client_uat_abcd1234=1700000000");
  cookies().setClientUpdatedAt(0);
  expect(document.cookie).toBe("__client_uat=0; __client_uat_abcd1234=0");
});

test("an address or a single name is its own site, and the probe leaves nothing behind", () => {
  expect(siteOf("localhost", jar)).toBe("localhost");
  expect(siteOf("127.0.0.1", jar)).toBe("127.0.0.1");
  expect(siteOf("[::1]", jar)).toBe("[::1]");
  expect(document.cookie).toBe("");
});

test("the site of a host is the shortest parent that takes a cookie", () => {
  const accepted = new Set(["example.co.uk", "app.example.co.uk"]);
  const stored = new Map<string, string>();
  const fussy = {
    get: (name: string) => stored.get(name),
    set: (name: string, value: string, { domain }: { domain?: string }) => {
      if (accepted.has(domain!)) stored.set(name, value);
    },
    remove: (name: string) => void stored.delete(name),
  };
  expect(siteOf("app.example.co.uk", fussy)).toBe("example.co.uk");
  expect(stored.size).toBe(0);
});
