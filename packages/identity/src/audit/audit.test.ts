import { expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { PASSWORD, signUp, TestBrowser } from "../testing/test_browser.ts";

interface Line {
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly ip_address: string | null;
}

async function call(server: StartedIdentity, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** The lines that came to the log by what `run` did, the oldest first. */
async function linesOf(server: StartedIdentity, run: () => Promise<unknown>): Promise<Line[]> {
  const all = async () => (await call(server, "GET", "/audit_events?limit=500")).data as Line[];
  const before = (await all()).length;
  await run();
  return (await all()).toReversed().slice(before);
}

test("everything that the Backend API changes has its line, and so has everything that follows from it", async () => {
  await using server = await startIdentity();
  const { userId, sessionId } = await signUp(new TestBrowser(server));
  const { id: tokenId } = await call(server, "POST", "/sign_in_tokens", { user_id: userId });
  const { id: templateId } = await call(server, "POST", "/jwt_templates", { name: "mine", claims: {} });
  const address = { user_id: userId, email_address: "second@example.com", verified: true };
  const { id: emailId } = await call(server, "POST", "/email_addresses", address);
  const created = await linesOf(server, () => call(server, "POST", "/sessions", { user_id: userId }));
  expect(created.map(({ action }) => action)).toEqual(["session.created"]);
  const steps: [string, string, unknown, string[]][] = [
    ["PATCH", "/instance", { legal_consent: false }, ["instance.updated"]],
    ["PATCH", `/users/${userId}`, { first_name: "Ada" }, ["user.updated"]],
    ["PATCH", `/users/${userId}/metadata`, { public_metadata: { a: 1 } }, ["user.metadata_changed"]],
    ["POST", `/users/${userId}/lock`, undefined, ["user.locked"]],
    ["POST", `/users/${userId}/unlock`, undefined, ["user.unlocked"]],
    ["PATCH", `/email_addresses/${emailId}`, { primary: true }, ["email_address.updated"]],
    ["DELETE", `/email_addresses/${emailId}`, undefined, ["email_address.deleted"]],
    ["POST", `/sign_in_tokens/${tokenId}/revoke`, undefined, ["sign_in_token.revoked"]],
    ["POST", "/testing_tokens", undefined, ["testing_token.created"]],
    ["PATCH", `/jwt_templates/${templateId}`, { claims: {} }, ["jwt_template.updated"]],
    ["DELETE", `/jwt_templates/${templateId}`, undefined, ["jwt_template.deleted"]],
    ["POST", `/users/${userId}/remove_password`, undefined, ["user.password_removed"]],
    ["POST", `/sessions/${sessionId}/revoke`, undefined, ["session.revoked"]],
    ["POST", `/users/${userId}/ban`, undefined, ["user.banned", "session.revoked"]],
    ["POST", `/users/${userId}/unban`, undefined, ["user.unbanned"]],
    ["DELETE", `/users/${userId}`, undefined, ["user.deleted"]],
  ];
  for (const [method, path, body, actions] of steps) {
    const lines = await linesOf(server, () => call(server, method, path, body));
    expect([path, lines.map(({ action }) => action)]).toEqual([path, actions]);
    expect(
      lines.every(({ actor, ip_address }) => actor === "backend_api" && ip_address === "127.0.0.1"),
    ).toBe(true);
  }
});

test("what people do themselves has their own name", async () => {
  await using server = await startIdentity();
  const browser = new TestBrowser(server);
  const { userId, sessionId } = await signUp(browser);
  browser.query._clerk_session_id = sessionId;
  const lines = await linesOf(server, async () => {
    await browser.patch("/v1/me", { first_name: "Ada" });
    await browser.patch("/v1/me/metadata", { unsafe_metadata: "{}" });
    await browser.post("/v1/me/email_addresses", { email_address: "second@example.com" });
    await browser.post("/v1/me/change_password", {
      current_password: "wrong",
      new_password: "a quiet evening",
    });
    await browser.post("/v1/me/change_password", {
      current_password: PASSWORD,
      new_password: "a quiet evening",
    });
    await browser.delete("/v1/me");
  });
  expect(lines.map(({ action }) => action)).toEqual([
    "user.updated",
    "user.metadata_changed",
    "email_address.created",
    "user.password_attempt_failed",
    "user.password_changed",
    "session.removed",
    "user.deleted",
  ]);
  expect(new Set(lines.map(({ actor }) => actor))).toEqual(new Set([`user:${userId}`]));
});

test("no line holds a secret", async () => {
  await using server = await startIdentity();
  const browser = new TestBrowser(server);
  const { userId } = await signUp(browser);
  const { token } = await call(server, "POST", "/sign_in_tokens", { user_id: userId });
  await call(server, "PATCH", `/users/${userId}`, {
    password: "a quiet evening",
    private_metadata: { a: "s3cret" },
  });
  const text = JSON.stringify(await call(server, "GET", "/audit_events?limit=500"));
  for (const secret of [
    PASSWORD,
    "a quiet evening",
    "s3cret",
    token,
    server.secretKey,
    ...browser.cookies.values(),
  ]) {
    expect(text).not.toContain(secret);
  }
});

test("the last page says that there is no more", async () => {
  await using server = await startIdentity();
  const { userId } = await signUp(new TestBrowser(server));
  for (const name of ["Ada", "Eva", "Ida"])
    await call(server, "PATCH", `/users/${userId}`, { first_name: name });
  const page = (query: string) =>
    call(server, "GET", `/audit_events?subject=${userId}&action=user.updated&${query}`);
  const more = async (query: string) => {
    const { data, has_more } = await page(query);
    return [data.length, has_more];
  };
  expect(await more("limit=2")).toEqual([2, true]);
  expect(await more("limit=3")).toEqual([3, false]);
  expect(await more("limit=2&offset=2")).toEqual([1, false]);
});

test("another instance's lines are not there for this key", async () => {
  await using server = await startIdentity();
  const { userId } = await signUp(new TestBrowser(server));
  const production = await server.parts.instances.byEnvironment("production");
  const [row] = await server.parts.store.read().list("audit_events", "by_subject", [userId]);
  await server.parts.store.transact("move", (tx) =>
    tx.patch("audit_events", row!, { instanceId: production.id }),
  );
  expect((await call(server, "GET", `/audit_events?subject=${userId}`)).data).toEqual([]);
});
