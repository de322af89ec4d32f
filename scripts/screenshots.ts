/// <reference lib="dom" />
/**
 * Takes the pictures of docs/images/components: every component on the example's real servers, light and dark, on a
 * desktop and on a phone. `npm run screenshots`; needs Chromium.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const images = join(root, "docs/images/components");
const VIEWPORTS = { desktop: { width: 1100, height: 720 }, phone: { width: 390, height: 780 } } as const;
const SCHEMES = ["light", "dark"] as const;
const PASSWORD = "an engine of analysis 1843";

const data = mkdtempSync(join(tmpdir(), "tandem-pictures-"));
const program = spawn(
  process.execPath,
  ["--conditions=tandem-source", "scripts/start.ts", "--data", data, "--port", "0"],
  { cwd: root, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, NO_COLOR: "1" } },
);
const addresses = new Map<string, string>();
for await (const line of createInterface({ input: program.stdout })) {
  const [, app] = /Open (http:\S+): sign up/.exec(line) ?? [];
  const [, inbox] = /e-mails arrive at\s+(http:\S+)/.exec(line) ?? [];
  if (app !== undefined) addresses.set("app", app);
  if (inbox !== undefined) addresses.set("inbox", inbox);
  if (addresses.size === 2) break;
}
const app = addresses.get("app")!;
const inbox = addresses.get("inbox")!;
const hosted = (path: string) => new URL(path, inbox.replace("127.0.0.1", "localhost")).href;
program.stdout.resume();

const executablePath = [process.env.CHROMIUM_PATH, "/usr/bin/chromium"].find(
  (path) => path !== undefined && existsSync(path),
);
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ["--no-sandbox"],
});
mkdirSync(images, { recursive: true });
let people = 0;
try {
  for (const [device, viewport] of Object.entries(VIEWPORTS)) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      await pictures(context, `${colorScheme}-${device}`);
      await context.close();
    }
  }
} finally {
  await browser.close();
  program.kill("SIGTERM");
  await new Promise((resolve) => program.once("exit", resolve));
  rmSync(data, { recursive: true, force: true });
}

async function pictures(context: BrowserContext, kind: string): Promise<void> {
  const address = `ada${people++}+clerk_test@example.com`;
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const take = async (name: string, of: Page = page): Promise<void> => {
    await of.evaluate(() => document.fonts.ready);
    await of.screenshot({ path: join(images, `${name}-${kind}.png`) });
  };
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const password = page.getByLabel("Password", { exact: true });

  await page.goto(app);
  await button("Sign in").waitFor();
  await take("sign-in-button");
  await button("Sign in").click();
  await page.getByLabel("Email address").waitFor();
  await take("sign-in");
  await page.getByRole("link", { name: "Sign up" }).click();
  await password.waitFor();
  await take("sign-up");
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Last name").fill("Lovelace");
  await page.getByLabel("Email address").fill(address);
  await password.fill("password1");
  await button("Continue").click();
  await page.getByText(/known data breach/).waitFor();
  await take("sign-up-refused");
  await password.fill(PASSWORD);
  await button("Continue").click();
  await page.getByLabel("Verification code").waitFor();
  await take("sign-up-code");
  await page.getByLabel("Verification code").fill("424242");
  await page.getByLabel("Message").waitFor();
  await page.getByLabel("Message").fill("Buy punched cards");
  await page.getByLabel("Message").press("Enter");
  await page.getByText("Buy punched cards").waitFor();
  await button("Open account menu").waitFor();
  await take("app");
  await button("Open account menu").click();
  await button("Manage account").waitFor();
  await take("user-button");
  await button("Manage account").click();
  await page.getByText("Email addresses").waitFor();
  await take("user-profile");
  await page.getByText("Security", { exact: true }).first().click();
  await page.getByText("This device").waitFor();
  await take("user-profile-security");

  await page.goto(hosted("/user"));
  await page.getByText("Email addresses").waitFor();
  await take("hosted-user");

  await page.goto(app);
  await button("Open account menu").click();
  await button("Sign out").click();
  await button("Sign in").click();
  await page.getByLabel("Email address").fill(address);
  await button("Continue").click();
  await page.getByText("Enter your password").waitFor();
  await password.waitFor();
  await take("sign-in-password");
  await password.fill("not the password 7");
  await button("Continue").click();
  await page.getByText(/password is not right/).waitFor();
  await take("sign-in-refused");
  await page.getByText("Use another method").click();
  await page.getByText(/Email a code to/).waitFor();
  await take("sign-in-methods");
  await page.getByText(/Email a code to/).click();
  await page.getByLabel("Verification code").waitFor();
  await take("sign-in-code");
  await page.goto(hosted("/sign-in"));
  await page.getByLabel("Email address").fill(address);
  await button("Continue").click();
  await page.getByText("Forgot password?").click();
  await page.getByLabel("Verification code").fill("424242");
  await page.getByLabel("New password", { exact: true }).waitFor();
  await take("sign-in-new-password");

  await page.goto(hosted("/sign-up"));
  await page.getByLabel("Email address").fill(`grace${people}@example.com`);
  await password.fill(PASSWORD);
  await button("Continue").click();
  await page.getByLabel("Verification code").waitFor();
  const mail = await context.newPage();
  await mail.goto(inbox);
  await mail.getByRole("button", { name: "Copy" }).first().waitFor();
  await take("inbox", mail);
}
