/// <reference lib="dom" />
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { chromium } from "./harness/chromium.ts";
import { type PageServer, pageServer } from "./harness/page_server.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

const PASSWORD = "a rather long passphrase 7";
const OTHER_PASSWORD = "another long passphrase 8";
/** The code of every address with `+clerk_test` (F §8.1). */
const CODE = "424242";

const CODE_FIELD = "[autocomplete=one-time-code]";
const IDENTIFIER = "[name=identifier]:not([readonly])";

let browser: Browser;
let tandem: Tandem;
let app: PageServer;
let context: BrowserContext;
let page: Page;
let address = "";
let people = 0;
/** What the browser complained of, but for answers that refuse: those are part of the tests. */
let complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium();
  tandem = await startTandem({
    environment: { TANDEM_CREATES_PER_10S: "1000", TANDEM_ATTEMPTS_PER_10S: "1000" },
  });
  app = await pageServer("components_page.tsx", "@tandem/convex", async () => tandem.publishableKey);
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
  await tandem.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (
      ["error", "warning"].includes(message.type()) &&
      !message.text().includes("the server responded with")
    ) {
      complaints.push(message.text());
    }
  });
  address = `person${people++}+clerk_test@example.com`;
});
afterEach(async () => {
  await context.close();
  expect(complaints).toEqual([]);
});

/** A hosted page that was asked to send people back to the app. */
function hosted(path: string): string {
  return `${tandem.identityUrl}${path}?redirect_url=${encodeURIComponent(app.url)}`;
}

async function fill(values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    await page.fill(`[name=${name}]:not([readonly])`, value);
  }
  await page.keyboard.press("Enter");
}

async function enterCode(code = CODE): Promise<void> {
  await page.waitForSelector(`${CODE_FIELD}:focus`);
  await page.keyboard.type(code);
}

async function signUp(): Promise<void> {
  await page.goto(hosted("/sign-up"));
  await fill({ emailAddress: address, password: PASSWORD });
  await enterCode();
  await page.waitForURL(`${app.url}/**`);
}

/** Somebody with an account, who opens the sign-in. */
async function returning(): Promise<void> {
  const response = await fetch(`${tandem.identityUrl}/v1/users`, {
    method: "POST",
    headers: { authorization: `Bearer ${tandem.secretKey}`, "content-type": "application/json" },
    body: JSON.stringify({ email_address: [address], password: PASSWORD }),
  });
  expect(response.status).toBe(200);
  await page.goto(hosted("/sign-in"));
}

/** Goes as far as the password, by keyboard alone. */
async function identify(): Promise<void> {
  await fill({ identifier: address });
  await page.waitForSelector("[autocomplete=current-password]:focus");
}

describe("the hosted pages", () => {
  test("sign somebody up and send them back; a reload in between loses nothing", async () => {
    await page.goto(hosted("/sign-in"));
    await page.click("text=Sign up");
    await fill({ emailAddress: address, password: "short" });
    await page.waitForSelector("text=at least 8 characters");
    await fill({ password: PASSWORD });
    await page.waitForSelector(CODE_FIELD);
    await page.reload();
    await enterCode("111111");
    await page.waitForSelector("text=That code is not right");
    await enterCode();
    await page.waitForURL(`${app.url}/**`);
  });

  test("sign somebody in with their password, after a wrong one", async () => {
    await returning();
    await identify();
    await page.keyboard.type("wrong");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=That password is not right");
    await fill({ password: PASSWORD });
    await page.waitForURL(`${app.url}/**`);
  });

  test("sign somebody in with a code instead", async () => {
    await returning();
    await identify();
    await page.click("text=Use another method");
    await page.click("text=Email a code");
    await enterCode();
    await page.waitForURL(`${app.url}/**`);
  });

  test("take the code that was sent from somebody who went back in between", async () => {
    await page.goto(hosted("/sign-up"));
    await fill({ emailAddress: address, password: PASSWORD });
    await page.waitForSelector(`${CODE_FIELD}:focus`);
    await page.click(`[aria-label="Change ${address}"]`);
    await page.waitForSelector("[name=firstName]:focus");
    await fill({ firstName: "Ada", password: PASSWORD });
    await enterCode();
    await page.waitForURL(`${app.url}/**`);
  });

  test("sign somebody in by the link that a sign-in token has", async () => {
    const headers = { authorization: `Bearer ${tandem.secretKey}`, "content-type": "application/json" };
    const created = await fetch(`${tandem.identityUrl}/v1/users`, {
      method: "POST",
      headers,
      body: JSON.stringify({ email_address: [address], password: PASSWORD }),
    });
    const { id } = (await created.json()) as { id: string };
    const made = await fetch(`${tandem.identityUrl}/v1/sign_in_tokens`, {
      method: "POST",
      headers,
      body: JSON.stringify({ user_id: id }),
    });
    const { url } = (await made.json()) as { url: string };
    await page.goto(url);
    await page.waitForSelector(`.cl-pageScrollBox >> text=${address}`);
    await page.goto(url.replace("/sign-in?", "/sign-in/choose?"));
    await page.waitForSelector(`.cl-pageScrollBox >> text=${address}`);
  });

  test("give a new password to somebody who forgot theirs; a reload in between loses nothing", async () => {
    await returning();
    await identify();
    await page.click("text=Forgot password?");
    await enterCode();
    await page.waitForSelector("[autocomplete=new-password]");
    await page.reload();
    await fill({ password: OTHER_PASSWORD });
    await page.waitForURL(`${app.url}/**`);
    await context.clearCookies();
    await page.goto(hosted("/sign-in"));
    await identify();
    await fill({ password: OTHER_PASSWORD });
    await page.waitForURL(`${app.url}/**`);
  });

  test("send nobody to a place that nobody allowed", async () => {
    await page.goto(`${tandem.identityUrl}/sign-up?redirect_url=https%3A%2F%2Fevil.example`);
    await fill({ emailAddress: address, password: PASSWORD });
    await enterCode();
    await page.waitForURL(`${tandem.identityUrl}/user`);
  });

  test("show the account to those who are signed in, and the sign-in to others", async () => {
    await page.goto(`${tandem.identityUrl}/user`);
    await page.waitForSelector(IDENTIFIER);
    await signUp();
    await page.goto(`${tandem.identityUrl}/sign-in`);
    await page.waitForURL(`${tandem.identityUrl}/user`);
    await page.waitForSelector(`.cl-pageScrollBox >> text=${address}`);
  });

  test("let somebody keep their addresses: add, verify, make primary, remove", async () => {
    await signUp();
    await page.goto(`${tandem.identityUrl}/user`);
    await page.click("text=Add an email address");
    await fill({ emailAddress: `second-${address}` });
    await enterCode();
    await page.waitForSelector(`text=second-${address} has been verified`);
    await page.click(`[aria-label="Actions for second-${address}"]`);
    await page.click("role=menuitem[name='Make primary']");
    await page.waitForSelector(`text=second-${address} is now your primary address`);
    await page.click(`[aria-label="Actions for ${address}"]`);
    await page.click("role=menuitem[name='Remove']");
    await page.click("role=button[name='Remove']");
    await page.waitForSelector(`text=${address} has been removed`);
  });

  test("let somebody change their password, sign out a device, and delete the account", async () => {
    await signUp();
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(hosted("/sign-in"));
    await other.fill(IDENTIFIER, address);
    await other.keyboard.press("Enter");
    await other.fill("[autocomplete=current-password]:focus", PASSWORD);
    await other.keyboard.press("Enter");
    await other.waitForURL(`${app.url}/**`);
    await page.goto(`${tandem.identityUrl}/user#/security`);
    await page.click("role=button[name=/^Sign out of Linux/]");
    await page.waitForSelector("text=The device has been signed out");
    await other.goto(`${tandem.identityUrl}/user`);
    await other.waitForSelector(IDENTIFIER);
    await elsewhere.close();
    await page.click("text=Change password");
    await fill({ currentPassword: "wrong", newPassword: OTHER_PASSWORD });
    await page.waitForSelector("text=The current password is incorrect");
    await fill({ currentPassword: PASSWORD });
    await page.waitForSelector("text=Your password has been changed");
    await page.click("role=button[name='Delete account']");
    await fill({ confirmation: "Delete account" });
    await page.waitForURL(`${tandem.identityUrl}/sign-in`);
  });

  test("fit on a narrow phone", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    await page.goto(hosted("/sign-in"));
    await page.waitForSelector(IDENTIFIER);
    expect(await isWide()).toBe(false);
    await page.goto(hosted("/sign-up"));
    await fill({ emailAddress: address, password: PASSWORD });
    await page.waitForSelector(CODE_FIELD);
    expect(await isWide()).toBe(false);
    await enterCode();
    await page.waitForURL(`${app.url}/**`);
    for (const step of ["", "#/security"]) {
      await page.goto(`${tandem.identityUrl}/user${step}`);
      await page.waitForSelector("role=tab");
      expect(await isWide()).toBe(false);
    }
  });
});

describe("the components in an app's page", () => {
  const open = () => page.goto(app.url);

  test("sign somebody up in a dialog that closes, and out again from the menu", async () => {
    await open();
    await page.click("role=button[name='Sign in']");
    await page.waitForSelector(`role=dialog >> ${IDENTIFIER}:focus`);
    await page.click("role=dialog >> text=Sign up");
    await fill({ emailAddress: address, password: PASSWORD });
    await enterCode();
    await page.waitForSelector("#inside");
    await page.waitForSelector("role=dialog", { state: "detached" });
    await page.click("[aria-label='Open account menu']");
    await page.click("role=button[name='Sign out']");
    await page.waitForSelector("role=button[name='Sign up']");
  });

  test("show the account in a dialog, and give the focus back when it closes", async () => {
    await open();
    await page.click("role=button[name='Sign up']");
    await fill({ emailAddress: address, password: PASSWORD });
    await enterCode();
    await page.click("[aria-label='Open account menu']");
    await page.waitForSelector("role=button[name='Manage account']");
    await page.keyboard.press("Enter");
    await page.waitForSelector("role=dialog >> role=tab[name='Security']");
    await page.keyboard.press("Escape");
    await page.waitForSelector("role=dialog", { state: "detached" });
    await page.waitForSelector("[aria-label='Open account menu']:focus");
  });
});
