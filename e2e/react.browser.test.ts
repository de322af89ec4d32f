import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { chromium } from "./harness/chromium.ts";
import { type ClientPackage, clientPackages } from "./harness/clients.ts";
import { type OidcProvider, oidcProvider } from "./harness/oidc_provider.ts";
import { type PageServer, pageServer } from "./harness/page_server.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

/** Seconds that the page's tokens are valid for. */
const LIFETIME = 4;

let tandem: Tandem;
let provider: OidcProvider;
let browser: Browser;
beforeAll(async () => {
  [tandem, provider, browser] = await Promise.all([startTandem(), oidcProvider(), chromium()]);
  await pushFixture(tandem, { variables: { OIDC_ISSUER: provider.issuer } });
});
afterAll(async () => {
  await browser.close();
  await tandem.stop();
  await provider[Symbol.asyncDispose]();
});

describe.each(clientPackages)(
  "a page in React with $name",
  ({ name, browser: convex, api }: ClientPackage) => {
    let server: PageServer;
    let page: Page;
    let faults: string[];
    let list = "";
    const http = () => new convex.ConvexHttpClient(tandem.backendUrl, { logger: false });
    const shows = (id: string, text: string | RegExp) =>
      vi.waitFor(
        async () => {
          const shown = (await page.textContent(`#${id}`)) ?? "";
          return typeof text === "string" ? expect(shown).toBe(text) : expect(shown).toMatch(text);
        },
        { timeout: 20_000, interval: 20 },
      );
    const states = () => page.evaluate(() => (globalThis as unknown as { states: string[] }).states);

    beforeAll(async () => {
      server = await pageServer("react_page.tsx", name, (path, query) => {
        if (path === "session") {
          return Promise.resolve("nobody is signed in yet");
        }
        const user = query.get("user")!;
        return provider.mint(user, {
          lifetime: LIFETIME,
          application: user === "refused" ? "another-app" : "tandem-app",
        });
      });
    });
    afterAll(() => server[Symbol.asyncDispose]());

    beforeEach(async ({ task }) => {
      list = `${name} ${task.name}`;
      faults = [];
      page = await browser.newPage();
      page.on("pageerror", (error) => faults.push(error.message));
    });
    afterEach(() => page.close());

    const visit = async () => {
      await page.goto(`${server.url}/?${new URLSearchParams({ deployment: tandem.backendUrl, list })}`);
      await shows("sign", "out");
    };

    test("shows data, live and optimistically", async () => {
      await visit();
      await shows("items", "empty");
      // What the page shows of its own change before the server knows of it.
      await page.evaluate(() => {
        const seen: string[] = [];
        const items = document.getElementById("items")!;
        new MutationObserver(() => seen.push(items.textContent)).observe(items, {
          subtree: true,
          childList: true,
          characterData: true,
        });
        (globalThis as unknown as { seen: string[] }).seen = seen;
      });
      await page.click("#add");
      await shows("outcome", /^added [0-9a-z]{31,37}$/);
      await shows("items", "item 0");
      expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([
        "hoped for",
        "item 0",
      ]);
      await http().mutation(api.items.add, { list, n: 1, text: "from elsewhere" });
      await shows("items", "item 0, from elsewhere");
      await page.click("#double");
      await shows("doubled", "42");
      expect(faults).toEqual([]);
    });

    test("shows a list page by page, and keeps it live", async () => {
      const paged = `${list} paged`;
      await http().mutation(api.items.addMany, { list: paged, from: 0, count: 7 });
      await visit();
      await shows("pages", "0,1,2");
      await shows("status", "CanLoadMore");
      await page.click("#more");
      await shows("pages", "0,1,2,3,4,5");
      await http().mutation(api.items.add, { list: paged, n: 2.5 });
      await shows("pages", "0,1,2,2.5,3,4,5");
      await http().mutation(api.items.remove, { list: paged, n: 0 });
      await shows("pages", "1,2,2.5,3,4,5");
      await page.click("#more");
      await shows("pages", "1,2,2.5,3,4,5,6");
      await shows("status", "Exhausted");
      expect(faults).toEqual([]);
    });

    test("knows who is signed in, past the expiry of tokens, and after sign-out", async () => {
      await visit();
      await shows("who", "nobody");
      await page.click("#in");
      await shows("sign", "in");
      await shows("who", "Ada");
      const minted = provider.minted;
      const begun = Date.now();
      await vi.waitFor(() => expect(provider.minted).toBeGreaterThanOrEqual(minted + 3), { timeout: 30_000 });
      expect(Date.now() - begun).toBeGreaterThan(LIFETIME * 1000);
      await shows("who", "Ada");
      expect(await states()).toEqual(["loading", "out", "in"]);
      await page.click("#out");
      await shows("sign", "out");
      await shows("who", "nobody");
      expect(faults).toEqual([]);
    });

    test("says that nobody is signed in when tokens are refused", async () => {
      await visit();
      const told = page.waitForEvent("console", {
        predicate: (message) => message.text().includes("Failed to authenticate"),
      });
      await page.click("#refused");
      // The genuine client stays signed out for good when somebody signs in while it replaces a refused token: it has
      // stopped its socket for that, and neither the sign-in nor the replacement that it outdates starts it again.
      // Ours does (base_client.test.ts); here the refusal is final first.
      expect((await told).text()).toContain("No auth provider found matching the given token");
      await shows("sign", "out");
      await shows("who", "nobody");
      expect(await states()).not.toContain("in");
      await page.click("#in");
      await shows("who", "Ada");
    });

    test("survives a restart of the server, signed in", async () => {
      await visit();
      await page.click("#in");
      await shows("who", "Ada");
      await tandem.restart();
      await http().mutation(api.items.add, { list, n: 0, text: "after the restart" });
      await shows("items", "after the restart");
      await shows("who", "Ada");
      await page.click("#add");
      await shows("items", "after the restart, item 1");
      expect(faults).toEqual([]);
    });
  },
);
