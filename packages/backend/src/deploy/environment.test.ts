import { afterEach, describe, expect, it } from "vitest";
import { finish, push, send, settle, start } from "./testing/push_app.ts";
import { type StartedDeployment, startDeployment } from "./testing/start_deployment.ts";

let started: StartedDeployment;
afterEach(() => started.close());

const set = (changes: Record<string, string | null>) =>
  send<{ code: string; message: string } | null>(started, "/api/update_environment_variables", {
    changes: Object.entries(changes).map(([name, value]) => ({ name, value })),
  });
const auth = `export default { providers: [{ domain: process.env.ISSUER, applicationID: "convex" }] };`;
const config = `
  import { defineApp } from "convex/server";
  import { v } from "convex/values";
  export default defineApp({ env: { MODE: v.union(v.literal("a"), v.literal("b")), EXTRA: v.optional(v.string()) } });
`;
const empty = { "empty.ts": "export const nothing = 1;" };

describe("environment variables", () => {
  it("reach functions and live queries before the change is answered", async () => {
    started = await startDeployment();
    const switches: number[] = [];
    started.deployment.onSwitch((ts) => switches.push(ts));
    const before = started.deployment.current;
    expect(await set({ FOO: "bar" })).toEqual({ status: 200, body: null });
    expect(started.deployment.current).not.toBe(before);
    expect(started.deployment.current.environment).toBe(started.environment.current.id);
    expect(switches).toEqual([started.engine.durable]);
    const listed = await started.app.request("/api/v1/list_environment_variables", {
      headers: { authorization: `Convex ${started.adminKey}` },
    });
    expect(await listed.json()).toEqual({ environmentVariables: { FOO: "bar" } });
    await set({ FOO: null });
    expect(started.environment.user.size).toBe(0);
  });

  it("are named when the auth config needs one that is not set", async () => {
    started = await startDeployment();
    const refused = await start(started, { ...empty, "auth.config.ts": auth });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: "AuthConfigMissingEnvironmentVariable",
        message: expect.stringContaining(
          "Environment variable ISSUER is used in auth config file but its value was not set",
        ),
      },
    });
  });

  it("may be named in a comment of the auth config, as the guide does, without being set", async () => {
    started = await startDeployment();
    await push(started, {
      ...empty,
      "auth.config.ts": `export default {
        providers: [
          {
            // or with \`process.env.CLERK_JWT_ISSUER_DOMAIN\`
            domain: "https://one.example.com", /* process.env.ANOTHER */
            applicationID: "convex",
          },
        ]
      };`,
    });
    expect(started.deployment.authProviders()).toEqual([
      { domain: "https://one.example.com", applicationID: "convex" },
    ]);
  });

  it("move the identity providers that the auth config makes of them", async () => {
    started = await startDeployment();
    await set({ ISSUER: "one.example.com" });
    await push(started, { ...empty, "auth.config.ts": auth });
    expect(started.deployment.authProviders()).toEqual([
      { domain: "https://one.example.com", applicationID: "convex" },
    ]);
    await set({ ISSUER: "two.example.com" });
    expect(started.deployment.authProviders()).toEqual([
      { domain: "https://two.example.com", applicationID: "convex" },
    ]);
    const providers = started.deployment.authProviders();
    await set({ OTHER: "x" });
    expect(started.deployment.authProviders()).toBe(providers);
    started = await started.restart();
    expect(started.deployment.authProviders()).toEqual(providers);
  });

  it("stay as they were when the auth config cannot do with the new ones", async () => {
    started = await startDeployment();
    await set({ ISSUER: "one.example.com" });
    await push(started, { ...empty, "auth.config.ts": auth });
    const refused = await set({ ISSUER: null });
    expect(refused).toMatchObject({ status: 400, body: { code: "AuthConfigMissingEnvironmentVariable" } });
    expect(started.environment.user.get("ISSUER")).toBe("one.example.com");
    expect((await set({ CONVEX_SITE_URL: "x" })).body!.code).toBe("EnvVarNameForbidden");
  });

  it("that change during a push make it begin again", async () => {
    started = await startDeployment();
    const { body } = await start(started, empty);
    await settle(started, body);
    await set({ FOO: "bar" });
    expect((await finish(started, body)).body).toEqual({
      code: "RaceDetected",
      message: "Environment variables have changed during push",
    });
  });

  it("that convex.config.ts declares have to be set and to fit", async () => {
    started = await startDeployment();
    const files = { ...empty, "convex.config.ts": config };
    const { body } = await start(started, files);
    expect(body.analysis[""]!.definition.envVars!.map(([name]) => name)).toEqual(["MODE", "EXTRA"]);
    expect((await finish(started, body)).body.message).toMatch(/are not set: MODE\./);
    await set({ MODE: "c" });
    await expect(push(started, files)).rejects.toThrow("InvalidEnvironmentVariable");
    await set({ MODE: "b" });
    await push(started, files);
    expect((await set({ MODE: null })).body!.code).toBe("MissingEnvironmentVariables");
  });
});
