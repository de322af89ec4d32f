/// <reference lib="dom" />
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexHttpClient } from "@tandem/convex/browser";
import { anyApi } from "@tandem/convex/server";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Program } from "./harness/program.ts";

const flags =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

let browser: Browser;
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: flags.split(" "),
  });
  undo.push(() => browser.close());
});

afterAll(async () => {
  for (const step of undo.reverse()) {
    await step();
  }
});

function temporaryData(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-chat-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function started(...args: string[]): Program {
  const program = new Program(...args);
  undo.push(() => program.stop());
  return program;
}

function startChat(data: string): Program {
  return started("scripts/start.ts", "--example", "chat", "--data", data, "--port", "0");
}

const saysPage = /Open (http:\S+): open it in two windows/;

/** A person with a browser of their own. */
async function visitor(name: string, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  undo.push(() => context.close());
  const page = await context.newPage();
  await page.goto(address);
  await page.getByLabel("The name that others see").fill(name);
  await page.getByRole("button", { name: "Start chatting" }).click();
  return page;
}

const bubble = (page: Page, text: string) =>
  page.locator(".body").filter({ hasText: new RegExp(`^${text}$`) });
const waiting = (page: Page) => page.locator('.message[data-pending="true"]');
const banner = (page: Page) => page.getByText("The connection to the server is lost.");

async function write(page: Page, text: string): Promise<void> {
  const field = page.getByLabel(/^Message to /);
  await field.fill(text);
  await field.press("Enter");
}

describe("npm start", () => {
  test("starts a backend, pushes the functions, fills the welcome room, and stops all of it", async () => {
    const data = temporaryData();
    const chat = startChat(data);
    const page = await visitor("Mira", await chat.said(saysPage));
    await bubble(page, "And if I stop the server in the middle of a sentence\\?").waitFor();

    const instance = join(data, "instance.json");
    const { pid } = JSON.parse(readFileSync(instance, "utf8")) as { pid: number };
    expect(await chat.stop()).toBe(0);
    expect(existsSync(instance)).toBe(false);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});

describe("the chat", () => {
  let server: Program;
  let startServer: () => Promise<void>;
  let client: ConvexHttpClient;
  let address: string;

  beforeAll(async () => {
    const data = temporaryData();
    const ports: string[] = [];
    for (const option of ["--backend-port", "--site-port", "--identity-port"]) {
      ports.push(option, String(await freePort()));
    }
    let backendUrl = "";
    startServer = async () => {
      server = started("packages/tandem/dist/main.js", "start", "--json", "--data", data, ...ports);
      backendUrl = await server.said(/"backendUrl":"([^"]+)"/);
    };
    await startServer();
    address = await startChat(data).said(saysPage);
    client = new ConvexHttpClient(backendUrl);
  });

  async function roomOf(name: string, messages: number): Promise<string> {
    const room: string = await client.mutation(anyApi.rooms!.create!, { name });
    for (let n = 1; n <= messages; n++) {
      await client.mutation(anyApi.messages!.send!, { room, author: "Ada", body: `Message ${n}` });
    }
    return `${address}/#/${room}`;
  }

  test("shows what one writes to the other at once", async () => {
    const room = await roomOf("live", 0);
    const [mira, noor] = [await visitor("Mira", room), await visitor("Noor", room)];
    await mira.getByText("It is quiet here.").waitFor();
    await write(mira, "Can you see this");
    await bubble(noor, "Can you see this").waitFor();
    await write(noor, "I can");
    await bubble(mira, "I can").waitFor();
    expect(await mira.locator("[aria-live]").textContent()).toBe("Noor: I can");
  });

  test("shows a new room to everyone", async () => {
    const [mira, noor] = [await visitor("Mira", address), await visitor("Noor", address)];
    await mira.getByLabel("Name of a new room").fill("Garden party");
    await mira.getByRole("button", { name: "Open the room" }).click();
    await mira.getByRole("heading", { name: "garden-party" }).waitFor();
    await noor.getByRole("link", { name: "garden-party" }).click();
    await noor.getByText("It is quiet here.").waitFor();
  });

  test("pages back to the beginning and keeps the reader's place", async () => {
    const page = await visitor("Mira", await roomOf("long", 75));
    await bubble(page, "Message 75").waitFor();
    const oldest = bubble(page, "Message 46");
    expect(await bubble(page, "Message 45").count()).toBe(0);

    await page.locator(".messages").evaluate((box) => box.scrollTo({ top: -box.scrollHeight }));
    const before = await oldest.boundingBox();
    await bubble(page, "Message 16").waitFor({ state: "attached" });
    const after = await oldest.boundingBox();
    expect(Math.abs(after!.y - before!.y)).toBeLessThan(2);

    await page.getByRole("button", { name: "Load older messages" }).press("Enter");
    await bubble(page, "Message 1").waitFor({ state: "attached" });
    await page.getByText("This is the beginning of #long.").waitFor({ state: "attached" });
    expect(await page.locator(".message").count()).toBe(75);
  });

  test("shows a message as pending until the server has it, and nobody else before", async () => {
    const room = await roomOf("pending", 1);
    const [mira, noor] = [await visitor("Mira", room), await visitor("Noor", room)];
    await bubble(noor, "Message 1").waitFor();
    await bubble(mira, "Message 1").waitFor();
    server.child.kill("SIGSTOP");
    try {
      await write(mira, "On its way");
      await waiting(mira).getByText("Sending …").waitFor();
      expect(await bubble(noor, "On its way").count()).toBe(0);
    } finally {
      server.child.kill("SIGCONT");
    }
    await bubble(noor, "On its way").waitFor();
    await waiting(mira).waitFor({ state: "detached" });
    expect(await bubble(mira, "On its way").count()).toBe(1);
  });

  test("gives a refused message back and says why", async () => {
    const page = await visitor("Mira", await roomOf("refused", 1));
    await bubble(page, "Message 1").waitFor();
    const tooLong = "long ".repeat(300).trim();
    await write(page, tooLong);
    await page
      .getByRole("alert")
      .getByText("A message has at most 1000 characters, this one has 1499.")
      .waitFor();
    expect(await page.getByLabel(/^Message to /).inputValue()).toBe(tooLong);
    expect(await page.locator(".message").count()).toBe(1);
  });

  test("says that the server is away, recovers by itself, and loses nothing", async () => {
    const room = await roomOf("outage", 3);
    const [mira, noor] = [await visitor("Mira", room), await visitor("Noor", room)];
    await bubble(mira, "Message 3").waitFor();
    await write(noor, "Before the crash");
    await bubble(mira, "Before the crash").waitFor();

    await server.stop("SIGKILL");
    await Promise.all([banner(mira).waitFor(), banner(noor).waitFor()]);
    await write(mira, "Written meanwhile");
    await mira.getByText("One message waits here and will be sent.").waitFor();

    await startServer();
    await bubble(noor, "Written meanwhile").waitFor();
    await waiting(mira).waitFor({ state: "detached" });
    await Promise.all([
      banner(mira).waitFor({ state: "detached" }),
      banner(noor).waitFor({ state: "detached" }),
    ]);

    await noor.reload();
    await bubble(noor, "Written meanwhile").waitFor();
    expect(await noor.locator(".body").allTextContents()).toEqual([
      "Message 1",
      "Message 2",
      "Message 3",
      "Before the crash",
      "Written meanwhile",
    ]);
  });
});
