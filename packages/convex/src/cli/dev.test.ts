import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { StartPushRequest } from "@tandem/protocol";
import { describe, expect, test } from "vitest";
import type { BundledModule } from "./push/module.ts";
import { adminKey, type FakeDeployment, startFakeDeployment } from "./testing/fake_deployment.ts";
import { createFixtureProject, sampleApp } from "./testing/fixture_project.ts";
import { runConvex, startConvex } from "./testing/run_convex.ts";

const configured = (fake: FakeDeployment) => ({
  CONVEX_SELF_HOSTED_URL: fake.url,
  CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
});
const quick = ["--typecheck", "disable", "--tail-logs", "disable"];
const sent = (request: { body: unknown }, name: string): BundledModule | undefined =>
  (request.body as StartPushRequest).appDefinition.changedModules.find((module) => module.path === name);

describe("convex dev", () => {
  test("pushes a saved file, and generates references to a new one", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    const dev = startConvex(project.root, ["dev", ...quick], configured(fake));
    await dev.said("Watching for changes");
    project.write("convex/plain.js", "export const answer = 43;\n");
    expect(sent(await fake.waitFor("/api/deploy2/start_push", 2), "plain.js")?.source).toContain("43");
    project.write("convex/fresh.ts", "export const fresh = 1;\n");
    expect(sent(await fake.waitFor("/api/deploy2/start_push", 3), "fresh.js")).toBeDefined();
    await fake.waitFor("/api/deploy2/finish_push", 3);
    expect(readFileSync(path.join(project.root, "convex/_generated/api.d.ts"), "utf8")).toContain(
      '"../fresh.js"',
    );
    dev.stop();
    expect(await dev.exitCode).toBe(0);
  });

  test("pushes when a file outside the functions folder that they import changes", async () => {
    using project = createFixtureProject({
      "shared/name.ts": 'export const name = "old";\n',
      "convex/a.ts": 'import { name } from "../shared/name";\nexport const greeting = () => name;\n',
    });
    await using fake = await startFakeDeployment();
    const dev = startConvex(project.root, ["dev", ...quick], configured(fake));
    await dev.said("Watching for changes");
    project.write("shared/name.ts", 'export const name = "new";\n');
    expect(sent(await fake.waitFor("/api/deploy2/start_push", 2), "a.js")?.source).toContain("new");
    dev.stop();
    await dev.exitCode;
  });

  test("goes on after a syntax error as soon as it is corrected", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = ;\n" });
    await using fake = await startFakeDeployment();
    const dev = startConvex(project.root, ["dev", ...quick], configured(fake));
    await dev.said("convex/a.ts:1:17");
    await dev.said("Waiting for a file to change");
    project.write("convex/a.ts", "export const a = 1;\n");
    await dev.said("Functions ready");
    dev.stop();
    await dev.exitCode;
  });

  test("names a variable that auth.config needs, and goes on when it is set", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    fake.setQuery("_system/cli/queryEnvironmentVariables", []);
    const pass = await fakeMissingVariable(fake);
    const dev = startConvex(project.root, ["dev", "--until-success", ...quick], configured(fake));
    await dev.said("npx convex env set ISSUER");
    await fake.waitForQuery("_system/cli/queryEnvironmentVariables");
    pass();
    fake.setQuery("_system/cli/queryEnvironmentVariables", [{ name: "ISSUER", value: "https://x.example" }]);
    expect(await dev.exitCode).toBe(0);
    expect(fake.to("/api/deploy2/finish_push")).toHaveLength(1);
  });

  test("tells which table breaks the schema, and goes on when its documents change", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    const failed = { type: "failed", error: "Document has no `name`", componentPath: "", tableName: "users" };
    fake.answer("/api/deploy2/wait_for_schema", { body: failed });
    fake.setQuery("_system/cli/queryTable", 1);
    const dev = startConvex(project.root, ["dev", "--until-success", ...quick], configured(fake));
    await dev.said('does not hold for the documents in "users":\nDocument has no `name`');
    expect(await fake.waitForQuery("_system/cli/queryTable")).toEqual({ args: [{ tableName: "users" }] });
    fake.answer("/api/deploy2/wait_for_schema", { body: { type: "complete" } });
    fake.setQuery("_system/cli/queryTable", 2);
    expect(await dev.exitCode).toBe(0);
  });

  test("reports wrong types beside the push, without holding it up", async () => {
    using project = createFixtureProject({ "convex/a.ts": 'export const a: number = "text";\n' });
    await using fake = await startFakeDeployment();
    const dev = startConvex(project.root, ["dev", "--tail-logs", "disable"], configured(fake));
    await dev.said("Functions ready");
    await dev.said("TS2322");
    dev.stop();
    await dev.exitCode;
  });

  test("with --once, wrong types keep the push from taking effect", async () => {
    using project = createFixtureProject({ "convex/a.ts": 'export const a: number = "text";\n' });
    await using fake = await startFakeDeployment();
    const { code, stderr } = await runConvex(project.root, ["dev", "--once"], configured(fake));
    expect(code).toBe(1);
    expect(stderr).toContain("TS2322");
    expect(fake.to("/api/deploy2/finish_push")).toHaveLength(0);
  });

  test("writes the deployment's address under the names that the framework reads", async () => {
    using project = createFixtureProject(sampleApp, { vite: "8" });
    await using fake = await startFakeDeployment();
    const { code } = await runConvex(project.root, ["dev", "--once", ...quick], configured(fake));
    expect(code).toBe(0);
    expect(readFileSync(path.join(project.root, ".env.local"), "utf8")).toBe(
      `VITE_CONVEX_URL=${fake.url}\nVITE_CONVEX_SITE_URL=${fake.url}/site\n`,
    );
    expect(readFileSync(path.join(project.root, ".gitignore"), "utf8")).toBe(".env.local\n");
    expect(existsSync(path.join(project.root, "convex/tsconfig.json"))).toBe(true);
  });

  test("shows what functions log, and not what they logged before", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    const entry = (text: string) => ({
      kind: "Completion",
      identifier: "a:fn",
      udfType: "Query",
      timestamp: 1,
      logLines: [{ messages: [text], level: "LOG", timestamp: 1000, isTruncated: false }],
      error: null,
    });
    const polls = [
      { entries: [entry("'before'")], newCursor: 1 },
      { entries: [entry("'after'")], newCursor: 2 },
    ];
    fake.answer("/api/stream_function_logs", () => {
      const next = polls.shift();
      return next === undefined ? new Promise<never>(() => undefined) : { body: next };
    });
    const dev = startConvex(project.root, ["dev", "--typecheck", "disable"], configured(fake));
    await dev.said("[Q(a:fn)] [LOG] 'after'");
    expect(dev.stderr).not.toContain("before");
    dev.stop();
    await dev.exitCode;
  });

  test("--run runs a function after the push and prints its result", async () => {
    using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
    await using fake = await startFakeDeployment();
    fake.answer("/api/function", { body: { status: "success", value: { n: 1 } } });
    const { stdout } = await runConvex(
      project.root,
      ["dev", "--once", "--run", "api.a.fn", ...quick],
      configured(fake),
    );
    expect(JSON.parse(stdout)).toEqual({ n: 1 });
    expect(fake.to("/api/function")[0]?.body).toEqual({
      path: "a:fn",
      format: "convex_encoded_json",
      args: {},
    });
  });
});

/** Makes pushes fail for a missing variable until the returned function is called. */
async function fakeMissingVariable(fake: FakeDeployment): Promise<() => void> {
  const { startPushAnswer } = await import("./testing/fake_deployment.ts");
  const message = "Environment variable ISSUER is used in auth config file but its value was not set";
  fake.answer("/api/deploy2/start_push", {
    status: 400,
    body: { code: "AuthConfigMissingEnvironmentVariable", message },
  });
  return () => fake.answer("/api/deploy2/start_push", { body: startPushAnswer });
}
