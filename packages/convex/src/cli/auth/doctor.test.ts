import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createFixtureProject, type FixtureProject } from "../testing/fixture_project.ts";
import { runConvex } from "../testing/run_convex.ts";
import type { Finding } from "./finding.ts";
import { type Issuer, startIssuer } from "./testing/issuer.ts";
import { program, type RealBackend, startRealBackend } from "./testing/real_backend.ts";

let backend: RealBackend;
beforeAll(async () => {
  backend = await startRealBackend();
});
afterAll(() => backend[Symbol.asyncDispose]());

let issuer: Issuer;
beforeEach(async () => {
  issuer = await startIssuer();
  return () => issuer[Symbol.asyncDispose]();
});

interface Examined {
  readonly code: number;
  readonly findings: readonly Finding[];
  readonly verdict: string;
  /** Everything that was written. */
  readonly written: string;
  found(code: string): Finding | undefined;
}

interface How {
  /** The issuer runs as the identity server beside the local backend. */
  readonly beside?: boolean;
  readonly token?: string;
  readonly environment?: Record<string, string>;
}

async function doctor(project: FixtureProject, how: How = {}): Promise<Examined> {
  const args = ["auth", "doctor", "--json"];
  if (how.beside) args.push("--data", backend.dataBeside(issuer));
  if (how.token !== undefined) args.push("--token");
  const environment = { ...(how.beside ? {} : backend.configured), ...how.environment };
  const { code, stdout, stderr } = await runConvex(project.root, args, environment, how.token);
  if (stdout === "") throw new Error(`The doctor printed nothing. It said:\n${stderr}`);
  const { findings, verdict } = JSON.parse(stdout) as { findings: Finding[]; verdict: string };
  const found = (wanted: string) => findings.find((finding) => finding.code === wanted);
  return { code, findings, verdict, written: stdout + stderr, found };
}

const withVariable = `
  import { AuthConfig } from "convex/server";
  export default {
    providers: [
      {
        // Replace with your own Clerk Issuer URL from your "convex" JWT template
        // or with \`process.env.CLERK_JWT_ISSUER_DOMAIN\`
        domain: process.env.CLERK_JWT_ISSUER_DOMAIN!,
        applicationID: "convex",
      },
    ],
  } satisfies AuthConfig;
`;

function configOf(...providers: object[]): string {
  return `export default ${JSON.stringify({ providers })};\n`;
}

/** An app of the guide whose auth config was pushed. */
async function pushedApp(config = withVariable, domain = issuer.url): Promise<FixtureProject> {
  const project = createFixtureProject(
    {
      "convex/auth.config.ts": config,
      ".env": `VITE_CLERK_PUBLISHABLE_KEY=${issuer.publishableKey}\n`,
    },
    { vite: "*", "@clerk/clerk-react": "*" },
  );
  await backend.setVariables({ CLERK_JWT_ISSUER_DOMAIN: domain });
  await backend.push(project);
  return project;
}

/** A deployment to which nothing with authentication was pushed. */
async function emptyDeployment(): Promise<void> {
  using project = createFixtureProject({ "convex/a.ts": "export const a = 1;\n" });
  await backend.push(project);
  await backend.setVariables({ CLERK_JWT_ISSUER_DOMAIN: null });
}

describe("an app that is set up as the guide says", () => {
  test("is well, and a token of its template is accepted", async () => {
    using project = await pushedApp();
    const { code, findings, verdict } = await doctor(project, { beside: true, token: issuer.token() });
    expect(findings.map(({ level, code: name }) => `${level} ${name}`)).toEqual([
      "good auth_config_present",
      "good providers_pushed",
      "good issuer_answers",
      "good keys_usable",
      "good clocks_agree",
      "good publishable_key_fits",
      "good jwt_template_fits",
      "good token_fits",
      "good token_accepted",
    ]);
    expect(verdict).toBe("All is well.");
    expect(code).toBe(0);
  });

  test("is told in marked lines, which end with one sentence", async () => {
    using project = await pushedApp();
    const { code, stdout } = await runConvex(project.root, ["auth", "doctor"], backend.configured);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe(
      "✓ convex/auth.config.ts is there and reads CLERK_JWT_ISSUER_DOMAIN, which the deployment has.",
    );
    expect(lines.filter((line) => !/^[✓!✗ ]/.test(line))).toEqual(["All is well, and 1 warning."]);
    expect(code).toBe(0);
  });

  test("gets no call to an instance elsewhere, but is told how to check its template there", async () => {
    using project = await pushedApp();
    const { found } = await doctor(project);
    expect(found("jwt_template_elsewhere")).toMatchObject({
      level: "warning",
      remedy: expect.stringContaining('named exactly "convex"'),
    });
  });

  test("is looked at without changing a file or a variable", async () => {
    await emptyDeployment();
    using project = createFixtureProject({ "convex/auth.config.ts": withVariable });
    await doctor(project, { beside: true });
    expect((await doctor(project, { beside: true })).found("variable_unset")).toBeDefined();
    expect((await doctor(project, { beside: true })).found("no_providers")).toBeDefined();
  });
});

describe("the project", () => {
  test("without auth.config.ts gets one to write", async () => {
    await emptyDeployment();
    using project = createFixtureProject({ "convex/a.ts": "" });
    const { code, found } = await doctor(project, { beside: true });
    expect(found("auth_config_missing")?.remedy).toContain("process.env.CLERK_JWT_ISSUER_DOMAIN!");
    expect(found("auth_config_missing")?.remedy).toContain(issuer.url);
    expect(code).toBe(1);
  });

  test("with the file beside package.json is told where it belongs", async () => {
    using project = createFixtureProject({ "auth.config.ts": withVariable, "convex/a.ts": "" });
    expect((await doctor(project)).found("auth_config_misplaced")?.remedy).toBe(
      "Move it to convex/auth.config.ts.",
    );
  });

  test("with a file that cannot be bundled, or that the deployment refuses, is told why", async () => {
    using project = createFixtureProject({ "convex/auth.config.ts": "export default {" });
    expect((await doctor(project)).found("auth_config_broken")?.text).toContain("auth.config.ts:1");
    project.write("convex/auth.config.ts", configOf({ domain: issuer.url, applicationId: "convex" }));
    expect((await doctor(project)).found("auth_config_refused")?.text).toContain("applicationID");
  });

  test("with a variable that stands in .env only is told to set it on the deployment", async () => {
    await emptyDeployment();
    using project = createFixtureProject({
      "convex/auth.config.ts": `// Not \`process.env.SOME_OTHER_NAME\`.\n${withVariable}`,
      ".env": `CLERK_JWT_ISSUER_DOMAIN=${issuer.url}\n`,
    });
    const { findings } = await doctor(project, { beside: true });
    const unset = findings.filter(({ code }) => code === "variable_unset");
    expect(unset).toEqual([
      expect.objectContaining({
        text: expect.stringContaining("CLERK_JWT_ISSUER_DOMAIN"),
        meaning: expect.stringContaining(".env,"),
        remedy: `npx convex env set CLERK_JWT_ISSUER_DOMAIN ${issuer.url}`,
      }),
    ]);
  });

  test("with the address of a local issuer that has moved gets the new one", async () => {
    using project = await pushedApp(withVariable, "http://127.0.0.1:9");
    const { found } = await doctor(project, { beside: true });
    expect(found("issuer_outdated")?.remedy).toBe(`npx convex env set CLERK_JWT_ISSUER_DOMAIN ${issuer.url}`);
  });
});

describe("the deployment", () => {
  test("without providers is told to be pushed to", async () => {
    await emptyDeployment();
    await backend.setVariables({ CLERK_JWT_ISSUER_DOMAIN: issuer.url });
    using project = createFixtureProject({ "convex/auth.config.ts": withVariable });
    const { code, found } = await doctor(project, { beside: true });
    expect(found("no_providers")).toMatchObject({
      meaning: expect.stringContaining("has not been pushed"),
      remedy: "npx convex dev",
    });
    expect(code).toBe(1);
  });

  test("with providers from before the last change is told to be pushed to", async () => {
    using project = await pushedApp();
    project.write(
      "convex/auth.config.ts",
      configOf({ domain: "https://clerk.example.com", applicationID: "convex" }),
    );
    expect((await doctor(project)).found("not_pushed")?.meaning).toBe(
      `The file, with the deployment's variables: https://clerk.example.com (applicationID convex)\nThe deployment: ${issuer.url} (applicationID convex)`,
    );
  });

  test("that is not the one which the app talks to is warned of", async () => {
    using project = await pushedApp();
    project.write(".env.local", "VITE_CONVEX_URL=http://127.0.0.1:9\n");
    const other = (await doctor(project)).found("app_of_another_deployment");
    expect(other?.text).toContain("http://127.0.0.1:9 (VITE_CONVEX_URL in .env.local)");
    project.write(".env.local", `VITE_CONVEX_URL=${backend.url.replace("127.0.0.1", "localhost")}\n`);
    expect((await doctor(project)).found("app_of_another_deployment")).toBeUndefined();
  });

  test("with an applicationID other than convex is warned of", async () => {
    using project = await pushedApp(configOf({ domain: issuer.url, applicationID: "Convex" }));
    expect((await doctor(project)).found("application_id")).toMatchObject({
      level: "warning",
      text: expect.stringContaining('"Convex"'),
    });
  });
});

describe("the issuer", () => {
  test("that is not there is a fault with the address and the reason", async () => {
    using project = await pushedApp(withVariable, "http://127.0.0.1:9");
    const unreachable = (await doctor(project)).found("issuer_unreachable");
    expect(unreachable?.text).toMatch(/http:\/\/127\.0\.0\.1:9\/\.well-known\/openid-configuration .*: \S+/);
  });

  test("that is a website is a fault", async () => {
    using project = await pushedApp();
    issuer.say.contentType = "text/html";
    expect((await doctor(project)).found("issuer_content_type")?.text).toContain('"text/html"');
    issuer.say.status = 404;
    expect((await doctor(project)).found("issuer_status")?.text).toContain("status 404");
  });

  test("that calls itself otherwise is a fault, with the command that mends it", async () => {
    using project = await pushedApp();
    issuer.say.name = issuer.url.replace("http:", "https:");
    expect((await doctor(project)).found("issuer_scheme")?.remedy).toBe(
      `npx convex env set CLERK_JWT_ISSUER_DOMAIN ${issuer.say.name}`,
    );
    issuer.say.name = "https://clerk.example.com";
    expect((await doctor(project)).found("issuer_name")?.text).toContain("https://clerk.example.com");
    issuer.say.name = `${issuer.url}/`;
    expect((await doctor(project)).found("issuer_slash")).toMatchObject({ level: "warning" });
  });

  test("whose discovery document lacks what the deployment needs is a fault that names it", async () => {
    using project = await pushedApp();
    delete issuer.say.discovery.subject_types_supported;
    expect((await doctor(project)).found("discovery_malformed")?.text).toContain(
      "lacks subject_types_supported",
    );
  });

  test("without a key that tokens can be verified with is a fault", async () => {
    using project = await pushedApp();
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    issuer.say.keys = { keys: [publicKey.export({ format: "jwk" })] };
    expect((await doctor(project)).found("keys_unusable")?.text).toContain("no key for RS256 or EdDSA");
    issuer.say.keys = { keys: [{ kty: "RSA", n: 1, e: "AQAB" }] };
    expect((await doctor(project)).found("keys_unusable")?.text).toContain("cannot be read");
  });

  test("of another kind (customJwt) has its keys checked where they are", async () => {
    const jwks = `data:text/plain,${encodeURIComponent(JSON.stringify(issuer.say.keys))}`;
    const provider = { type: "customJwt", issuer: issuer.url, jwks, applicationID: "convex" };
    using project = await pushedApp(configOf({ ...provider, algorithm: "RS256" }));
    expect((await doctor(project)).found("keys_usable")).toBeDefined();
    project.write("convex/auth.config.ts", configOf({ ...provider, algorithm: "ES256" }));
    expect((await doctor(project)).found("keys_unusable")?.text).toContain("no key for ES256");
  });

  test("whose clock is off is a warning, and a fault beyond a minute", async () => {
    using project = await pushedApp();
    issuer.say.clockAhead = 30_000;
    expect((await doctor(project)).found("clock_differs")?.text).toMatch(/at least 2\d s ahead of/);
    issuer.say.clockAhead = -120_000;
    const { code, found } = await doctor(project);
    expect(found("clock_wrong")?.text).toMatch(/at least 1[12]\d s behind that of the deployment/);
    expect(code).toBe(1);
  });
});

describe("the publishable key", () => {
  test("that is missing, though a @clerk/ package is installed, is a fault", async () => {
    using project = await pushedApp();
    project.write(".env", "");
    const { code, found } = await doctor(project);
    expect(found("publishable_key_missing")?.text).toContain("sets VITE_CLERK_PUBLISHABLE_KEY");
    expect(code).toBe(1);
  });

  test("of another instance is a fault that names both hosts", async () => {
    using project = await pushedApp();
    const other = `pk_test_${Buffer.from("verb-noun-00.clerk.accounts.dev$").toString("base64")}`;
    project.write(".env", `VITE_CLERK_PUBLISHABLE_KEY="${other}"\n`);
    const { text } = (await doctor(project)).found("publishable_key_of_another_instance") as Finding;
    expect(text).toContain("verb-noun-00.clerk.accounts.dev");
    expect(text).toContain(issuer.host);
  });

  test("is taken from .env.local before .env", async () => {
    using project = await pushedApp();
    project.write(".env.local", "VITE_CLERK_PUBLISHABLE_KEY=pk_test_...\n");
    const malformed = (await doctor(project)).found("publishable_key_malformed");
    expect(malformed?.text).toContain("in .env.local is no publishable key: pk_test_...");
  });

  test("under a name that the framework keeps to itself is a fault", async () => {
    using project = await pushedApp();
    project.write(".env", `NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=${issuer.publishableKey}\n`);
    expect((await doctor(project)).found("publishable_key_misnamed")?.remedy).toBe(
      "Rename it to VITE_CLERK_PUBLISHABLE_KEY.",
    );
  });

  test("that is a secret key is a fault, and is not printed", async () => {
    using project = await pushedApp();
    project.write(".env", "VITE_CLERK_PUBLISHABLE_KEY=sk_test_abcdef\n");
    const { found, written } = await doctor(project);
    expect(found("secret_key_published")).toMatchObject({ level: "fault" });
    expect(written).not.toContain("sk_test_abcdef");
  });
});

describe("the JWT template", () => {
  test.each(["Convex", "convex ", "CONVEX"])("named %j is told apart from convex", async (name) => {
    using project = await pushedApp();
    issuer.say.templates[0] = { ...issuer.say.templates[0], name };
    const { code, found } = await doctor(project, { beside: true });
    expect(found("jwt_template_misnamed")?.text).toContain(JSON.stringify(name));
    expect(code).toBe(1);
  });

  test("that is not there is a fault", async () => {
    using project = await pushedApp();
    issuer.say.templates = [];
    expect((await doctor(project, { beside: true })).found("jwt_template_missing")).toBeDefined();
  });

  test.each([undefined, "other", ["convex", "other"]])("for the audience %j is a fault", async (aud) => {
    using project = await pushedApp();
    issuer.say.templates[0] = { ...issuer.say.templates[0], claims: { aud } };
    const { found } = await doctor(project, { beside: true });
    expect(found("jwt_template_audience")?.remedy).toContain('"aud": "convex"');
  });

  test("with a signature that the deployment does not know is a fault", async () => {
    using project = await pushedApp();
    issuer.say.templates[0] = { ...issuer.say.templates[0], signing_algorithm: "HS256" };
    expect((await doctor(project, { beside: true })).found("jwt_template_algorithm")).toBeDefined();
  });

  test("that cannot be asked for is told, without the secret key", async () => {
    using project = await pushedApp();
    issuer.say.templates = { length: 0 } as never;
    const { found, written } = await doctor(project, { beside: true });
    expect(found("jwt_templates_unreadable")).toMatchObject({ level: "fault" });
    expect(written).not.toContain(issuer.secretKey);
  });
});

describe("a token", () => {
  const now = () => Math.floor(Date.now() / 1000);
  const cases: [string, () => string, string][] = [
    ["that is none", () => "c2Vzc2lvbg.of-two-parts-only", "token_not_jwt"],
    ["of another issuer", () => issuer.token({ iss: "https://clerk.example.com" }), "token_issuer"],
    ["without issuer", () => issuer.token({ iss: undefined }), "token_without_issuer"],
    ["without user", () => issuer.token({ sub: undefined }), "token_without_subject"],
    [
      "of the session, not of the template",
      () => issuer.token({ aud: undefined, sid: "sess_1" }),
      "token_without_audience",
    ],
    ["for another audience", () => issuer.token({ aud: "other" }), "token_audience"],
    ["for several audiences", () => issuer.token({ aud: ["convex", "other"] }), "token_several_audiences"],
    ["for another purpose", () => issuer.token({}, { typ: "at+jwt" }), "token_type"],
    ["with another signature", () => issuer.token({}, { alg: "ES256" }), "token_algorithm"],
    ["that has expired", () => issuer.token({ iat: now() - 120, exp: now() - 60 }), "token_expired"],
    ["without times", () => issuer.token({ exp: undefined }), "token_without_times"],
  ];
  test.each(cases)("%s is told so, and refused by the deployment in its own words", async (_, make, code) => {
    using project = await pushedApp();
    const token = make();
    const examined = await doctor(project, { token });
    expect(examined.found(code)).toMatchObject({ level: "fault" });
    expect(examined.found("token_refused")?.text).toMatch(/The deployment refuses the token: \w+ .+/);
    expect(examined.code).toBe(1);
    expect(examined.written).not.toContain(token);
  });

  test("that is of the future is a warning, and a fault where the deployment minds it", async () => {
    const token = issuer.token({ iat: now() + 600, nbf: now() + 600, exp: now() + 660 });
    using project = await pushedApp();
    const taken = await doctor(project, { token });
    expect(taken.found("token_not_yet_valid")).toMatchObject({
      level: "warning",
      text: expect.stringContaining("10 minutes"),
    });
    expect(taken.found("token_accepted")).toBeDefined();
    const provider = { type: "customJwt", issuer: issuer.url, applicationID: "convex", algorithm: "RS256" };
    project.write("convex/auth.config.ts", configOf({ ...provider, jwks: `${issuer.url}/jwks` }));
    await backend.push(project);
    const refused = await doctor(project, { token });
    expect(refused.found("token_not_yet_valid")).toMatchObject({ level: "fault" });
    expect(refused.found("token_refused")).toBeDefined();
  });

  test("that no header can carry is not sent", async () => {
    using project = await pushedApp();
    const { found } = await doctor(project, { token: "this is\nno token" });
    expect(found("token_not_jwt")).toBeDefined();
    expect(found("token_not_sent")).toBeDefined();
  });

  test("of a session is traced back to getToken without a template", async () => {
    using project = await pushedApp();
    const examined = await doctor(project, { token: issuer.token({ aud: undefined, sid: "sess_1" }) });
    expect(examined.found("token_without_audience")?.remedy).toContain('getToken({ template: "convex" })');
  });

  test("may be given with its scheme or in quotation marks", async () => {
    using project = await pushedApp();
    for (const token of [`Bearer ${issuer.token()}\n`, `"${issuer.token()}"`]) {
      expect((await doctor(project, { token })).found("token_accepted")).toBeDefined();
    }
  });

  test("on the command line is refused and not repeated, and an empty one asked for", async () => {
    using project = createFixtureProject({});
    for (const args of [[`--token=${issuer.token()}`], ["--token", issuer.token()]]) {
      const given = await runConvex(project.root, ["auth", "doctor", ...args], backend.configured);
      expect(given.code).toBe(1);
      expect(given.stderr).toContain("takes none from the command line");
      expect(given.stdout + given.stderr).not.toContain("eyJ");
    }
    const empty = await runConvex(project.root, ["auth", "doctor", "--token"], backend.configured);
    expect(empty.code).toBe(1);
    expect(empty.stderr).toContain("from standard input, which is empty");
  });
});

describe("the command", () => {
  test("starts the local backend if none runs, and ends it again", { timeout: 60_000 }, async () => {
    using project = createFixtureProject({ "convex/auth.config.ts": withVariable });
    const { code, stdout, stderr } = await runConvex(project.root, ["auth", "doctor", "--json"], program);
    expect(stderr).not.toContain("did not start");
    expect(code).toBe(1);
    const { deployment, findings } = JSON.parse(stdout) as { deployment: string; findings: Finding[] };
    expect(findings.map((finding) => finding.code)).toContain("variable_unset");
    await expect(fetch(`${deployment}/version`)).rejects.toThrow();
  });

  test("prints neither the admin key nor the secret key", async () => {
    using project = await pushedApp();
    const { written } = await doctor(project, { beside: true });
    expect(written).not.toContain(backend.adminKey);
    expect(written).not.toContain(issuer.secretKey);
  });

  test("prints no control characters that an issuer sends", async () => {
    using project = await pushedApp();
    issuer.say.name = "https://clerk.example.com\u001b[2J\u0007";
    const { stdout } = await runConvex(project.root, ["auth", "doctor"], backend.configured);
    expect(stdout).toContain("calls itself https://clerk.example.com");
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("is listed in the help", async () => {
    using project = createFixtureProject({});
    expect((await runConvex(project.root, ["--help"])).stdout).toContain("auth  ");
    expect((await runConvex(project.root, ["auth", "--help"])).stdout).toContain("doctor");
  });
});
