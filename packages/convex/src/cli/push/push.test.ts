import { spawn } from "node:child_process";
import path from "node:path";
import type { StartPushRequest } from "@tandem/protocol";
import { describe, expect, test } from "vitest";
import { adminKey, type FakeDeployment, startFakeDeployment } from "../testing/fake_deployment.ts";
import { createFixtureProject, sampleApp } from "../testing/fixture_project.ts";
import { runConvex } from "../testing/run_convex.ts";
import { bundleFunctions, moduleHash, pushModules } from "./index.ts";

const genuine = path.resolve(import.meta.dirname, "../../../../../node_modules/convex-genuine/bin/main.js");

function runGenuine(cwd: string, args: string[], fake: FakeDeployment): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [genuine, ...args], {
      cwd,
      stdio: "ignore",
      env: {
        PATH: process.env["PATH"],
        HOME: cwd,
        CONVEX_SELF_HOSTED_URL: fake.url,
        CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
        CI: "1",
      },
    });
    child.once("exit", resolve);
  });
}

const configured = (fake: FakeDeployment) => ({
  CONVEX_SELF_HOSTED_URL: fake.url,
  CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
});

/** Names of chunks depend on the bytes of all that is in them, and so on the version of the bundler. */
const withoutChunkHash = (name: string): string =>
  name.replace(/_deps\/(node\/)?[A-Z0-9]{8}/g, "_deps/$1HASH");

describe("a push", () => {
  test("sends the same modules as the genuine command, to the same places, in the same form", async () => {
    const bodies: StartPushRequest[] = [];
    for (const run of [
      async (root: string, fake: FakeDeployment) =>
        await runGenuine(root, ["dev", "--once", "--typecheck", "disable", "--tail-logs", "disable"], fake),
      async (root: string, fake: FakeDeployment) =>
        (await runConvex(root, ["dev", "--once", "--typecheck", "disable"], configured(fake))).code,
    ]) {
      using project = createFixtureProject(sampleApp);
      await using fake = await startFakeDeployment();
      expect(await run(project.root, fake)).toBe(0);
      const [request] = fake.to("/api/deploy2/start_push");
      expect(request?.headers).toMatchObject({
        "content-encoding": "br",
        authorization: `Convex ${adminKey}`,
        "convex-client": "npm-cli-1.48.0",
      });
      bodies.push(request?.body as StartPushRequest);
    }
    const [theirs, ours] = bodies as [StartPushRequest, StartPushRequest];
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(Object.keys(ours.appDefinition).sort()).toEqual(Object.keys(theirs.appDefinition).sort());
    const outline = ({ appDefinition: app }: StartPushRequest) => ({
      definition: app.definition?.path,
      schema: [app.schema?.path, app.schema?.environment],
      modules: app.changedModules
        .map(
          (module) => `${withoutChunkHash(module.path)} ${module.environment} ${Object.keys(module).sort()}`,
        )
        .sort(),
      unchanged: app.unchangedModuleHashes,
      version: app.udfServerVersion,
    });
    expect(outline(ours)).toEqual(outline(theirs));
    expect(outline(ours).modules.map((line) => line.split(" ")[0])).toEqual(
      expect.arrayContaining(["deep/er/stats.js", "plain.js", "auth.config.js", "crons.js", "lib/shout.js"]),
    );
    for (const name of ["auth.config.js", "plain.js"]) {
      const hashes = bodies.map((body) =>
        moduleHash(body.appDefinition.changedModules.find((m) => m.path === name)!),
      );
      expect(hashes[0], `${name} is byte for byte the same`).toBe(hashes[1]);
    }
  }, 60_000);

  test("sends only modules that the deployment does not have yet", async () => {
    using project = createFixtureProject({
      "convex/a.ts": "export const a = 1;\n",
      "convex/b.ts": "export const b = 2;\n",
    });
    await using fake = await startFakeDeployment();
    const app = await bundleFunctions(project.root);
    const moduleHashes = app.modules.map((module) => ({
      path: module.path,
      hash: moduleHash(module),
      environment: module.environment,
    }));
    fake.answer("/api/get_config_hashes", { body: { config: { functions: "convex/" }, moduleHashes } });
    project.write("convex/b.ts", "export const b = 3;\n");
    await pushModules({ url: fake.url, adminKey }, await bundleFunctions(project.root));
    const [request] = fake.to("/api/deploy2/start_push");
    const { appDefinition } = request!.body as StartPushRequest;
    expect(appDefinition.changedModules.map(({ path }) => path)).toEqual(["b.js"]);
    expect(appDefinition.unchangedModuleHashes).toEqual([
      {
        path: "a.js",
        environment: "isolate",
        sha256: moduleHashes.find(({ path }) => path === "a.js")?.hash,
      },
    ]);
  });

  test("echoes the whole answer of start_push when it finishes", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    await pushModules({ url: fake.url, adminKey }, await bundleFunctions(project.root), { message: "hello" });
    expect(fake.to("/api/deploy2/finish_push")[0]?.body).toMatchObject({
      adminKey,
      dryRun: false,
      message: "hello",
      startPush: { externalDepsId: null, app: { definitionPath: "" }, analysis: { "": { schema: null } } },
    });
    expect(fake.requests.map(({ path }) => path.split("/").at(-1))).toEqual([
      "get_config_hashes",
      "start_push",
      "wait_for_schema",
      "finish_push",
      "report_push_completed",
    ]);
  });

  test("starts over when something changed on the deployment meanwhile", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    let polls = 0;
    fake.answer("/api/deploy2/wait_for_schema", () => ({
      body: polls++ === 0 ? { type: "raceDetected" } : { type: "complete" },
    }));
    await pushModules({ url: fake.url, adminKey }, await bundleFunctions(project.root));
    expect(fake.to("/api/deploy2/start_push")).toHaveLength(2);
    expect(fake.to("/api/deploy2/finish_push")).toHaveLength(1);
  });

  test("tells how far the schema change is until it is complete", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    const states = [
      {
        type: "inProgress",
        components: { "": { schemaValidationComplete: false, indexesComplete: 1, indexesTotal: 3 } },
      },
      { type: "complete" },
    ];
    fake.answer("/api/deploy2/wait_for_schema", () => ({ body: states.shift() }));
    const told: string[] = [];
    await pushModules({ url: fake.url, adminKey }, await bundleFunctions(project.root), {
      onProgress: (text) => told.push(text),
    });
    expect(told.join("\n")).toContain(
      "filling indexes (1 of 3 ready), checking documents against the schema",
    );
  });

  test.each([
    [
      "AuthConfigMissingEnvironmentVariable",
      "Environment variable ISSUER is used in auth config file but its value was not set",
      "npx convex env set ISSUER",
      "environment",
    ],
    [
      "MissingEnvironmentVariables",
      "Required environment variables are not set: A, B. Set them",
      "npx convex env set B",
      "environment",
    ],
    ["InvalidSchema", "Table name _x is reserved", "Table name _x is reserved", "files"],
  ])("names the remedy for %s", async (code, message, advice, remedy) => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    fake.answer("/api/deploy2/start_push", { status: 400, body: { code, message } });
    const pushing = pushModules({ url: fake.url, adminKey }, await bundleFunctions(project.root));
    await expect(pushing).rejects.toMatchObject({
      code,
      message: expect.stringContaining(advice),
      remedy: { type: remedy },
    });
    expect(fake.to("/api/deploy2/start_push")).toHaveLength(1);
  });
});
