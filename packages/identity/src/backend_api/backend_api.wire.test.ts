import { createClerkClient } from "clerk-backend-genuine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type GenuineBackend,
  type GenuineClient,
  refusal,
  startGenuineBackend,
} from "../testing/genuine_backend.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";

let backend: GenuineBackend;
let server: StartedIdentity;
let clerk: GenuineClient;

beforeAll(async () => {
  backend = await startGenuineBackend();
  ({ server, clerk } = backend);
});

afterAll(async () => {
  expect(server.reported).toEqual([]);
  await backend[Symbol.asyncDispose]();
});

describe("templates and the instance", () => {
  test("templates are managed", async () => {
    const made = await clerk.jwtTemplates.create({
      name: "mine",
      claims: { plan: "{{user.public_metadata.plan}}" },
    });
    const { data } = await clerk.jwtTemplates.list();
    expect(data.map(({ name }) => name)).toEqual(["convex", "mine"]);
    expect(
      (await clerk.jwtTemplates.update({ templateId: made.id, name: "mine", claims: {}, lifetime: 300 }))
        .lifetime,
    ).toBe(300);
    expect(await clerk.jwtTemplates.delete(made.id)).toMatchObject({ deleted: true });
  });

  test("the instance takes Clerk's settings and ours", async () => {
    await clerk.instance.update({ allowedOrigins: ["https://app.example.com"], hibp: false });
    await backend.api("PATCH", "/instance", {
      password_policy: { min_length: 10 },
      application_name: "Acme",
    });
    const { settings } = await server.parts.instances.byEnvironment("development");
    expect(settings.passwordPolicy).toMatchObject({ refuseBreached: false, minLength: 10, maxLength: 72 });
    expect(settings.allowedOrigins).toEqual(["https://app.example.com"]);
    expect(await (await backend.api("GET", "/instance")).json()).toMatchObject({
      environment_type: "development",
      application_name: "Acme",
      allowed_origins: ["https://app.example.com"],
    });
    for (const bad of [
      { nothing: true },
      { allowed_origins: ["https://*.example.com"] },
      { allowed_origins: ["https://app.example.com/path"] },
      { email_address: { enabled: false } },
      { terms_url: "javascript:alert(1)" },
      { session_claims: { text: "x".repeat(4000) } },
    ]) {
      expect((await backend.api("PATCH", "/instance", bad)).status).toBe(422);
    }
    expect((await backend.api("PATCH", "/instance", { session_claims: { sub: "x" } })).status).toBe(400);
    await backend.api("PATCH", "/instance", { password_policy: { min_length: 8, refuse_breached: true } });
  });
});

describe("at the edge", () => {
  test("answers have the type that clients compare to the letter", async () => {
    expect((await backend.api("GET", "/users")).headers.get("content-type")).toBe("application/json");
    expect((await backend.api("GET", "/users/none")).headers.get("content-type")).toBe("application/json");
  });

  test("without the right key there is nothing", async () => {
    const other = createClerkClient({ secretKey: "sk_test_wrong", apiUrl: server.url });
    expect(await refusal(other.users.getUserList())).toMatchObject({
      status: 401,
      code: "clerk_key_invalid",
    });
    expect((await fetch(`${server.url}/v1/users`)).status).toBe(401);
  });

  test("other instances' users are not there for this key", async () => {
    const user = await backend.newUser();
    const production = await server.parts.instances.byEnvironment("production");
    const row = (await server.parts.store.read().get("users", user.id))!;
    await server.parts.store.transact("move", (tx) => tx.patch("users", row, { instanceId: production.id }));
    expect(await refusal(clerk.users.getUser(user.id))).toMatchObject({ status: 404 });
    expect((await clerk.users.getUserList({ userId: [user.id] })).data).toEqual([]);
  });

  test("the audit log tells who did what, without secrets, and cannot be changed", async () => {
    const user = await backend.newUser();
    await clerk.users.updateUser(user.id, { password: "another good password" });
    const events = async (query: string) =>
      (
        (await (await backend.api("GET", `/audit_events?${query}`)).json()) as {
          data: { id: string; action: string }[];
        }
      ).data;
    const lines = await events(`subject=${user.id}`);
    expect(lines.map(({ action }) => action)).toEqual(["user.updated", "user.created"]);
    expect(JSON.stringify(lines)).not.toContain("another good password");
    expect((await events("action=user.created&limit=1"))[0]).toMatchObject({
      action: "user.created",
      actor: "backend_api",
    });
    for (const method of ["DELETE", "PATCH", "PUT", "POST"]) {
      expect((await backend.api(method, `/audit_events/${lines[0]!.id}`)).status).toBe(404);
    }
  });

  test("whoever asks too often waits", async () => {
    await using small = await startIdentity({ limits: { backendRequestsPerWindow: 2 } });
    const client = createClerkClient({ secretKey: small.secretKey, apiUrl: small.url });
    await client.users.getUserList();
    const error = await client.users.getUserList().then(
      () => null,
      (reason) => reason,
    );
    expect(error).toMatchObject({ status: 429 });
    expect(error.retryAfter).toBeGreaterThan(0);
  });
});
