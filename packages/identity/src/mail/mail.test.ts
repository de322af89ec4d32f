import { type AddressInfo, createServer, type Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, test, vi } from "vitest";
import type { Instance } from "../instances/index.ts";
import { defaultSettings } from "../instances/index.ts";
import { readLimits } from "../limits.ts";
import { publicId } from "../public_id.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, signUp, TestBrowser } from "../testing/test_browser.ts";
import { SmtpMailer } from "./smtp_mailer.ts";
import { html, textOf } from "./texts.ts";

interface Received {
  readonly recipients: string[];
  readonly data: string;
}

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A real mail server in this process. */
async function startMailServer(options: { refuse?: boolean; password?: string } = {}) {
  const received: Received[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    authOptional: true,
    onAuth({ username, password }, _session, callback) {
      logins.push(`${username}:${password}`);
      if (options.password !== undefined && password !== options.password) {
        callback(Object.assign(new Error(`535 ${password} is wrong`), { responseCode: 535 }));
        return;
      }
      callback(null, { user: username });
    },
    onRcptTo(_address, _session, callback) {
      callback(
        options.refuse ? Object.assign(new Error("No such mailbox s3cret"), { responseCode: 550 }) : null,
      );
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        received.push({
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          data: Buffer.concat(parts).toString("utf8"),
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  ends.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, received, logins };
}

function mailerAt(port: number, user = "", mailTimeout = 2000, host = "127.0.0.1") {
  const reported: unknown[] = [];
  const mailer = new SmtpMailer(
    { url: `smtp://${user}${host}:${port}`, from: "login@example.com" },
    { ...readLimits({}), mailTimeout },
    (error) => reported.push(error),
  );
  ends.push(() => mailer.close());
  return { mailer, reported };
}

function instance(settings: Partial<Instance["settings"]> = {}): Instance {
  return {
    environment: "production",
    settings: { ...defaultSettings("production"), applicationName: "Acme", ...settings },
  } as Instance;
}

const code = { kind: "verification_code", to: "ada@example.com", code: "123456" } as const;

test("a code is delivered, as text and as a page", async () => {
  const server = await startMailServer();
  const { mailer } = mailerAt(server.port, "us%40er:p%3Ass@");
  await mailer.send(instance(), code);
  const [{ recipients, data }] = server.received as [Received];
  expect(server.logins).toEqual(["us@er:p:ss"]);
  expect(recipients).toEqual(["ada@example.com"]);
  expect(data).toMatch(/^From: Acme <login@example\.com>\r?$/m);
  expect(data).toMatch(/^Subject: 123456 is your code for Acme\r?$/m);
  expect(data).toContain("text/plain");
  expect(data).toContain("text/html");
  expect(data.match(/123456/g)!.length).toBeGreaterThanOrEqual(3);
});

test("header injection: neither the application's name nor an address adds a header or a recipient", async () => {
  const server = await startMailServer();
  const { mailer } = mailerAt(server.port);
  await mailer.send(instance({ applicationName: "Acme\r\nBcc: eve@example.com\r\n\r\nHello" }), code);
  expect(server.received[0]!.recipients).toEqual(["ada@example.com"]);
  expect(server.received[0]!.data).not.toMatch(/^Bcc:/m);
  for (const to of [
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com, eve@example.com",
    "Ada <ada@example.com>",
  ]) {
    await expect(mailer.send(instance(), { ...code, to })).rejects.toMatchObject({ status: 503 });
  }
  expect(server.received).toHaveLength(1);
});

test("a refusal is said to the person and reported, without the code and what the server repeats", async () => {
  const server = await startMailServer({ refuse: true });
  const { mailer, reported } = mailerAt(server.port, "user:s3cret@");
  await expect(mailer.send(instance(), code)).rejects.toMatchObject({
    faults: [{ code: "mail_delivery_failed" }],
  });
  expect(String(reported[0])).toMatch(/verification_code.*550/);
  expect(String(reported[0])).not.toMatch(/123456|s3cret/);
});

test("a mail server that is not there is no mystery", async () => {
  const { mailer, reported } = mailerAt(1);
  await expect(mailer.send(instance(), code)).rejects.toMatchObject({ status: 503 });
  expect(String(reported[0])).toMatch(/ECONNREFUSED|ESOCKET|ECONNECTION/);
});

test("a mail server that never answers does not hold anybody up for long", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
  const { mailer, reported } = mailerAt((silent.address() as AddressInfo).port, "", 150);
  await expect(mailer.send(instance(), code)).rejects.toMatchObject({ status: 503 });
  expect(String(reported[0])).toMatch(/ETIMEDOUT/);
});

test("a password does not cross a network in the clear", async () => {
  const server = await startMailServer();
  // The server offers no STARTTLS; by a name that is not this machine's it must not get the password.
  const { mailer, reported } = mailerAt(server.port, "user:s3cret@", 2000, "127.0.0.2");
  await expect(mailer.send(instance(), code)).rejects.toMatchObject({ status: 503 });
  expect(server.logins).toEqual([]);
  expect(String(reported[0])).not.toContain("s3cret");
});

test("a password that the mail server refuses is said at the start and at a message, without it", async () => {
  const { port } = await startMailServer({ password: "right" });
  const { mailer, reported } = mailerAt(port, "user:s3cret@");
  await mailer.check();
  await expect(mailer.send(instance(), code)).rejects.toMatchObject({ status: 503 });
  expect(reported.map(String)).toEqual([
    expect.stringMatching(/No mail can be sent.*refuses the user or the password.*TANDEM_SMTP_URL/),
    expect.stringMatching(/verification_code.*refuses the user or the password.*TANDEM_SMTP_URL/),
  ]);
  expect(reported.map(String).join()).not.toMatch(/s3cret|123456/);
  const right = mailerAt(port, "user:right@");
  await right.mailer.check();
  expect(right.reported).toEqual([]);
});

test("the server starts without its mail server, and says which one is not there", async () => {
  await using server = await startIdentity({
    smtp: { url: "smtp://user:s3cret@127.0.0.1:1", from: "login@example.com" },
  });
  await vi.waitFor(() => expect(server.reported).toHaveLength(1));
  expect(String(server.reported[0])).toMatch(/127\.0\.0\.1:1 cannot be reached.*TANDEM_SMTP_URL/);
  expect(String(server.reported[0])).not.toContain("s3cret");
});

test("a code that the mail server did not take can be asked for again at once", async () => {
  const options = { refuse: true };
  const { port, received } = await startMailServer(options);
  await using server = await startIdentity({
    smtp: { url: `smtp://127.0.0.1:${port}`, from: "login@example.com" },
  });
  const { store, instances } = server.parts;
  await instances.change(server.instanceId, (before) => ({ ...before, enumerationProtection: false }));
  const owner = new TestBrowser(server);
  const { sessionId, userId } = await signUp(owner);
  owner.query._clerk_session_id = sessionId;
  const emailAddress = "jane@example.com";
  const row = (await store.read().list("email_addresses", "by_user", [userId]))[0]!;
  await store.transact("rename", (tx) => tx.patch("email_addresses", row, { emailAddress }));
  const begin = async (browser: TestBrowser, path: string, fields: Record<string, string>) =>
    `${path}/${(await browser.post(path, fields)).body.response.id}`;
  const [newcomer, known] = [new TestBrowser(server), new TestBrowser(server)];
  const signUps = await begin(newcomer, "/v1/client/sign_ups", { email_address: "ada@example.com" });
  const addresses = await begin(owner, "/v1/me/email_addresses", { email_address: "second@example.com" });
  const signIns = await begin(known, "/v1/client/sign_ins", { identifier: emailAddress });
  for (const [browser, path] of [
    [newcomer, `${signUps}/prepare_verification`],
    [owner, `${addresses}/prepare_verification`],
    [known, `${signIns}/prepare_first_factor`],
  ] as const) {
    options.refuse = true;
    const prepare = () => browser.post(path, { strategy: "email_code" });
    expect(errorCode(await prepare())).toBe("mail_delivery_failed");
    options.refuse = false;
    expect((await prepare()).status).toBe(200);
    expect(errorCode(await prepare())).toBe("verification_code_too_many_requests");
  }
  const recipients = received.flatMap((one) => one.recipients);
  expect(recipients).toEqual(["ada@example.com", "second@example.com", emailAddress]);
});

test("an address that cannot be one is refused, without repeating the password in it", () => {
  const make = (url: string) => new SmtpMailer({ url, from: "a@example.com" }, readLimits({}), () => {});
  expect(() => make("https://user:s3cret@mail.example.com")).toThrow(/TANDEM_SMTP_URL/);
  expect(() => make("https://user:s3cret@mail.example.com")).not.toThrow(/s3cret/);
  expect(() => make("smtp://user:s3cret%@mail.example.com")).toThrow(/write %25.*TANDEM_SMTP_URL/);
  expect(() => make("smtp://user:s3cret%@mail.example.com")).not.toThrow(/s3cret/);
  expect(() => new SmtpMailer({ url: "smtp://x", from: "nobody" }, readLimits({}), () => {})).toThrow(
    /TANDEM_MAIL_FROM/,
  );
});

async function inboxOf(server: StartedIdentity) {
  const response = await fetch(`${server.url}/inbox/messages`);
  return ((await response.json()) as { messages: { to: string; code: string | null; text: string }[] })
    .messages;
}

async function development(server: StartedIdentity): Promise<Instance> {
  return server.parts.instances.byEnvironment("development");
}

test("without a mail server, the inbox of development has the message and the log says where", async () => {
  await using server = await startIdentity();
  await server.parts.mailer.send(await development(server), code);
  expect(await inboxOf(server)).toMatchObject([{ to: "ada@example.com", code: "123456" }]);
  expect(server.logged).toEqual([expect.stringContaining(`${server.url}/inbox`)]);
  const page = await fetch(`${server.url}/inbox`);
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(await page.text()).toContain("No messages yet");
});

test("the inbox keeps the newest messages only", async () => {
  await using server = await startIdentity({ limits: { inboxMessages: 3 } });
  const instance = await development(server);
  for (const code of ["111111", "222222", "333333", "444444"]) {
    server.clock.advance(10);
    await server.parts.mailer.send(instance, { kind: "verification_code", to: "ada@example.com", code });
  }
  expect((await inboxOf(server)).map((message) => message.code)).toEqual(["444444", "333333", "222222"]);
});

test("however many messages the inbox keeps, older ones go", async () => {
  await using server = await startIdentity({ limits: { inboxMessages: 600 } });
  const { store, seams } = server.parts;
  const [to, [subject, text, html]] = ["ada@example.com", ["", "", ""]] as const;
  await store.transact("fill", async (tx) => {
    for (let createdAt = 0; createdAt < 650; createdAt++) {
      const id = publicId("msg", seams.random);
      const { instanceId } = server;
      await tx.insert("inbox_messages", { id, instanceId, to, subject, text, html, code: null, createdAt });
    }
  });
  await server.parts.mailer.send(await development(server), code);
  const kept: number[] = [];
  for await (const row of store.read().all("inbox_messages", "by_time", [server.instanceId])) {
    kept.push(row.createdAt);
  }
  expect(kept.slice(0, -1)).toEqual(Array.from({ length: 599 }, (_, at) => 51 + at));
});

test("a production instance without a mail server says so, and writes no code anywhere", async () => {
  await using server = await startIdentity({ productionOrigin: "https://clerk.example.com" });
  const production = await server.parts.instances.byEnvironment("production");
  await expect(server.parts.mailer.send(production, code)).rejects.toMatchObject({ status: 503 });
  expect(await inboxOf(server)).toEqual([]);
  expect(server.logged).toEqual([]);
  expect(server.reported.map(String).join()).toMatch(/TANDEM_SMTP_URL/);
  expect(server.reported.map(String).join()).not.toContain("123456");
});

test("the inbox is not there for the public, nor for a name that was pointed at this machine", async () => {
  await using server = await startIdentity({ productionOrigin: "https://clerk.example.com" });
  for (const host of ["https://clerk.example.com", "http://rebound.example"]) {
    for (const path of ["/inbox", "/inbox/messages"]) {
      const response = await server.identity.fetch(new Request(host + path), { ipAddress: "127.0.0.1" });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
  }
});

test("HTML injection: an application's name is text in a message", () => {
  const name = `<img src=x onerror="alert(1)">`;
  for (const kind of ["verification_code", "reset_password_code", "account_exists"] as const) {
    const page = html(textOf({ kind, to: "ada@example.com", code: "123456" }, name, 10), name);
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
    expect(page).not.toMatch(/(?:src|href)=["']?http/);
  }
});
