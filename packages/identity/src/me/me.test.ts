import { describe, expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, signUp, TEST_CODE, TestBrowser } from "../testing/test_browser.ts";

const NEW_PASSWORD = "a quiet evening by the sea";

/** Somebody who is signed in, whose calls name their session as clerk-js does. */
async function person(server: StartedIdentity, emailAddress = "jane+clerk_test@example.com") {
  const browser = new TestBrowser(server);
  const { sessionId, userId } = await signUp(browser, emailAddress);
  browser.query._clerk_session_id = sessionId;
  return { browser, sessionId, userId };
}

async function signIn(server: StartedIdentity, identifier: string, password: string) {
  const browser = new TestBrowser(server);
  const reply = await browser.post("/v1/client/sign_ins", { strategy: "password", identifier, password });
  const sessionId = reply.body.response?.created_session_id;
  if (sessionId) browser.query._clerk_session_id = sessionId;
  return { browser, reply, sessionId };
}

async function codeFor(server: StartedIdentity, to: string): Promise<string> {
  const [newest] = await server.parts.store
    .read()
    .list("inbox_messages", "by_recipient", [to], { order: "desc", limit: 1 });
  return newest!.code!;
}

describe("the profile", () => {
  test("is read and changed, and the client that comes along shows it", async () => {
    await using server = await startIdentity();
    const { browser, userId } = await person(server);
    expect((await browser.get("/v1/me")).body.response).toMatchObject({ id: userId, object: "user" });
    const before = (await browser.get("/v1/me")).body.response.updated_at;
    const { body } = await browser.patch("/v1/me", { first_name: " Ada ", last_name: "Lovelace" });
    expect(body.response).toMatchObject({ first_name: "Ada", last_name: "Lovelace" });
    expect(body.response.updated_at).toBeGreaterThan(before);
    expect(body.client.sessions[0].user).toEqual(body.response);
    expect((await browser.patch("/v1/me", { first_name: "" })).body.response.first_name).toBeNull();
  });

  test("nobody changes what is the app's: metadata, ids, bans", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    for (const field of ["public_metadata", "private_metadata", "external_id", "banned", "id"]) {
      expect(errorCode(await browser.patch("/v1/me", { [field]: "{}" }))).toBe("form_param_unknown");
    }
    expect(errorCode(await browser.patch("/v1/me/metadata", { public_metadata: '{"role":"admin"}' }))).toBe(
      "form_param_unknown",
    );
    expect(JSON.stringify((await browser.get("/v1/me")).body)).not.toContain("private_metadata");
  });

  test("one's own metadata is merged", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    await browser.patch("/v1/me/metadata", { unsafe_metadata: '{"a":{"b":1,"c":2}}' });
    const { body } = await browser.patch("/v1/me/metadata", { unsafe_metadata: '{"a":{"b":null},"d":3}' });
    expect(body.response.unsafe_metadata).toEqual({ a: { c: 2 }, d: 3 });
  });

  test("without a session that is alive there is nothing", async () => {
    await using server = await startIdentity();
    const { browser, sessionId } = await person(server);
    const stranger = new TestBrowser(server, { query: { _clerk_session_id: sessionId } });
    expect((await stranger.get("/v1/me")).status).toBe(401);
    expect((await new TestBrowser(server).get("/v1/me")).status).toBe(401);
    await browser.post(`/v1/client/sessions/${sessionId}/end`);
    expect((await browser.get("/v1/me")).status).toBe(401);
  });

  test("an account deletes itself, where that is allowed", async () => {
    await using server = await startIdentity();
    const { browser, userId } = await person(server);
    const development = await server.parts.instances.byEnvironment("development");
    await server.parts.instances.change(development.id, (settings) => ({ ...settings, deleteSelf: false }));
    expect(errorCode(await browser.delete("/v1/me"))).toBe("user_delete_self_not_enabled");
    await server.parts.instances.change(development.id, (settings) => ({ ...settings, deleteSelf: true }));
    const { body } = await browser.delete("/v1/me");
    expect(body.response).toEqual({ object: "user", id: userId, deleted: true });
    expect(body.client.sessions).toEqual([]);
    expect((await signIn(server, "jane+clerk_test@example.com", PASSWORD)).sessionId).toBeFalsy();
    await person(server);
  });

  test("lists of what there is not are empty", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    for (const name of ["organization_memberships", "organization_invitations", "organization_suggestions"]) {
      expect((await browser.get(`/v1/me/${name}`)).body.response).toEqual({ data: [], total_count: 0 });
    }
  });
});

describe("the password", () => {
  const change = (browser: TestBrowser, fields: Record<string, string>) =>
    browser.post("/v1/me/change_password", {
      current_password: PASSWORD,
      new_password: NEW_PASSWORD,
      ...fields,
    });

  test("is changed by who knows it; the owner learns of it by mail", async () => {
    await using server = await startIdentity();
    const { browser, userId } = await person(server);
    const production = "jane@example.com";
    const row = (await server.parts.store.read().list("email_addresses", "by_user", [userId]))[0]!;
    await server.parts.store.transact("rename", (tx) =>
      tx.patch("email_addresses", row, { emailAddress: production }),
    );
    expect((await change(browser, {})).status).toBe(200);
    expect((await signIn(server, production, PASSWORD)).sessionId).toBeFalsy();
    expect((await signIn(server, production, NEW_PASSWORD)).sessionId).toBeTruthy();
    await server.parts.outbox.flush();
    const mail = await server.parts.store.read().list("inbox_messages", "by_recipient", [production]);
    expect(mail.map(({ subject }) => subject).join()).toContain("was changed");
  });

  test("of a test address is changed without any mail", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    expect((await change(browser, {})).status).toBe(200);
    await server.parts.outbox.flush();
    expect(await server.parts.store.read().list("inbox_messages", "by_time", [server.instanceId])).toEqual(
      [],
    );
  });

  test("everything that is wrong with the new one is told", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    expect(errorCode(await change(browser, { new_password: "short" }))).toBe(
      "form_password_length_too_short",
    );
    expect(errorCode(await change(browser, { new_password: "password" }))).toBe("form_password_pwned");
    expect(errorCode(await change(browser, { new_password: PASSWORD }))).toBe(
      "form_new_password_matches_current",
    );
  });

  test("stolen session: the password cannot be found out by trying", async () => {
    await using server = await startIdentity({ limits: { lockoutAttempts: 3 } });
    const { browser } = await person(server);
    const wrong = await change(browser, { current_password: "wrong", new_password: PASSWORD });
    expect(wrong.body.errors).toMatchObject([
      { code: "form_password_validation_failed", meta: { param_name: "current_password" } },
    ]);
    await change(browser, { current_password: "wrong" });
    await change(browser, { current_password: "wrong" });
    expect(errorCode(await change(browser, {}))).toBe("user_locked");
    expect((await browser.get("/v1/me")).status).toBe(200);
    server.clock.advance(60 * 60_000 + 1);
    expect((await change(browser, {})).status).toBe(200);
  });

  test("stolen session: the owner hears that the account was locked by whoever tried", async () => {
    await using server = await startIdentity({ limits: { lockoutAttempts: 2 } });
    const { browser, userId } = await person(server);
    const row = (await server.parts.store.read().list("email_addresses", "by_user", [userId]))[0]!;
    const emailAddress = "jane@example.com";
    await server.parts.store.transact("rename", (tx) => tx.patch("email_addresses", row, { emailAddress }));
    for (let attempt = 0; attempt < 2; attempt++) await change(browser, { current_password: "wrong" });
    await server.parts.outbox.flush();
    const mail = await server.parts.store.read().list("inbox_messages", "by_recipient", [emailAddress]);
    expect(mail.map(({ subject }) => subject)).toEqual([expect.stringContaining("is locked")]);
  });

  test("stolen session: changing the password can sign out everybody else", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const thief = await signIn(server, "jane+clerk_test@example.com", PASSWORD);
    expect((await thief.browser.get("/v1/me")).status).toBe(200);
    await change(browser, { sign_out_of_other_sessions: "true" });
    expect((await thief.browser.get("/v1/me")).status).toBe(401);
    expect((await browser.get("/v1/me")).status).toBe(200);
  });

  test("is removed only where a code signs in as well", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const remove = () => browser.post("/v1/me/remove_password", { current_password: PASSWORD });
    expect(errorCode(await remove())).toBe("password_required");
    const development = await server.parts.instances.byEnvironment("development");
    await server.parts.instances.change(development.id, (settings) => ({
      ...settings,
      password: { enabled: true, required: false },
    }));
    expect((await remove()).body.response.password_enabled).toBe(false);
    const set = await browser.post("/v1/me/change_password", { new_password: NEW_PASSWORD });
    expect(set.body.response.password_enabled).toBe(true);
  });
});

describe("e-mail addresses", () => {
  const add = (browser: TestBrowser, email_address: string) =>
    browser.post("/v1/me/email_addresses", { email_address });

  async function verified(server: StartedIdentity, browser: TestBrowser, emailAddress: string) {
    const { id } = (await add(browser, emailAddress)).body.response;
    const path = `/v1/me/email_addresses/${id}`;
    await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
    const code = emailAddress.includes("+clerk_test") ? TEST_CODE : await codeFor(server, emailAddress);
    return { id, path, reply: await browser.post(`${path}/attempt_verification`, { code }) };
  }

  test("are added, verified by a code, made primary, and removed", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const added = (await add(browser, " New@Example.com ")).body.response;
    expect(added).toMatchObject({ email_address: "new@example.com", verification: { status: "unverified" } });
    expect(errorCode(await browser.patch("/v1/me", { primary_email_address_id: added.id }))).toBe(
      "form_param_value_invalid",
    );
    const path = `/v1/me/email_addresses/${added.id}`;
    expect(errorCode(await browser.post(`${path}/attempt_verification`, { code: "123456" }))).toBe(
      "verification_missing",
    );
    await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
    const code = await codeFor(server, "new@example.com");
    const wrong = code === "000000" ? "000001" : "000000";
    expect(errorCode(await browser.post(`${path}/attempt_verification`, { code: wrong }))).toBe(
      "form_code_incorrect",
    );
    const { body } = await browser.post(`${path}/attempt_verification`, { code });
    expect(body.response.verification.status).toBe("verified");
    const old = body.client.sessions[0].user.primary_email_address_id;
    const primary = await browser.patch("/v1/me", { primary_email_address_id: added.id });
    expect(primary.body.response.primary_email_address_id).toBe(added.id);
    expect((await browser.delete(`/v1/me/email_addresses/${old}`)).body.response.deleted).toBe(true);
    const last = await browser.delete(path);
    expect([last.status, errorCode(last)]).toEqual([422, "identification_deletion_failed"]);
  });

  test("enumeration: a taken address is told only to who has its code", async () => {
    await using server = await startIdentity();
    await person(server, "taken+clerk_test@example.com");
    const { browser } = await person(server);
    const [taken, free] = [
      await add(browser, "taken+clerk_test@example.com"),
      await add(browser, "free@example.com"),
    ];
    expect(taken.status).toBe(200);
    expect(Object.keys(taken.body.response)).toEqual(Object.keys(free.body.response));
    expect(taken.body.response.verification).toEqual(free.body.response.verification);
    const { path } = { path: `/v1/me/email_addresses/${taken.body.response.id}` };
    await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
    const reply = await browser.post(`${path}/attempt_verification`, { code: TEST_CODE });
    expect(errorCode(reply)).toBe("form_identifier_exists");
    expect((await browser.get(path)).body.response.verification.status).not.toBe("verified");
  });

  test("a guesser has few attempts, and somebody else's mailbox is not filled", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const { id } = (await add(browser, "new@example.com")).body.response;
    const path = `/v1/me/email_addresses/${id}`;
    await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
    expect(errorCode(await browser.post(`${path}/prepare_verification`, { strategy: "email_code" }))).toBe(
      "verification_code_too_many_requests",
    );
    const code = await codeFor(server, "new@example.com");
    const wrong = code === "000000" ? "000001" : "000000";
    for (let attempt = 0; attempt < 5; attempt++)
      await browser.post(`${path}/attempt_verification`, { code: wrong });
    expect(errorCode(await browser.post(`${path}/attempt_verification`, { code }))).toBe(
      "verification_failed",
    );
    for (let more = 0; more < 4; more++) await add(browser, `more${more}@example.com`);
    expect(errorCode(await add(browser, "toomany@example.com"))).toBe("too_many_unverified_identifications");
  });

  test("the last one stays where a username alone signs nobody in, or where everybody has to have one", async () => {
    await using server = await startIdentity();
    const settings = (required: boolean, needsPassword: boolean) =>
      server.parts.instances.change(server.instanceId, (before) => ({
        ...before,
        username: { ...before.username, enabled: true },
        emailAddress: { ...before.emailAddress, required },
        password: { enabled: true, required: needsPassword },
      }));
    await settings(false, false);
    const { browser } = await person(server);
    await browser.patch("/v1/me", { username: "jane_doe" });
    const { id } = (await browser.get("/v1/me")).body.response.email_addresses[0];
    const remove = () => browser.delete(`/v1/me/email_addresses/${id}`);
    await browser.post("/v1/me/remove_password", { current_password: PASSWORD });
    expect(errorCode(await remove())).toBe("identification_deletion_failed");
    await browser.post("/v1/me/change_password", { new_password: NEW_PASSWORD });
    await settings(true, false);
    expect(errorCode(await remove())).toBe("identification_deletion_failed");
    await settings(false, false);
    expect((await remove()).body.response.deleted).toBe(true);
    expect((await signIn(server, "jane_doe", NEW_PASSWORD)).sessionId).toBeTruthy();
  });

  test("other people's addresses are not there", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const other = await person(server, "other+clerk_test@example.com");
    const { id } = (await other.browser.get("/v1/me")).body.response.email_addresses[0];
    expect((await browser.get(`/v1/me/email_addresses/${id}`)).status).toBe(404);
    expect((await browser.delete(`/v1/me/email_addresses/${id}`)).status).toBe(404);
    expect(errorCode(await browser.patch("/v1/me", { primary_email_address_id: id }))).toBe(
      "form_resource_not_found",
    );
  });

  test("a second address signs in once it is verified", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    await verified(server, browser, "second+clerk_test@example.com");
    expect((await signIn(server, "second+clerk_test@example.com", PASSWORD)).sessionId).toBeTruthy();
  });
});

describe("sessions", () => {
  test("of all devices are listed with what one knows them by, and revoked", async () => {
    await using server = await startIdentity();
    const { browser, sessionId } = await person(server);
    const other = await signIn(server, "jane+clerk_test@example.com", PASSWORD);
    const { body } = await browser.get("/v1/me/sessions/active");
    expect(body.map(({ id }: { id: string }) => id)).toEqual([sessionId, other.sessionId]);
    expect(body[0].latest_activity).toMatchObject({ object: "session_activity", ip_address: "127.0.0.1" });
    const revoked = await browser.post(`/v1/me/sessions/${other.sessionId}/revoke`);
    expect(revoked.body.response).toMatchObject({ id: other.sessionId, status: "revoked" });
    expect((await other.browser.get("/v1/me")).status).toBe(401);
    expect((await browser.get("/v1/me/sessions/active")).body).toHaveLength(1);
  });

  test("of others are not there", async () => {
    await using server = await startIdentity();
    const { browser } = await person(server);
    const other = await person(server, "other+clerk_test@example.com");
    expect((await browser.post(`/v1/me/sessions/${other.sessionId}/revoke`)).status).toBe(404);
    expect((await other.browser.get("/v1/me")).status).toBe(200);
  });
});
