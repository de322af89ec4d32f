import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { type CommandResult, convexCommand, runCommand, startConvexCommand } from "./harness/command.ts";
import { type ConvexPackage, copyProject, type ProjectCopy } from "./harness/project.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";
import { watch } from "./harness/watch.ts";

const { browser, server } = clientPackages[1]!;
const rooms = server.makeFunctionReference<"query", Record<string, never>, { _id: string; name: string }[]>(
  "rooms:list",
);
const create = server.makeFunctionReference<"mutation", { name: string }, string>("rooms:create");

const TWO_MINUTES = 120_000;

describe.each(["convex-genuine", "@tandem/convex"] as const)("the command of %s", (convex: ConvexPackage) => {
  let tandem: Tandem;
  let project: ProjectCopy;
  beforeAll(async () => {
    tandem = await startTandem();
    project = copyProject("examples/chat", convex);
    rmSync(join(project.root, "convex/_generated"), { recursive: true });
  });
  afterAll(async () => {
    project[Symbol.dispose]();
    await tandem.stop();
  });

  const variables = () => ({
    CONVEX_SELF_HOSTED_URL: tandem.backendUrl,
    CONVEX_SELF_HOSTED_ADMIN_KEY: tandem.adminKey,
  });
  const run = (...args: string[]): Promise<CommandResult> =>
    convexCommand(convex, project.root, args, variables());
  const succeed = async (...args: string[]): Promise<CommandResult> => {
    const result = await run(...args);
    expect(result.code, `convex ${args.join(" ")}:\n${result.stdout}\n${result.stderr}`).toBe(0);
    return result;
  };

  test(
    "pushes the chat with `dev --once`, writes its types and where it is",
    async () => {
      await succeed("dev", "--once");
      expect(readFileSync(join(project.root, ".env.local"), "utf8")).toContain(
        `VITE_CONVEX_URL=${tandem.backendUrl}`,
      );
      const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
      expect(await client.query(rooms, {})).toEqual([]);
      await client.mutation(create, { name: "Lobby" });
      expect(await client.query(rooms, {})).toMatchObject([{ name: "lobby" }]);
    },
    TWO_MINUTES,
  );

  test(
    "writes types by which the app is right, page and functions",
    async () => {
      const tsc = join(project.root, "node_modules/typescript/bin/tsc");
      for (const config of ["convex/tsconfig.json", "tsconfig.json"]) {
        const { code, stdout } = await runCommand(
          process.execPath,
          [tsc, "--noEmit", "-p", config],
          project.root,
        );
        expect(code, stdout).toBe(0);
      }
      const file = join(project.root, "convex/_generated/api.d.ts");
      const before = readFileSync(file, "utf8");
      await succeed("codegen");
      expect(readFileSync(file, "utf8")).toBe(before);
    },
    TWO_MINUTES,
  );

  test(
    "`run --inline-query` runs a query that is nowhere pushed, and says what is wrong with one",
    async () => {
      const inline = async (query: string) => (await succeed("run", "--inline-query", query)).stdout;
      expect(await inline(`(await ctx.db.query("rooms").collect()).map((room) => room.name)`)).toContain(
        "lobby",
      );
      expect(await inline(`const rooms = await ctx.runQuery("rooms:list"); return rooms.length + 41;`)).toBe(
        "42\n",
      );
      expect(await inline(`export default query({ args: {}, handler: async () => "whole" })`)).toBe(
        '"whole"\n',
      );
      for (const [query, told] of [
        [`await ctx.db.insert("rooms", {})`, "insert"],
        [`throw new Error("on purpose")`, "on purpose"],
        [`const = 1`, "is no JavaScript"],
      ] as const) {
        const { code, stderr } = await run("run", "--inline-query", query);
        expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
      }
      expect(await succeed("run", "rooms:list")).toMatchObject({ stdout: expect.stringContaining("lobby") });
    },
    TWO_MINUTES,
  );

  test(
    "`run` calls functions and prints what they answer",
    async () => {
      const created = await succeed("run", "rooms:create", '{"name":"by command"}');
      expect(JSON.parse(created.stdout)).toMatch(/^[0-9a-z]{31,37}$/);
      const listed = await succeed("run", "rooms:list");
      expect((JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name)).toContain(
        "by-command",
      );
      const failed = await run("run", "rooms:create", '{"name":""}');
      expect(failed.code).toBe(1);
      expect(failed.stdout + failed.stderr).toContain("A room needs a name.");
      const absent = await run("run", "rooms:absent");
      expect(absent.code).toBe(1);
      expect(absent.stdout + absent.stderr).toContain("rooms:absent");
    },
    TWO_MINUTES,
  );

  test(
    "`env` sets, gets, lists and removes variables",
    async () => {
      await succeed("env", "set", "COLOUR", "dark blue");
      expect((await succeed("env", "get", "COLOUR")).stdout.trim()).toBe("dark blue");
      expect((await succeed("env", "list")).stdout).toContain("COLOUR=");
      await succeed("env", "remove", "COLOUR");
      expect((await succeed("env", "list")).stdout).not.toContain("COLOUR");
      expect((await run("env", "get", "COLOUR")).stdout).not.toContain("dark blue");
    },
    TWO_MINUTES,
  );

  test(
    "`data` shows tables and documents",
    async () => {
      const tables = await succeed("data");
      expect(tables.stdout).toContain("rooms");
      expect(tables.stdout).toContain("messages");
      expect((await succeed("data", "rooms")).stdout).toContain("lobby");
    },
    TWO_MINUTES,
  );

  test(
    "`logs` follows what functions do",
    async () => {
      const following = startConvexCommand(convex, project.root, ["logs", "--history", "100"], variables());
      await following.said("rooms:create");
      await following.interrupt();
    },
    TWO_MINUTES,
  );

  test(
    "`deploy` pushes too, and refuses an app whose types are wrong",
    async () => {
      await succeed("deploy", "-y");
      const file = join(project.root, "convex/wrong.ts");
      writeFileSync(
        file,
        'import { query } from "./_generated/server";\nexport const n: string = 5;\nexport const q = query(() => 1);\n',
      );
      try {
        const refused = await run("deploy", "-y");
        expect(refused.code).not.toBe(0);
        expect(refused.stdout + refused.stderr).toContain("wrong.ts");
      } finally {
        rmSync(file);
      }
      const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
      expect((await client.query(rooms, {})).length).toBeGreaterThan(0);
    },
    TWO_MINUTES,
  );

  test(
    "a schema that the data do not fit is refused, with the document that does not",
    async () => {
      const file = join(project.root, "convex/schema.ts");
      const before = readFileSync(file, "utf8");
      writeFileSync(file, before.replace("topic: v.string()", "topic: v.number()"));
      try {
        const refused = await run("deploy", "-y", "--typecheck", "disable");
        expect(refused.code).not.toBe(0);
        expect(refused.stdout + refused.stderr).toMatch(/rooms/);
        expect(refused.stdout + refused.stderr).toMatch(/schema/i);
      } finally {
        writeFileSync(file, before);
      }
    },
    TWO_MINUTES,
  );

  test(
    "a missing variable of auth.config.ts is named, with the command that sets it",
    async () => {
      const file = join(project.root, "convex/auth.config.ts");
      writeFileSync(
        file,
        'export default { providers: [{ domain: process.env.ISSUER_URL!, applicationID: "convex" }] };\n',
      );
      try {
        const refused = await run("deploy", "-y");
        expect(refused.code).not.toBe(0);
        expect(refused.stdout + refused.stderr).toContain("ISSUER_URL");
        await succeed("env", "set", "ISSUER_URL", "https://issuer.example.com");
        await succeed("deploy", "-y");
      } finally {
        rmSync(file);
      }
    },
    TWO_MINUTES,
  );

  test(
    "a wrong key is refused",
    async () => {
      const refused = await convexCommand(convex, project.root, ["run", "rooms:list"], {
        ...variables(),
        CONVEX_SELF_HOSTED_ADMIN_KEY: "tandem|00",
      });
      expect(refused.code).not.toBe(0);
    },
    TWO_MINUTES,
  );
});

describe("our command with nothing configured", () => {
  test(
    "starts a backend of the project's own, writes .env.local, and pushes each save",
    async () => {
      using project = copyProject("examples/chat", "@tandem/convex");
      const development = startConvexCommand("@tandem/convex", project.root, ["dev"]);
      try {
        await development.said("Watching for changes");
        const settings = readFileSync(join(project.root, ".env.local"), "utf8");
        const url = /VITE_CONVEX_URL=(\S+)/.exec(settings)![1]!;
        const client = new browser.ConvexClient(url, { logger: false });
        await client.mutation(create, { name: "Lobby" });
        const seen = watch(client, rooms, {});
        await seen.until((list) => list[0]?.name === "lobby");

        const file = join(project.root, "convex/rooms.ts");
        const before = readFileSync(file, "utf8");
        const changed = before.replace(
          'handler: (ctx) => ctx.db.query("rooms").take(MAX_ROOMS)',
          'handler: async (ctx) => (await ctx.db.query("rooms").take(MAX_ROOMS)).map((room) => ({ ...room, name: room.name.toUpperCase() }))',
        );
        expect(changed).not.toBe(before);
        writeFileSync(file, changed);
        await seen.until((list) => list[0]?.name === "LOBBY");
        expect(seen.errors).toEqual([]);

        // A save that cannot be pushed says why and changes nothing; the next one that can does.
        writeFileSync(
          file,
          `${changed}\nexport const broken = query({ args: { x: v.nothing() }, handler: () => 1 });\n`,
        );
        await development.said(/nothing is not a function|nothing/);
        writeFileSync(file, before);
        await seen.until((list) => list === seen.results.at(-1) && list[0]?.name === "lobby");
        await client.close();
      } finally {
        await development.interrupt();
      }
    },
    TWO_MINUTES,
  );
});
