import path from "node:path";
import { describe, expect, test } from "vitest";
import { createFixtureProject } from "../testing/fixture_project.ts";
import { selectDeployment } from "./selection.ts";

const pair = (name: string) =>
  `CONVEX_SELF_HOSTED_URL=http://${name}:3210\nCONVEX_SELF_HOSTED_ADMIN_KEY=${name}|key\n`;
const url = (root: string, options = {}, environment = {}): string => {
  const selection = selectDeployment(root, options, environment);
  return selection.type === "local" ? "local" : selection.deployment.url;
};

describe("the deployment that a command works on", () => {
  test("is the first that is named: --env-file, --url, the environment, .env.local, .env", () => {
    using project = createFixtureProject({
      ".env": pair("env"),
      ".env.local": pair("local"),
      "prod.env": pair("prod"),
    });
    const environment = { CONVEX_SELF_HOSTED_URL: "http://shell:1/", CONVEX_SELF_HOSTED_ADMIN_KEY: "k" };
    const flags = { url: "http://flag:1", adminKey: "k" };
    const envFile = path.join(project.root, "prod.env");
    expect(url(project.root, { envFile, ...flags }, environment)).toBe("http://prod:3210");
    expect(url(project.root, flags, environment)).toBe("http://flag:1");
    expect(url(project.root, {}, environment)).toBe("http://shell:1");
    expect(url(project.root)).toBe("http://local:3210");
    project.write(".env.local", "");
    expect(url(project.root)).toBe("http://env:3210");
    project.write(".env", "CONVEX_DEPLOYMENT=anonymous:x");
    expect(url(project.root)).toBe("local");
  });

  test.each([
    [{ CONVEX_SELF_HOSTED_URL: "http://x" }, "CONVEX_SELF_HOSTED_ADMIN_KEY is not"],
    [{ CONVEX_SELF_HOSTED_ADMIN_KEY: "k" }, "CONVEX_SELF_HOSTED_URL is not"],
    [{ CONVEX_SELF_HOSTED_URL: "x:1", CONVEX_SELF_HOSTED_ADMIN_KEY: "k" }, "must look like http://"],
    [
      { CONVEX_SELF_HOSTED_URL: "http://x", CONVEX_SELF_HOSTED_ADMIN_KEY: "k", CONVEX_DEPLOYMENT: "dev:a" },
      "contradict",
    ],
    [{ CONVEX_DEPLOYMENT: "dev:happy-animal-1" }, "Convex cloud"],
    [{ CONVEX_DEPLOY_KEY: "prod:x|secret" }, "Convex cloud"],
  ])("is refused with an explanation for %j", (environment, message) => {
    using project = createFixtureProject({});
    const select = () => selectDeployment(project.root, {}, environment as Record<string, string>);
    expect(select).toThrow(message);
    expect(select).not.toThrow("secret");
  });

  test("needs --url and --admin-key together, and an --env-file that names one", () => {
    using project = createFixtureProject({ "empty.env": "A=1\n" });
    expect(() => url(project.root, { url: "http://x" })).toThrow("--admin-key is missing");
    expect(() => url(project.root, { envFile: path.join(project.root, "empty.env") })).toThrow(
      "names no deployment",
    );
    expect(() => url(project.root, { envFile: "no.env" })).toThrow("there is no file");
  });
});
