import { plantChanges, type SourceChange } from "@tandem/engine/simulation";
import { describe, expect, test } from "vitest";
import * as decisions from "./page_decisions.ts";

type Page = typeof decisions;

interface Threat {
  readonly name: string;
  readonly guards: readonly SourceChange[];
  /** True: the attacker got what they wanted. */
  attempt(page: Page): Promise<boolean> | boolean;
}

const ENTRY = new URL("./page_decisions.ts", import.meta.url);
const PAGE = "https://app.example.com";
const KEY = { instanceType: "production", frontendApi: "clerk.example.com" } as const;

function guard(path: string, find: string, replace: string): SourceChange {
  return { file: new URL(`../${path}`, import.meta.url), find, replace };
}

/** Where a link with this `redirect_url` leads after the sign-in. */
function leadsTo({ afterUrl, allowList }: Page, redirectUrl: string): string {
  return afterUrl("signIn", {
    props: {},
    options: {},
    query: new URLSearchParams({ redirect_url: redirectUrl }),
    allowed: allowList(PAGE, KEY, "https://clerk.example.com", {}),
  });
}

/** The cookies that a page writes for a token, attributes and all. */
function writtenCookies({ SessionCookies, documentCookies }: Page): string[] {
  const written: string[] = [];
  const document = {
    get cookie() {
      return "";
    },
    set cookie(text: string) {
      written.push(text);
    },
  };
  new SessionCookies({
    jar: documentCookies(document),
    suffix: "abcd1234",
    site: "example.com",
    secure: true,
    embedded: false,
  }).setToken("a.b.c");
  return written;
}

const ANY_ORIGIN = guard(
  "redirects/allow_list.ts",
  "(url.origin === list.page || list.origins.some((pattern) => matches(url.origin, pattern)))",
  "true",
);
const ANY_PROTOCOL = guard("redirects/allow_list.ts", "list.protocols.includes(url.protocol) &&", "");

const THREATS: readonly Threat[] = [
  {
    name: "sends people to a page of theirs after the sign-in",
    guards: [ANY_ORIGIN],
    attempt: (page) => leadsTo(page, "https://evil.example/").startsWith("https://evil.example"),
  },
  {
    name: "leaves the scheme out of the address, for the browser to fill in",
    guards: [ANY_ORIGIN],
    attempt: (page) => leadsTo(page, "//evil.example/").startsWith("https://evil.example"),
  },
  {
    name: "writes backslashes, which browsers read as slashes",
    guards: [ANY_ORIGIN],
    attempt: (page) => leadsTo(page, "/\\evil.example/").startsWith("https://evil.example"),
  },
  {
    name: "has a script run after the sign-in",
    guards: [ANY_ORIGIN, ANY_PROTOCOL],
    attempt: (page) => leadsTo(page, "javascript:alert(1)").startsWith("javascript:"),
  },
  {
    name: "registers a domain that begins like an allowed one",
    guards: [
      guard(
        "redirects/allow_list.ts",
        '"i").test(origin)',
        '"i").test(origin) || origin.startsWith(pattern)',
      ),
    ],
    attempt: (page) => leadsTo(page, "https://example.com.evil.example/").includes("evil.example"),
  },
  {
    name: "registers a domain that differs from an allowed one where its dot is",
    guards: [
      guard(
        "redirects/allow_list.ts",
        "part.replace(",
        "((text: string) => (..._: unknown[]) => text)(part)(",
      ),
    ],
    attempt: ({ allowList, isAllowed }) =>
      isAllowed(
        new URL("https://aXb.example/"),
        allowList(PAGE, KEY, "https://clerk.example.com", {
          allowedRedirectOrigins: ["https://a.b.example"],
        }),
      ),
  },
  {
    name: "writes a path with two slashes, which the app's router takes for another host",
    guards: [guard("page/navigate.ts", '.replace(/^\\/{2,}/, "/")', "")],
    async attempt({ goTo }) {
      const before = globalThis.location;
      Object.assign(globalThis, { location: new URL(`${PAGE}/sign-in`) });
      try {
        const taken: string[] = [];
        await goTo(new URL(`${PAGE}//evil.example/`), false, (to) => void taken.push(to));
        return taken[0]!.startsWith("//");
      } finally {
        Object.assign(globalThis, { location: before });
      }
    },
  },
  {
    name: "has a secret key taken where a publishable one belongs, and shown to every visitor",
    guards: [
      guard(
        "address/publishable_key.ts",
        'if (prefix !== "pk" || (type !== "test" && type !== "live") || encoded === undefined || rest.length > 0) {',
        "if (false) {",
      ),
    ],
    attempt({ parsePublishableKey }) {
      try {
        parsePublishableKey(`sk_test_${btoa("clerk.example.com$")}`);
        return true;
      } catch {
        // Refused, for whatever reason: it reaches no page.
        return false;
      }
    },
  },
  {
    name: "names in a key a server with a path of theirs behind it",
    guards: [
      guard(
        "address/publishable_key.ts",
        'if (!decoded.endsWith("$") || frontendApi.includes("$")) {',
        "if (false) {",
      ),
    ],
    attempt({ parsePublishableKey }) {
      try {
        return parsePublishableKey(`pk_test_${btoa("evil.example$clerk.example.com$")}`) !== null;
      } catch {
        // Refused, for whatever reason: the page asks no server.
        return false;
      }
    },
  },
  {
    name: "listens on the network for the page's token in a request without TLS",
    guards: [
      guard("cookies/session_cookies.ts", "secure: foreign || this.#scope.secure,", "secure: foreign,"),
    ],
    attempt: (page) => writtenCookies(page).some((cookie) => !/; Secure/.test(cookie)),
  },
  {
    name: "has other sites' pages send requests with the page's token",
    guards: [guard("cookies/session_cookies.ts", 'sameSite: foreign ? "None" : "Lax",', 'sameSite: "None",')],
    attempt: (page) => writtenCookies(page).some((cookie) => !/; SameSite=(?:Lax|Strict)/.test(cookie)),
  },
];

/** Unguarded, the very same attempt succeeds. */
describe("a page sends nobody, and gives nothing, to strangers:", () => {
  for (const { name, guards, attempt } of THREATS) {
    test(`an attacker ${name}`, async () => {
      expect(await attempt(decisions), "the attempt succeeded").toBe(false);
      const unguarded = await plantChanges<Page>(name, guards, ENTRY, { otherPackages: "imported" });
      expect(await attempt(unguarded), "the attempt failed without its guards too").toBe(true);
    });
  }
});
