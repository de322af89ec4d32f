/// <reference lib="dom" />
import { bundleFunctions, pushModules } from "@tandem/convex/push";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { chromium } from "../harness/chromium.ts";
import { type GenuinePackage, projectWith } from "../harness/genuine_packages.ts";
import { type PageServer, pageServer } from "../harness/page_server.ts";
import { type ConvexPackage, copyProject } from "../harness/project.ts";
import { setVariables } from "../harness/push.ts";
import { startTandem, type Tandem } from "../harness/tandem.ts";

/** Which packages an app has, and how its provider is set up for them. */
export interface Combination {
  readonly convex: ConvexPackage;
  /** The React package. */
  readonly clerk: "@tandem/clerk-react" | "@clerk/clerk-react" | "clerk-react-6";
  /** What the app has installed for the browser's scripts. */
  readonly scripts: readonly GenuinePackage[];
  /** Properties of the provider beyond the publishable key. */
  readonly properties: (identityUrl: string) => Record<string, string>;
}

const PASSWORD = "a rather long passphrase 7";
/** Seconds that tokens of the template `convex` are valid for. */
const LIFETIME = 8;

/** The parts of Clerk's instance that the tests call; all packages have them. */
interface Clerk {
  readonly user: { readonly id: string } | null;
  readonly session: {
    readonly id: string;
    getToken(options: { template: string; skipCache?: boolean }): Promise<string | null>;
  } | null;
  readonly client: {
    readonly signUp: {
      create(fields: object): Promise<{
        prepareEmailAddressVerification(options: object): Promise<unknown>;
        attemptEmailAddressVerification(options: object): Promise<{ createdSessionId: string | null }>;
      }>;
    };
    readonly signIn: { create(fields: object): Promise<{ status: string; createdSessionId: string | null }> };
  };
  setActive(options: object): Promise<void>;
  signOut(): Promise<void>;
}
type Probed = { clerk: Clerk; states: string[] };

/**
 * What a person who signs in may count on, with any of our packages and the genuine ones. Every combination has a file of
 * its own, so that they run side by side.
 */
export function signInSuite({ convex, clerk, scripts, properties }: Combination): void {
  let browser: Browser;
  let project: Disposable & { root: string };
  let tandem: Tandem;
  let server: PageServer;
  let context: BrowserContext;
  let address = "";
  let count = 0;
  const undo: (() => unknown)[] = [];

  beforeAll(async () => {
    browser = await chromium();
    project = await projectWith(scripts);
    tandem = await startTandem({ folder: project.root });
    await setVariables(tandem, { CLERK_JWT_ISSUER_DOMAIN: tandem.issuer });
    using app = copyProject("examples/react-vite", convex);
    await pushModules({ url: tandem.backendUrl, adminKey: tandem.adminKey }, await bundleFunctions(app.root));
    server = await pageServer(
      "sign_in_page.tsx",
      convex,
      () => Promise.reject(new Error("Nothing is asked.")),
      {
        "clerk-under-test": clerk,
      },
    );
    await backendApi("PATCH", `/jwt_templates/${await templateId()}`, { lifetime: LIFETIME });
  });
  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await tandem.stop();
    project[Symbol.dispose]();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    address = `person${count++}+clerk_test@example.com`;
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    await context.close();
  });

  async function backendApi(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${tandem.identityUrl}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tandem.secretKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  async function templateId(): Promise<string> {
    const { data } = (await backendApi("GET", "/jwt_templates?paginated=true")) as {
      data: { id: string; name: string }[];
    };
    return data.find(({ name }) => name === "convex")!.id;
  }

  async function open(where = context): Promise<Page> {
    const page = await where.newPage();
    const query = new URLSearchParams({
      deployment: tandem.backendUrl,
      clerk: JSON.stringify({ publishableKey: tandem.publishableKey, ...properties(tandem.identityUrl) }),
    });
    await page.goto(`${server.url}/?${query}`);
    return page;
  }

  const shows = (page: Page, id: string, text: string) =>
    page.waitForFunction(
      ([id, text]) => document.getElementById(id!)?.textContent === text,
      [id, text] as const,
      {
        timeout: 40_000,
        polling: 25,
      },
    );

  const signUp = async (page: Page) => {
    await shows(page, "state", "unauthenticated");
    await page.evaluate(
      async ([emailAddress, password]) => {
        const { clerk } = globalThis as unknown as Probed;
        const signUp = await clerk.client.signUp.create({ emailAddress, password });
        await signUp.prepareEmailAddressVerification({ strategy: "email_code" });
        const { createdSessionId } = await signUp.attemptEmailAddressVerification({ code: "424242" });
        await clerk.setActive({ session: createdSessionId });
      },
      [address, PASSWORD] as const,
    );
    await shows(page, "state", "authenticated");
  };

  const signIn = async (page: Page) => {
    await shows(page, "state", "unauthenticated");
    await page.evaluate(
      async ([identifier, password]) => {
        const { clerk } = globalThis as unknown as Probed;
        const { createdSessionId } = await clerk.client.signIn.create({ identifier, password });
        await clerk.setActive({ session: createdSessionId });
      },
      [address, PASSWORD] as const,
    );
    await shows(page, "state", "authenticated");
  };

  test("a person signs up, and the app knows them", async () => {
    const page = await open();
    await signUp(page);
    await shows(page, "user", address);
    await shows(page, "content", "Authenticated content: 0");
    const [token, user] = await page.evaluate(async () => {
      const { clerk } = globalThis as unknown as Probed;
      return [await clerk.session!.getToken({ template: "convex" }), clerk.user!.id] as const;
    });
    const claims = JSON.parse(Buffer.from(token!.split(".")[1]!, "base64url").toString());
    expect(claims).toMatchObject({ iss: tandem.issuer, aud: "convex", sub: user, email: address });
    expect(claims).not.toHaveProperty("sid");
  });

  test("a message is seen at once in a second browser", async () => {
    const first = await open();
    await signUp(first);
    const elsewhere = await browser.newContext();
    undo.push(() => elsewhere.close());
    const second = await open(elsewhere);
    await signIn(second);
    await first.click("#send");
    await shows(second, "bodies", "message 0");
    await second.click("#send");
    await shows(first, "bodies", "message 0, message 1");
  });

  test("a wrong password is told, and nobody is signed in", async () => {
    const page = await open();
    await signUp(page);
    const elsewhere = await browser.newContext();
    undo.push(() => elsewhere.close());
    const second = await open(elsewhere);
    await shows(second, "state", "unauthenticated");
    const refusal = await second.evaluate(async (identifier) => {
      const { clerk } = globalThis as unknown as Probed;
      return await clerk.client.signIn.create({ identifier, password: "not the password 7" }).then(
        () => null,
        (error: { status: number; errors: { code: string; meta?: { paramName?: string } }[] }) => ({
          status: error.status,
          code: error.errors[0]!.code,
          field: error.errors[0]!.meta?.paramName,
        }),
      );
    }, address);
    expect(refusal).toEqual({ status: 422, code: "form_password_incorrect", field: "password" });
    await shows(second, "state", "unauthenticated");
  });

  test("tokens are renewed past their expiry, and the page does not flicker", async () => {
    const page = await open();
    await signUp(page);
    await page.evaluate(() => {
      (globalThis as unknown as Probed).states.length = 0;
    });
    const frames: string[] = [];
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.webSocketFrameSent", ({ response }) => {
      const message = JSON.parse(response.payloadData) as { type: string };
      if (message.type === "Authenticate") frames.push(response.payloadData);
    });
    await vi.waitFor(() => expect(frames.length).toBeGreaterThanOrEqual(2), {
      timeout: 3 * LIFETIME * 1000,
      interval: 50,
    });
    expect(new Set(frames).size).toBe(frames.length);
    await page.click("#send");
    await shows(page, "bodies", "message 0");
    expect(await page.evaluate(() => (globalThis as unknown as Probed).states)).toEqual([]);
  });

  test.each([
    ["a session that is revoked elsewhere", "POST", "session", "/revoke"],
    ["the session of a user who is banned", "POST", "user", "/ban"],
    ["the session of a user who is deleted", "DELETE", "user", ""],
  ] as const)("%s ends in the open page", async (_, method, subject, action) => {
    const page = await open();
    await signUp(page);
    const id = await page.evaluate((of) => (globalThis as unknown as Probed).clerk[of]!.id, subject);
    await backendApi(method, `/${subject}s/${id}${action}`);
    await shows(page, "state", "unauthenticated");
  });

  test("session tokens that are made out to convex need no template", async () => {
    const claims = { aud: "convex", email: "{{user.primary_email_address}}" };
    await backendApi("PATCH", "/instance", { session_claims: claims });
    undo.push(() => backendApi("PATCH", "/instance", { session_claims: {} }));
    const page = await open();
    const tokens: string[] = [];
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    session.on("Network.webSocketFrameSent", ({ response }) => {
      const message = JSON.parse(response.payloadData) as { type: string; value?: string };
      if (message.type === "Authenticate" && message.value !== undefined) tokens.push(message.value);
    });
    await signUp(page);
    await shows(page, "content", "Authenticated content: 0");
    expect(JSON.parse(Buffer.from(tokens[0]!.split(".")[1]!, "base64url").toString())).toMatchObject({
      aud: "convex",
      email: address,
      sid: expect.stringMatching(/^sess_/),
    });
  });

  test("signing out in one tab signs the others out", async () => {
    const first = await open();
    await signUp(first);
    const second = await open();
    await shows(second, "state", "authenticated");
    // It goes to the app's first page afterwards.
    const left = first.waitForURL((url) => url.search === "");
    await first.evaluate(() => void (globalThis as unknown as Probed).clerk.signOut());
    await Promise.all([left, shows(second, "state", "unauthenticated")]);
  });

  test("a reload, and a restart of the server, find the person still signed in", async () => {
    const page = await open();
    await signUp(page);
    await page.reload();
    await shows(page, "content", "Authenticated content: 0");
    await tandem.restart();
    await page.click("#send");
    await shows(page, "bodies", "message 0");
    await shows(page, "state", "authenticated");
  });
}
