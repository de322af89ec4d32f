import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture, setVariables } from "./harness/push.ts";
import { failedStart, PROGRAM, startTandem, type Tandem } from "./harness/tandem.ts";

const { browser, api } = clientPackages[1]!;
let tandem: Tandem;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tandem-e2e-start-"));
  tandem = await startTandem();
});
afterAll(async () => {
  await tandem.stop();
  rmSync(folder, { recursive: true, force: true });
});

const anyPorts = ["--backend-port", "0", "--site-port", "0", "--identity-port", "0"];

describe("a start that cannot succeed says why and what to do:", () => {
  test("the data folder is in use", async () => {
    const { code, text } = await failedStart(["--data", tandem.data, ...anyPorts]);
    expect(code).toBe(1);
    expect(text).toContain(tandem.data);
    expect(text).toMatch(/open in another Tandem process\. Stop that one first/);
    // The one that has it is not disturbed.
    expect((await fetch(`${tandem.backendUrl}/version`)).status).toBe(200);
  });

  test("the port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, text } = await failedStart([
      "--data",
      join(folder, "port"),
      "--backend-port",
      String(port),
      "--site-port",
      "0",
      "--identity-port",
      "0",
    ]);
    other.close();
    expect(code).toBe(1);
    expect(text).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(text).toContain("--backend-port");
  });

  test("the data were written by a newer version", async () => {
    const newer = await startTandem({ data: join(folder, "newer") });
    await newer.stop();
    const file = join(newer.data, "data.sqlite");
    const database = new DatabaseSync(file);
    const [{ user_version: version }] = database.prepare("PRAGMA user_version").all() as [
      { user_version: number },
    ];
    database.exec(`PRAGMA user_version = ${version + 1}`);
    database.close();
    const { code, text } = await failedStart(["--data", newer.data, ...anyPorts]);
    expect(code).toBe(1);
    expect(text).toMatch(/newer/i);
    expect(text).toContain(file);
  });

  test("the data are no database", async () => {
    const broken = await startTandem({ data: join(folder, "broken") });
    await broken.stop();
    writeFileSync(
      join(broken.data, "data.sqlite"),
      "this is not a database, but it is long enough to look like one".repeat(100),
    );
    const { code, text } = await failedStart(["--data", broken.data, ...anyPorts]);
    expect(code).toBe(1);
    expect(text).toContain(join(broken.data, "data.sqlite"));
  });

  test("a limit is no number", async () => {
    const { code, text } = await failedStart(["--data", join(folder, "limit"), ...anyPorts], {
      TANDEM_READ_LANES: "many",
    });
    expect(code).toBe(1);
    expect(text).toContain('TANDEM_READ_LANES is "many"');
  });
});

test("what is printed where nobody watches, and may be kept as a log, holds no secret", async () => {
  const data = join(folder, "logged");
  const program = spawn(process.execPath, [PROGRAM, "start", "--data", data, ...anyPorts], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  for await (const text of program.stdout.setEncoding("utf8")) {
    printed += text;
    if (printed.includes("npx convex dev")) break;
  }
  const { adminKey } = JSON.parse(readFileSync(join(data, "instance.json"), "utf8")) as { adminKey: string };
  const ended = once(program, "exit");
  program.kill("SIGTERM");
  await ended;
  expect(adminKey).toMatch(/^tandem\|[0-9a-f]+$/);
  expect(printed).not.toContain(adminKey);
  expect(printed).toContain(`adminKey of ${join(data, "instance.json")}`);
});

describe("what a stopped instance leaves behind", () => {
  test("is all there when it starts again, without a new push", async () => {
    const data = join(folder, "kept");
    const first = await startTandem({ data });
    await pushFixture(first);
    const client = new browser.ConvexHttpClient(first.backendUrl, { logger: false });
    await client.mutation(api.items.addMany, { list: "kept", from: 0, count: 3 });
    const adminKey = first.adminKey;
    expect(JSON.parse(readFileSync(join(data, "instance.json"), "utf8"))).toMatchObject({
      backendUrl: first.backendUrl,
      pid: first.pid,
    });
    expect(await first.end("SIGTERM")).toBe(0);
    expect(() => readFileSync(join(data, "instance.json"))).toThrow("ENOENT");
    await first.start();
    expect(await client.query(api.items.list, { list: "kept" })).toHaveLength(3);
    expect(await client.query(api.values.variable, {})).toBe("hello");
    // A key from before the restart is as good as ever.
    await setVariables({ backendUrl: first.backendUrl, adminKey }, { GREETING: "again" });
    expect(await client.query(api.values.variable, {})).toBe("again");
    await first.stop();
  });
});

describe("a push", () => {
  test("whose auth.config.ts reads a variable that is not set names it and the command that sets it", async () => {
    const bare = await startTandem();
    try {
      await expect(
        pushFixture(bare, { variables: { OIDC_ISSUER: null as unknown as string } }),
      ).rejects.toThrow(/OIDC_ISSUER[\s\S]*npx convex env set OIDC_ISSUER/);
    } finally {
      await bare.stop();
    }
  });

  test("with a wrong key is refused", async () => {
    await expect(pushFixture({ backendUrl: tandem.backendUrl, adminKey: "tandem|00" })).rejects.toThrow(
      /40[13]/,
    );
  });
});

describe("--only", () => {
  test("backend runs the backend alone", async () => {
    const backend = await startTandem({ arguments: ["--only", "backend"] });
    expect((await fetch(`${backend.backendUrl}/version`)).status).toBe(200);
    expect(backend.issuer).toBeUndefined();
    await backend.stop();
  });

  test("identity runs the identity server alone", async () => {
    const identity = await startTandem({ arguments: ["--only", "identity"] });
    const { issuer } = (await (
      await fetch(`${identity.identityUrl}/.well-known/openid-configuration`)
    ).json()) as { issuer: string };
    expect(issuer).toBe(identity.issuer);
    expect(identity.backendUrl).toBeUndefined();
    expect(await identity.end("SIGTERM")).toBe(0);
    await identity.stop();
  });
});
