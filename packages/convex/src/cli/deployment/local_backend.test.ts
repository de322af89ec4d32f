import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTerminal } from "../terminal/terminal.ts";
import { createFixtureProject, type FixtureProject } from "../testing/fixture_project.ts";
import {
  findProgram,
  type LocalBackend,
  type LocalBackendOptions,
  startLocalBackend,
} from "./local_backend.ts";

/** Starts a backend that is gone after the test, however the test ends. */
async function startBackend(options: LocalBackendOptions): Promise<LocalBackend> {
  const backend = await startLocalBackend(options);
  onTestFinished(() => backend.stop());
  return backend;
}

/** Does what the command needs of the `tandem` program: listens, says where, leaves `instance.json`. */
const program = `
import { createServer } from "node:http";
import { mkdirSync, writeFileSync, rmSync } from "node:fs";
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const port = Number(option("--backend-port"));
const backendUrl = "http://127.0.0.1:" + port, siteUrl = "http://127.0.0.1:" + option("--site-port");
createServer((request, response) => response.end("site")).listen(Number(option("--site-port")), "127.0.0.1");
const file = option("--data") + "/instance.json";
const ready = { backendUrl, siteUrl, adminKey: "self|fedcba" };
createServer((request, response) => {
  if (request.url === "/api/check_admin_key" && request.headers.authorization !== "Convex self|fedcba") response.statusCode = 403;
  response.end("tandem");
}).listen(port, "127.0.0.1", () => {
  mkdirSync(option("--data"), { recursive: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, ...ready }), { mode: 0o600 });
  console.log("starting ...");
  console.log(JSON.stringify(ready));
});
process.on("SIGTERM", () => { rmSync(file, { force: true }); process.exit(0); });
`;

function optionsFor(project: FixtureProject, source = program): LocalBackendOptions & { said: string[] } {
  project.write("tandem.mjs", source);
  const said: string[] = [];
  const stderr = { write: (text: string) => said.push(text) };
  return {
    projectRoot: project.root,
    dataDir: path.join(project.root, ".tandem"),
    environment: { TANDEM_PROGRAM: path.join(project.root, "tandem.mjs") },
    terminal: createTerminal({ stdout: stderr, stderr, verbose: true }),
    said,
  };
}

describe("the local backend", () => {
  test("is started, found by a second command, and gone after the first has ended", async () => {
    using project = createFixtureProject({});
    const options = optionsFor(project);
    const first = await startBackend(options);
    expect(first.ours).toBe(true);
    expect(await (await fetch(`${first.url}/instance_name`)).text()).toBe("tandem");
    const second = await startBackend(options);
    expect(second).toMatchObject({ ours: false, url: first.url, adminKey: first.adminKey });
    await second.stop();
    expect((await fetch(`${first.url}/instance_name`)).ok).toBe(true);
    await first.stop();
    await expect(fetch(`${first.url}/instance_name`)).rejects.toThrow();
    expect(await first.ended).toBe("");
  });

  test("takes free ports when the usual ones are in use", async () => {
    using one = createFixtureProject({});
    using other = createFixtureProject({});
    const backends = [await startBackend(optionsFor(one)), await startBackend(optionsFor(other))];
    const urls = backends.flatMap(({ url, siteUrl }) => [url, siteUrl]);
    expect(new Set(urls).size).toBe(4);
    await Promise.all(backends.map((backend) => backend.stop()));
  });

  test("is started anew over the instance.json of one that crashed", async () => {
    using project = createFixtureProject({
      ".tandem/instance.json":
        '{"pid":1,"backendUrl":"http://127.0.0.1:9","siteUrl":"http://127.0.0.1:9","adminKey":"k"}',
    });
    const backend = await startBackend(optionsFor(project));
    expect(backend.ours).toBe(true);
    await backend.stop();
  });

  test("is started anew when another project's has the port of one that crashed", async () => {
    using other = createFixtureProject({});
    const { url, siteUrl } = await startBackend(optionsFor(other));
    using project = createFixtureProject({
      ".tandem/instance.json": JSON.stringify({ pid: 1, backendUrl: url, siteUrl, adminKey: "self|crashed" }),
    });
    const backend = await startBackend(optionsFor(project));
    expect(backend.ours).toBe(true);
    expect(backend.url).not.toBe(url);
  });

  test("that fails to start says why, and that ends by itself is noticed", async () => {
    using project = createFixtureProject({});
    await expect(
      startLocalBackend(optionsFor(project, 'console.error("disk full"); process.exit(3)')),
    ).rejects.toThrow("The local backend did not start: it ended with exit code 3. It said:\ndisk full");
    const backend = await startBackend(optionsFor(project));
    const { pid } = JSON.parse(readFileSync(path.join(project.root, ".tandem/instance.json"), "utf8"));
    process.kill(pid, "SIGKILL");
    expect(await backend.ended).toContain("ended by itself (it was ended by SIGKILL)");
  });

  test("is the package that the project has installed, unless TANDEM_PROGRAM names another", () => {
    using project = createFixtureProject({
      "node_modules/@tandem/tandem/package.json":
        '{"name":"@tandem/tandem","bin":{"tandem":"./bin/tandem.js"}}',
    });
    expect(findProgram(project.root, {})).toEqual({
      command: process.execPath,
      args: [path.join(project.root, "node_modules/@tandem/tandem/bin/tandem.js")],
    });
    expect(() => findProgram(project.root, { TANDEM_PROGRAM: "/nowhere" })).toThrow("no such file");
  });
});
