/// <reference lib="dom" />
import type { Clerk } from "@tandem/clerk-js";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromium } from "./harness/chromium.ts";
import { type PageServer, pageServer } from "./harness/page_server.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const PASSWORD = "a rather long passphrase 7";

/** What the page's scripts have at hand. */
type Probed = { Clerk: Clerk; drawn: string[] };

describe("the identity client, against the real server", () => {
  let browser: Browser;
  let tandem: Tandem;
  let server: PageServer;
  let context: BrowserContext;
  let page: Page;
  let address = "";
  let count = 0;

  beforeAll(async () => {
    browser = await chromium();
    tandem = await startTandem();
    server = await pageServer("identity_client_page.tsx", "@tandem/convex", () =>
      Promise.reject(new Error("Nothing is asked.")),
    );
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await tandem.stop();
    await browser.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    address = `someone${count++}+clerk_test@example.com`;
    page = await context.newPage();
    await page.goto(`${server.url}/?key=${encodeURIComponent(tandem.publishableKey)}`);
  });
  afterEach(() => context.close());

  const shows = (id: string, pattern: RegExp) =>
    page.waitForFunction(
      ([id, source]) => new RegExp(source!).test(document.getElementById(id!)?.textContent ?? ""),
      [id, pattern.source] as const,
      { timeout: 20_000, polling: 25 },
    );

  const setInstance = async (settings: object) => {
    const { status } = await fetch(`${tandem.identityUrl}/v1/instance`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${tandem.secretKey}`, "content-type": "application/json" },
      body: JSON.stringify(settings),
    });
    expect(status).toBe(204);
  };

  const signUp = async () => {
    await shows("state", /^out$/);
    await createAccount(address);
  };

  const createAccount = async (emailAddress: string) => {
    await page.evaluate(
      async ([emailAddress, password]) => {
        const { signUp } = (globalThis as unknown as Probed).Clerk.client!;
        const outcomes = [
          await signUp.password({ emailAddress, password }),
          await signUp.verifications.sendEmailCode(),
          await signUp.verifications.verifyEmailCode({ code: "424242" }),
          await signUp.finalize(),
        ];
        const failed = outcomes.find(({ error }) => error !== null);
        if (failed) throw failed.error;
      },
      [emailAddress, PASSWORD] as const,
    );
    await shows("state", /^in as user_/);
  };

  test("the claims of the token come with the first signed-in state, and none is drawn twice", async () => {
    await signUp();
    const user = await page.evaluate(() => (globalThis as unknown as Probed).Clerk.user!.id);
    const drawn = () => page.evaluate(() => (globalThis as unknown as Probed).drawn);
    expect(await drawn()).toEqual(["loading", "out", `in as ${user}`]);
    await page.reload();
    await shows("state", /^in as/);
    expect(await drawn()).toEqual(["loading", `in as ${user}`]);
  });

  test("a code that is wrong is an error of its field, and goes away with the next try", async () => {
    await signUp();
    await page.evaluate(() => (globalThis as unknown as Probed).Clerk.signOut());
    await shows("state", /^out$/);
    const tryCode = (code: string) =>
      page.evaluate(async (code) => {
        const { signIn } = (globalThis as unknown as Probed).Clerk.client!;
        const { error } = await signIn.emailCode.verifyCode({ code });
        return error === null ? signIn.status : error.message;
      }, code);
    await page.evaluate(async (emailAddress) => {
      const { signIn } = (globalThis as unknown as Probed).Clerk.client!;
      await signIn.emailCode.sendCode({ emailAddress });
    }, address);
    expect(await tryCode("111111")).toMatch(/incorrect/);
    await shows("error", /^form_code_incorrect$/);
    expect(await tryCode("424242")).toBe("complete");
    await shows("error", /^$/);
    await shows("fetching", /^idle$/);
  });

  test("a forgotten password is replaced with a code by mail", async () => {
    await signUp();
    await page.evaluate(() => (globalThis as unknown as Probed).Clerk.signOut());
    await shows("state", /^out$/);
    const statuses = await page.evaluate(async (identifier) => {
      const { signIn } = (globalThis as unknown as Probed).Clerk.client!;
      const { resetPasswordEmailCode: reset } = signIn;
      const statuses: unknown[] = [(await signIn.create({ identifier })).status];
      await reset.sendCode();
      await reset.verifyCode({ code: "424242" });
      statuses.push(signIn.status);
      await reset.submitPassword({ password: "quite another passphrase 8" });
      statuses.push(signIn.status, (await signIn.finalize()).error);
      return statuses;
    }, address);
    expect(statuses).toEqual(["needs_first_factor", "needs_new_password", "complete", null]);
    await shows("user", new RegExp(`^${address.replace("+", "\\+")}$`));
  });

  test("a session that was revoked elsewhere is gone at the next token", async () => {
    await signUp();
    const id = await page.evaluate(() => (globalThis as unknown as Probed).Clerk.session!.id);
    await fetch(`${tandem.identityUrl}/v1/sessions/${id}/revoke`, {
      method: "POST",
      headers: { authorization: `Bearer ${tandem.secretKey}` },
    });
    const refusal = await page.evaluate(() =>
      (globalThis as unknown as Probed).Clerk.session!.getToken({ skipCache: true }).then(
        () => "a token",
        (error: { status: number }) => error.status,
      ),
    );
    expect(refusal).toBe(401);
    await shows("state", /^out$/);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain("__session");
  });

  test("a user changes their name, address and password, and the page follows", async () => {
    await signUp();
    const seen = await page.evaluate(
      async ([password, second]) => {
        const clerk = (globalThis as unknown as Probed).Clerk;
        const before = clerk.user!;
        await before.update({ firstName: "Jo", lastName: "Doe", unsafeMetadata: { camelKey: { x: 1 } } });
        const email = await clerk.user!.createEmailAddress({ email: second! });
        await email.prepareVerification({ strategy: "email_code" });
        await email.attemptVerification({ code: "424242" });
        await clerk.user!.update({ primaryEmailAddressId: email.id });
        await clerk.user!.updatePassword({
          currentPassword: password!,
          newPassword: "quite another passphrase 9",
        });
        await clerk.user!.emailAddresses.find(({ id }) => id !== email.id)!.destroy();
        const [session] = await clerk.user!.getSessions();
        return {
          names: [before.fullName, clerk.user!.fullName],
          metadata: clerk.user!.unsafeMetadata,
          addresses: clerk.user!.emailAddresses.map(({ emailAddress, verification }) => [
            emailAddress,
            verification.status,
          ]),
          isThisSession: session!.id === clerk.session!.id,
          lastActive: session!.lastActiveAt instanceof Date,
        };
      },
      [PASSWORD, `second-${address}`] as const,
    );
    expect(seen).toEqual({
      names: ["Jo Doe", "Jo Doe"],
      metadata: { camelKey: { x: 1 } },
      addresses: [[`second-${address}`, "verified"]],
      isThisSession: true,
      lastActive: true,
    });
    await shows("user", /^second-/);
  });

  test("a user who deletes their account is signed out, here and on the server", async () => {
    await signUp();
    await page.evaluate(() => (globalThis as unknown as Probed).Clerk.user!.delete());
    await shows("state", /^out$/);
    await page.reload();
    await shows("state", /^out$/);
  });

  test("while the server is away the page goes by its cookie, and asks until the server is back", async () => {
    await signUp();
    await context.route(/\/v1\//, (route) => route.abort("connectionrefused"));
    await page.reload();
    await shows("state", /^in as user_/);
    const status = () => page.evaluate(() => (globalThis as unknown as Probed).Clerk.status);
    expect(await status()).toBe("degraded");
    await context.unroute(/\/v1\//);
    await page.waitForFunction(() => (globalThis as unknown as Probed).Clerk.status === "ready", null, {
      timeout: 20_000,
      polling: 25,
    });
    await shows("user", /@example\.com$/);
  });

  test("an address that nobody allowed is never where a sign-in leads", async () => {
    await shows("state", /^out$/);
    const leads = (query: string) =>
      page.evaluate((query) => {
        history.replaceState(null, "", `/?${query}`);
        return (globalThis as unknown as Probed).Clerk.buildAfterSignInUrl();
      }, query);
    expect(await leads("redirect_url=https%3A%2F%2Fevil.test%2F")).toBe(`${server.url}/`);
    expect(await leads("redirect_url=%2F%2Fevil.test%2F")).toBe(`${server.url}/`);
    expect(await leads("sign_in_force_redirect_url=javascript%3Aalert(1)")).toBe(`${server.url}/`);
    expect(await leads("redirect_url=%2Finside")).toBe(`${server.url}/inside`);
  });

  test("the sign-in on the identity server's own page leads back to where it was asked for", async () => {
    await signUp();
    await page.evaluate(() => (globalThis as unknown as Probed).Clerk.signOut());
    await shows("state", /^out$/);
    const asked = page.url();
    await page.evaluate(() => {
      void (globalThis as unknown as Probed).Clerk.redirectToSignIn();
    });
    await page.waitForURL((url) => url.port === new URL(tandem.identityUrl).port);
    await page.fill("input[name=identifier]", address);
    await page.keyboard.press("Enter");
    await page.waitForSelector("input[name=password]:visible");
    await page.fill("input[name=password]:visible", PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(asked);
    await shows("state", /^in as user_/);
  });

  test("of two people in one browser, one is active at a time, and signing out of one keeps the other", async () => {
    await setInstance({ single_session_mode: false });
    try {
      await page.reload();
      await signUp();
      await createAccount(`second-${address}`);
      await shows("user", /^second-/);
      const sessions = await page.evaluate(async () => {
        const clerk = (globalThis as unknown as Probed).Clerk;
        const other = clerk.client!.signedInSessions.find(({ id }) => id !== clerk.session!.id)!;
        const second = clerk.session!.id;
        await clerk.setActive({ session: other.id });
        return { first: other.id, second };
      });
      await shows("user", /^someone/);
      await page.reload();
      await shows("user", /^someone/);
      expect(await page.evaluate(() => (globalThis as unknown as Probed).Clerk.session!.id)).toBe(
        sessions.first,
      );
      const left = await page.evaluate(async ({ first, second }) => {
        const clerk = (globalThis as unknown as Probed).Clerk;
        await clerk.signOut({ sessionId: second });
        const remaining = clerk.client!.signedInSessions.map(({ id }) => id);
        return {
          remaining,
          isFirst: clerk.session?.id === first,
          token: (await clerk.session!.getToken()) !== null,
        };
      }, sessions);
      expect(left).toEqual({ remaining: [sessions.first], isFirst: true, token: true });
    } finally {
      await setInstance({ single_session_mode: true });
    }
  });

  test("the modal opens by its button, and closes by the client", async () => {
    await shows("state", /^out$/);
    await page.click("text=Sign in");
    await page.waitForSelector("[role=dialog] input");
    await page.evaluate(() => (globalThis as unknown as Probed).Clerk.closeSignIn());
    await page.waitForSelector("[role=dialog]", { state: "detached" });
  });
});
