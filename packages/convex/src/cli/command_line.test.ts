import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { adminKey, type FakeDeployment, startFakeDeployment } from "./testing/fake_deployment.ts";
import { createFixtureProject, sampleApp } from "./testing/fixture_project.ts";
import { runConvex, startConvex } from "./testing/run_convex.ts";

const configured = (fake: FakeDeployment) => ({
  CONVEX_SELF_HOSTED_URL: fake.url,
  CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey,
});

describe("convex run", () => {
  test("prints the result as JSON to stdout, and everything else to stderr", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    const value = [{ body: "hi", n: { $integer: "AQAAAAAAAAA=" } }];
    fake.answer("/api/function", { body: { status: "success", value, logLines: ["[LOG] 'x'"] } });
    const { code, stdout, stderr } = await runConvex(
      project.root,
      ["run", "messages:list", "{a: 'b'}"],
      configured(fake),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(value);
    expect(stderr).toBe("[LOG] 'x'\n");
    expect(fake.to("/api/function")[0]?.body).toEqual({
      path: "messages:list",
      format: "convex_encoded_json",
      args: { a: "b" },
    });
  });

  test("acts as the given user", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.answer("/api/function", { body: { status: "success", value: null } });
    const { stdout } = await runConvex(
      project.root,
      ["run", "a:b", "--identity", '{"subject": "u1", "name": "Ann"}'],
      configured(fake),
    );
    expect(stdout).toBe("");
    const [, encoded] = (fake.to("/api/function")[0]?.headers.authorization ?? "").split(`${adminKey}:`);
    expect(JSON.parse(Buffer.from(encoded ?? "", "base64").toString())).toEqual({
      subject: "u1",
      name: "Ann",
      issuer: "https://convex.test",
      tokenIdentifier: "https://convex.test|u1",
    });
  });

  test("fails with the function's error, its data, and the names that do exist", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.setQuery("_system/cli/modules:apiSpec", [
      { functionType: "Query", identifier: "messages.js:list" },
      { functionType: "HttpAction", method: "GET", path: "/x" },
    ]);
    const errorMessage = "Could not find function for 'messages:lst'";
    fake.answer("/api/function", { body: { status: "error", errorMessage, errorData: { why: 1 } } });
    const { code, stdout, stderr } = await runConvex(project.root, ["run", "messages:lst"], configured(fake));
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(errorMessage);
    expect(stderr).toContain('Data: {"why":1}');
    expect(stderr).toContain("These functions exist:\n  messages:list\n");
  });

  test("tells what is wrong with the call even when the names cannot be had", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.setQuery("_system/cli/modules:apiSpec", new Error("You do not have permission"));
    const errorMessage = "Could not find function for 'messages:lst'";
    fake.answer("/api/function", { body: { status: "error", errorMessage } });
    const { stderr } = await runConvex(project.root, ["run", "messages:lst"], configured(fake));
    expect(stderr).toContain(errorMessage);
    expect(stderr).toContain("could not be found out: _system/cli/modules:apiSpec failed: You do not have");
  });

  test("never sends a call twice", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.answer("/api/function", { status: 503, body: { code: "Overloaded", message: "Too busy" } });
    const { code, stderr } = await runConvex(project.root, ["run", "a:b"], configured(fake));
    expect(code).toBe(1);
    expect(stderr).toContain("Too busy");
    expect(fake.to("/api/function")).toHaveLength(1);
  });

  test("--watch prints each new result, also after a lost connection", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.setQuery("messages:count", 1);
    const run = startConvex(project.root, ["run", "messages:count", "--watch"], configured(fake));
    await fake.waitForQuery("messages:count");
    await run.said("Watching messages:count");
    fake.setQuery("messages:count", 2);
    fake.disconnect();
    await run.said("is lost");
    await fake.waitForQuery("messages:count");
    run.stop();
    expect(await run.exitCode).toBe(0);
    expect(run.stdout.split("\n")).toEqual(expect.arrayContaining(["1", "2"]));
  });

  test("says what is wrong with arguments that are no JSON object", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    for (const args of ["{", "[1]", '{"a": {"$integer": 3}}']) {
      const { code, stderr } = await runConvex(project.root, ["run", "a:b", args], configured(fake));
      expect(code, args).toBe(1);
      expect(stderr).toMatch(/arguments/);
    }
    expect(fake.requests).toEqual([]);
  });
});

describe("convex env", () => {
  test.each([
    [["env", "set", "NAME", "a value"], "a value"],
    [["env", "set", "NAME=a=b"], "a=b"],
    [["env", "set", "NAME", "--", "-----BEGIN KEY-----"], "-----BEGIN KEY-----"],
  ])("%j sets the value", async (args, value) => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    expect((await runConvex(project.root, args, configured(fake))).code).toBe(0);
    expect(fake.to("/api/update_environment_variables")[0]?.body).toEqual({
      changes: [{ name: "NAME", value }],
    });
  });

  test("set reads the value from a pipe or a file", async () => {
    using project = createFixtureProject({ "key.pem": "line 1\nline 2\n" });
    await using fake = await startFakeDeployment();
    await runConvex(project.root, ["env", "set", "PIPED"], configured(fake), "secret\n");
    await runConvex(project.root, ["env", "set", "FILE", "--from-file", "key.pem"], configured(fake));
    expect(fake.to("/api/update_environment_variables").map(({ body }) => body)).toEqual([
      { changes: [{ name: "PIPED", value: "secret" }] },
      { changes: [{ name: "FILE", value: "line 1\nline 2\n" }] },
    ]);
  });

  test("set --from-file leaves out the command's own variables, and overwrites only with --force", async () => {
    using project = createFixtureProject({
      "vars.env": "# note\nA=1\nB='two words'\nCONVEX_SELF_HOSTED_URL=x\n",
    });
    await using fake = await startFakeDeployment();
    fake.setQuery("_system/cli/queryEnvironmentVariables", [{ name: "A", value: "0" }]);
    const refused = await runConvex(
      project.root,
      ["env", "set", "--from-file", "vars.env"],
      configured(fake),
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("other values for A");
    const forced = await runConvex(
      project.root,
      ["env", "set", "--from-file", "vars.env", "--force"],
      configured(fake),
    );
    expect(forced.code).toBe(0);
    expect(fake.to("/api/update_environment_variables").map(({ body }) => body)).toEqual([
      {
        changes: [
          { name: "A", value: "1" },
          { name: "B", value: "two words" },
        ],
      },
    ]);
  });

  test("list prints what a .env file needs, get prints the bare value, remove removes", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    const variables = [
      { name: "PLAIN", value: "https://x.example/a" },
      { name: "SPACED", value: " it's " },
    ];
    fake.setQuery("_system/cli/queryEnvironmentVariables", variables);
    fake.setQuery("_system/cli/queryEnvironmentVariables:get", variables[1]);
    const listed = await runConvex(project.root, ["env", "list"], configured(fake));
    expect(listed.stdout).toBe('PLAIN=https://x.example/a\nSPACED=" it\'s "\n');
    const got = await runConvex(project.root, ["env", "get", "SPACED"], configured(fake));
    expect(got.stdout).toBe(" it's \n");
    await runConvex(project.root, ["env", "remove", "PLAIN"], configured(fake));
    expect(fake.to("/api/update_environment_variables")[0]?.body).toEqual({
      changes: [{ name: "PLAIN", value: null }],
    });
  });
});

describe("convex data", () => {
  test("lists tables, and documents in each format", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.setQuery("_system/cli/tables", {
      page: [{ name: "users" }, { name: "messages" }],
      isDone: true,
      continueCursor: "",
    });
    const page = [
      { _id: "b", _creationTime: 2, n: { $integer: "AgAAAAAAAAA=" } },
      { _id: "a", _creationTime: 1, body: "hi" },
    ];
    fake.setQuery("_system/cli/tableData", { page, isDone: true, continueCursor: "" });
    const run = async (...args: string[]) =>
      (await runConvex(project.root, ["data", ...args], configured(fake))).stdout;
    expect(await run()).toBe("messages\nusers\n");
    expect(await run("messages", "--format", "jsonl")).toBe(
      '{ "_creationTime": 2, "_id": "b", "n": 2n }\n{ "_creationTime": 1, "_id": "a", "body": "hi" }\n'.replaceAll(
        /\{ ("_creationTime": \d), ("_id": "\w"), /g,
        "{ $2, $1, ",
      ),
    );
    expect(await run("messages")).toBe(
      '_id | _creationTime | body | n\n----|---------------|------|---\n"b" | 2             |      | 2n\n"a" | 1             | "hi" |\n',
    );
  });
});

describe("convex logs", () => {
  test("--jsonl prints the history as it came", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    const entries = [1, 2, 3].map((timestamp) => ({
      kind: "Completion",
      identifier: "a:b",
      udfType: "Query",
      timestamp,
      logLines: [],
    }));
    let polled = false;
    fake.answer("/api/stream_function_logs", () => {
      if (polled) return new Promise<never>(() => undefined);
      polled = true;
      return { body: { entries, newCursor: 3 } };
    });
    const logs = startConvex(project.root, ["logs", "--history", "2", "--jsonl"], configured(fake));
    await fake.waitFor("/api/stream_function_logs", 2);
    logs.stop();
    expect(await logs.exitCode).toBe(0);
    expect(
      logs.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).timestamp),
    ).toEqual([2, 3]);
  });

  test("ends with an error when the key is refused", async () => {
    using project = createFixtureProject({});
    await using fake = await startFakeDeployment();
    fake.answer("/api/stream_function_logs", {
      status: 403,
      body: { code: "BadDeployKey", message: "Bad key" },
    });
    const { code, stderr } = await runConvex(project.root, ["logs"], configured(fake));
    expect(code).toBe(1);
    expect(stderr).toContain("CONVEX_SELF_HOSTED_ADMIN_KEY");
  });
});

describe("convex deploy", () => {
  test("checks, pushes and tells the deployment why", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    const { code, stderr } = await runConvex(
      project.root,
      ["deploy", "-y", "--message", "first"],
      configured(fake),
    );
    expect(stderr).toContain("Deployed to");
    expect(code).toBe(0);
    expect(fake.requests.map((request) => request.path.split("/").at(-1))).toEqual([
      "get_config_hashes",
      "evaluate_schema",
      "start_push",
      "wait_for_schema",
      "finish_push",
      "report_push_completed",
    ]);
    expect(fake.to("/api/deploy2/finish_push")[0]?.body).toMatchObject({ message: "first" });
  });

  test("--cmd gets the address of the deployment, and its failure stops the deploy", async () => {
    using project = createFixtureProject(sampleApp, { vite: "8" });
    await using fake = await startFakeDeployment();
    const save = `node -e "require('fs').writeFileSync('seen', process.env.VITE_CONVEX_URL)"`;
    const good = await runConvex(
      project.root,
      ["deploy", "--typecheck", "disable", "--cmd", save],
      configured(fake),
    );
    expect(good.code).toBe(0);
    expect(readFileSync(path.join(project.root, "seen"), "utf8")).toBe(fake.url);
    const bad = await runConvex(project.root, ["deploy", "--cmd", "exit 3"], configured(fake));
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain("exit code 3");
    expect(fake.to("/api/deploy2/finish_push")).toHaveLength(1);
  });

  test("--dry-run pushes nothing and says so to the deployment", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    const { code } = await runConvex(
      project.root,
      ["deploy", "--dry-run", "--typecheck", "disable"],
      configured(fake),
    );
    expect(code).toBe(0);
    expect(fake.to("/api/deploy2/start_push")[0]?.body).toMatchObject({ dryRun: true });
    expect(fake.to("/api/deploy2/finish_push")[0]?.body).toMatchObject({ dryRun: true });
  });

  test("needs a configured deployment", async () => {
    using project = createFixtureProject(sampleApp);
    const { code, stderr } = await runConvex(project.root, ["deploy"]);
    expect(code).toBe(1);
    expect(stderr).toContain("CONVEX_SELF_HOSTED_URL");
  });
});

describe("every command", () => {
  test("never writes the admin key, whatever the deployment answers", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    const message = `The key ${adminKey} is no good`;
    fake.answer("/api/get_config_hashes", { status: 403, body: { code: "BadDeployKey", message } });
    fake.answer("/api/update_environment_variables", {
      status: 403,
      body: { code: "BadDeployKey", message },
    });
    for (const args of [["deploy"], ["dev", "--once"], ["env", "set", "A", "1", "--verbose"]]) {
      const { code, stdout, stderr } = await runConvex(project.root, args, configured(fake));
      expect(code).toBe(1);
      expect(stderr).toContain("The key [admin key] is no good");
      expect(stdout + stderr).not.toContain(adminKey);
    }
  });

  test("explains itself with --help", async () => {
    for (const name of ["dev", "deploy", "run", "env", "data", "logs", "codegen"]) {
      const { code, stdout } = await runConvex(process.cwd(), [name, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: convex ${name}`);
    }
  });

  test("suggests the command that was meant", async () => {
    const { code, stderr } = await runConvex(process.cwd(), ["deplyo"]);
    expect(code).toBe(1);
    expect(stderr).toContain("deploy");
  });
});

describe("convex codegen", () => {
  test("needs no deployment where the files tell everything, and changes nothing the second time", async () => {
    using project = createFixtureProject(sampleApp);
    const first = await runConvex(project.root, ["codegen"]);
    expect(first.code).toBe(0);
    expect(existsSync(path.join(project.root, "convex/_generated/api.d.ts"))).toBe(true);
    expect((await runConvex(project.root, ["codegen", "--typecheck", "disable"])).stderr).toContain(
      "up to date",
    );
  });

  test("asks a configured deployment, and pushes nothing to it", async () => {
    using project = createFixtureProject(sampleApp);
    await using fake = await startFakeDeployment();
    expect(
      (await runConvex(project.root, ["codegen", "--typecheck", "disable"], configured(fake))).code,
    ).toBe(0);
    expect(fake.requests.map((request) => request.path)).toEqual([
      "/api/get_config_hashes",
      "/api/deploy2/start_push",
    ]);
  });

  test("--dry-run prints the files and writes none", async () => {
    using project = createFixtureProject(sampleApp);
    const { stdout } = await runConvex(project.root, ["codegen", "--dry-run"]);
    expect(stdout).toContain("// convex/_generated/api.d.ts");
    expect(existsSync(path.join(project.root, "convex/_generated"))).toBe(false);
  });
});
