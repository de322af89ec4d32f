/// <reference lib="dom" />
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromium } from "./harness/chromium.ts";
import { Program } from "./harness/program.ts";

const ADDRESS = "ada@example.com";
const PASSWORD = "an engine of analysis 1843";
const NEW_PASSWORD = "notes by the translator G";

let browser: Browser;
let program: Program;
let app = "";
let inbox = "";
let data = "";
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), "tandem-guide-"));
  [browser, program] = [await chromium(), new Program("scripts/start.ts", "--data", data, "--port", "0")];
  app = await program.said(/Open (http:\S+): sign up/);
  inbox = await program.said(/e-mails arrive at\s+(http:\S+)/);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(data, { recursive: true, force: true });
});

async function newBrowser(): Promise<Page> {
  const context = await browser.newContext();
  contexts.push(context);
  const page = await context.newPage();
  page.setDefaultTimeout(40_000);
  await page.goto(app);
  return page;
}

/** The code of the newest message, as the person finds it on the inbox page; `not` is the one they had before. */
async function codeFromInbox(context: BrowserContext, not = ""): Promise<string> {
  const page = await context.newPage();
  await page.goto(inbox);
  const handle = await page.waitForFunction((old) => {
    const code = /\b\d{6}\b/.exec(document.body.textContent ?? "")?.[0];
    return code !== undefined && code !== old ? code : null;
  }, not);
  const code = (await handle.jsonValue())!;
  await page.close();
  return code;
}

const content = (page: Page) => page.getByText(/^Authenticated content: \d+$/);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function signIn(page: Page, password: string): Promise<void> {
  await button(page, "Sign in").click();
  await page.getByLabel("Email address").fill(ADDRESS);
  await button(page, "Continue").click();
  // The step before has an unseen field of that name, for password managers.
  await page.getByText("Enter your password").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page, "Continue").click();
}

describe("the guide's app, started by npm start", () => {
  let first: Page;
  let second: Page;
  let code = "";

  test("takes in somebody new: address, password, and the code from the inbox", async () => {
    first = await newBrowser();
    await button(first, "Sign in").click();
    await first.getByRole("link", { name: "Sign up" }).click();
    await first.getByLabel("Email address").fill(ADDRESS);
    await first.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await button(first, "Continue").click();
    code = await codeFromInbox(first.context());
    await first.getByLabel("Verification code").fill(code);
    await content(first).waitFor();
    expect(first.url().startsWith(app)).toBe(true);
    expect(await content(first).textContent()).toBe("Authenticated content: 0");
  });

  test("shows a message at once in a second browser, signed in with the password", async () => {
    second = await newBrowser();
    await signIn(second, PASSWORD);
    await content(second).waitFor();
    await first.getByLabel("Message").fill("Hello from the first window");
    await first.getByLabel("Message").press("Enter");
    await second.getByText("Hello from the first window").waitFor();
    expect(await content(second).textContent()).toBe("Authenticated content: 1");
  });

  test("signs out by the user button, and in again", async () => {
    await button(first, "Open account menu").click();
    await button(first, "Sign out").click();
    await button(first, "Sign in").waitFor();
    // The other browser's session is its own.
    expect(await content(second).isVisible()).toBe(true);
    await signIn(first, PASSWORD);
    await content(first).waitFor();
    await first.getByText("Hello from the first window").waitFor();
  });

  test("resets the password by a code, after which the old one is worth nothing", async () => {
    const page = await newBrowser();
    await button(page, "Sign in").click();
    await page.getByLabel("Email address").fill(ADDRESS);
    await button(page, "Continue").click();
    await page.getByText("Forgot password?").click();
    await page.getByLabel("Verification code").fill(await codeFromInbox(page.context(), code));
    await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await button(page, "Save new password").click();
    await content(page).waitFor();

    const another = await newBrowser();
    await signIn(another, PASSWORD);
    await another.getByText(/password is not right/).waitFor();
    await another.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
    await button(another, "Continue").click();
    await content(another).waitFor();
  });
});
