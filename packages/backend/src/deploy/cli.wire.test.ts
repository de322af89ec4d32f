import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type StartedDeployment, startDeployment } from "./testing/start_deployment.ts";

const modules = fileURLToPath(new URL("../../../../node_modules", import.meta.url));

let started: StartedDeployment;
let server: ReturnType<typeof serve>;
let url: string;
let project: string;

beforeEach(async () => {
  started = await startDeployment();
  server = serve({ fetch: started.app.fetch, port: 0, hostname: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project = await mkdtemp(join(tmpdir(), "project-"));
  await mkdir(join(project, "node_modules"));
  await symlink(join(modules, "convex-genuine"), join(project, "node_modules/convex"));
  await write(
    "package.json",
    JSON.stringify({ name: "app", type: "module", dependencies: { convex: "1.48.0" } }),
  );
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await started.close();
  await rm(project, { recursive: true });
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, name)), { recursive: true });
  await writeFile(join(project, name), text);
}

/** How each CLI is started. */
const CLIS = {
  genuine: [join(modules, "convex-genuine/bin/main.js")],
  own: ["--conditions=tandem-source", join(modules, "../packages/convex/src/cli/main.ts")],
};

/** Runs a CLI in the project; answers its exit code and all that it prints. */
function run(cli: keyof typeof CLIS, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [...CLIS[cli], ...args], {
    cwd: project,
    env: {
      PATH: process.env.PATH,
      HOME: project,
      CONVEX_SELF_HOSTED_URL: url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: started.adminKey,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

const messages = `
  import { query } from "./_generated/server";
  import { v } from "convex/values";
  export const list = query({ args: { n: v.number() }, handler: async (ctx) => ctx.db.query("messages").collect() });
`;
const schemaOf = (fields: string) => `
  import { defineSchema, defineTable } from "convex/server";
  import { v } from "convex/values";
  export default defineSchema({ messages: defineTable({ ${fields} }).index("by_body", ["body"]) });
`;

it.each(["genuine", "own"] as const)(
  "the %s CLI pushes an app with schema and auth, changes it, and generates its code",
  {
    timeout: 120_000,
  },
  async (cli) => {
    const convex = (...args: string[]) => run(cli, ...args);
    const dev = () => convex("dev", "--once", "--typecheck", "disable", "--tail-logs", "disable");
    await write("convex/messages.ts", messages);
    await write("convex/schema.ts", schemaOf("body: v.string()"));
    await write(
      "convex/auth.config.ts",
      `export default { providers: [{ domain: process.env.ISSUER, applicationID: "convex" }] };`,
    );
    const unset = await dev();
    expect(unset.output).toContain("ISSUER");
    expect(unset.code).not.toBe(0);

    const set = await convex("env", "set", "ISSUER", "https://clerk.example.com");
    expect(set).toMatchObject({ code: 0 });
    const first = await dev();
    expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/functions ready/i) });
    expect(first.output).toContain("messages.by_body");
    expect(started.deployment.kindOf("messages.js:list")).toBe("query");
    expect(started.deployment.authProviders()).toEqual([
      { domain: "https://clerk.example.com", applicationID: "convex" },
    ]);
    expect(await readFile(join(project, "convex/_generated/api.d.ts"), "utf8")).toContain("../messages.js");
    expect(await readFile(join(project, ".env.local"), "utf8")).toContain(started.urls.site);

    await started.engine.transact({ source: "test" }, (tx) => tx.insert("messages", { body: "hello" }));
    await write("convex/schema.ts", schemaOf("body: v.number()"));
    const failed = await dev();
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain(`in table "messages" does not match the schema`);

    await write("convex/schema.ts", schemaOf("body: v.string(), by: v.optional(v.string())"));
    const deployed = await convex("deploy", "-y", "--typecheck", "disable");
    expect(deployed).toMatchObject({ code: 0 });
    expect((await convex("codegen", "--typecheck", "disable")).code).toBe(0);
    expect(started.reported).toEqual([]);
  },
);
