import { expect, test, vi } from "vitest";
import { digestOf } from "../digest.ts";
import { publicId } from "../public_id.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, signUp, TEST_CODE, TestBrowser } from "../testing/test_browser.ts";

const EMAIL = "jane+clerk_test@example.com";

function settings(identity: StartedIdentity, changes: Record<string, unknown>) {
  return identity.parts.instances.change(identity.instanceId, (before) => ({ ...before, ...changes }));
}

test("an identifier and a password in one request sign in, and the cookie gets a new secret", async () => {
  await using identity = await startIdentity();
  await signUp(new TestBrowser(identity), EMAIL);
  const browser = new TestBrowser(identity);
  await browser.post("/v1/client");
  const planted = browser.copy(identity);
  const { body } = await browser.post("/v1/client/sign_ins", { identifier: EMAIL, password: PASSWORD });
  expect(body.response).toMatchObject({ status: "complete", identifier: EMAIL });
  expect(body.client.sign_in).toEqual(body.response);
  expect(body.client.sessions[0].id).toBe(body.response.created_session_id);
  // Whoever knew the cookie before the sign-in is not signed in by it.
  expect((await planted.get("/v1/client")).body.response).toBeNull();
  expect((await browser.get("/v1/client")).body.response.sessions).toHaveLength(1);
});

test("a code by e-mail signs in", async () => {
  await using identity = await startIdentity();
  await signUp(new TestBrowser(identity), EMAIL);
  const browser = new TestBrowser(identity);
  const begun = (await browser.post("/v1/client/sign_ins", { identifier: EMAIL })).body.response;
  expect(begun.status).toBe("needs_first_factor");
  const factor = begun.supported_first_factors.find(
    ({ strategy }: { strategy: string }) => strategy === "email_code",
  );
  expect(factor.safe_identifier).toBe(EMAIL);
  const path = `/v1/client/sign_ins/${begun.id}`;
  const early = await browser.post(`${path}/attempt_first_factor`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(errorCode(early)).toBe("verification_missing");
  const prepared = await browser.post(`${path}/prepare_first_factor`, {
    strategy: "email_code",
    email_address_id: factor.email_address_id,
  });
  expect(prepared.body.response.first_factor_verification).toMatchObject({
    status: "unverified",
    strategy: "email_code",
  });
  const done = await browser.post(`${path}/attempt_first_factor`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(done.body.response.status).toBe("complete");
});

test("a new browser begins and asks for its code in one request", async () => {
  await using identity = await startIdentity();
  await signUp(new TestBrowser(identity), EMAIL);
  const browser = new TestBrowser(identity);
  const fields = { identifier: EMAIL, strategy: "email_code" };
  const begun = (await browser.post("/v1/client/sign_ins", fields)).body.response;
  expect(begun.first_factor_verification).toMatchObject({ status: "unverified", strategy: "email_code" });
  const done = await browser.post(`/v1/client/sign_ins/${begun.id}/attempt_first_factor`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(done.body.response.status).toBe("complete");
});

test("a forgotten password is replaced by a code, and other sessions end when asked to", async () => {
  await using identity = await startIdentity();
  const old = new TestBrowser(identity);
  await signUp(old, EMAIL);
  const browser = new TestBrowser(identity);
  const { id } = (await browser.post("/v1/client/sign_ins", { identifier: EMAIL })).body.response;
  const path = `/v1/client/sign_ins/${id}`;
  const strategy = "reset_password_email_code";
  await browser.post(`${path}/prepare_first_factor`, { strategy });
  const proved = await browser.post(`${path}/attempt_first_factor`, { strategy, code: TEST_CODE });
  expect(proved.body.response.status).toBe("needs_new_password");
  const weak = await browser.post(`${path}/reset_password`, { password: "short" });
  expect(weak.body.errors[0].meta.param_name).toBe("password");
  const done = await browser.post(`${path}/reset_password`, {
    password: "an entirely different phrase",
    sign_out_of_other_sessions: "true",
  });
  expect(done.body.response.status).toBe("complete");
  expect((await old.get("/v1/client")).body.response.sessions).toEqual([]);
  const again = new TestBrowser(identity);
  const refused = await again.post("/v1/client/sign_ins", { identifier: EMAIL, password: PASSWORD });
  expect(errorCode(refused)).toBe("form_password_incorrect");
});

test("an identifier that nobody has looks in every answer like one that somebody has", async () => {
  await using identity = await startIdentity();
  await signUp(new TestBrowser(identity), EMAIL);
  const shapes: unknown[] = [];
  for (const identifier of [EMAIL, "nobody+clerk_test@example.com"]) {
    const browser = new TestBrowser(identity);
    const whole = await browser.post("/v1/client/sign_ins", { identifier, password: "not the password" });
    const begun = await browser.post("/v1/client/sign_ins", { identifier });
    const path = `/v1/client/sign_ins/${begun.body.response.id}`;
    const password = await browser.post(`${path}/attempt_first_factor`, {
      strategy: "password",
      password: "not the password",
    });
    const factor = begun.body.response.supported_first_factors[1];
    const prepared = await browser.post(`${path}/prepare_first_factor`, {
      strategy: "email_code",
      email_address_id: factor.email_address_id,
    });
    const code = await browser.post(`${path}/attempt_first_factor`, {
      strategy: "email_code",
      code: "111111",
    });
    shapes.push(
      [whole, begun, password, prepared, code].map(({ status, body }) => [status, shapeOf(body, identifier)]),
    );
    const again = await new TestBrowser(identity).post("/v1/client/sign_ins", { identifier });
    expect(again.body.response.supported_first_factors).toEqual(begun.body.response.supported_first_factors);
  }
  expect(shapes[0]).toEqual(shapes[1]);
  expect(identity.reported).toEqual([]);
});

/** An answer without what differs from one request to the next. */
function shapeOf(body: unknown, identifier: string): unknown {
  return JSON.parse(
    JSON.stringify(body, (key, value) => {
      if (typeof value === "number" && value > 1e12) return "time";
      if (key === "clerk_trace_id") return "trace";
      if (typeof value === "string") {
        return value.replace(/(sia|client|idn)_\w+/, "$1").replace(identifier, "identifier");
      }
      return value;
    }),
  );
}

test("a password is compared for an identifier that nobody has, too: the time tells nothing", async () => {
  await using identity = await startIdentity();
  await signUp(new TestBrowser(identity), EMAIL);
  const compared = vi.spyOn(identity.parts.passwords, "verify");
  for (const identifier of [EMAIL, "nobody+clerk_test@example.com"]) {
    const browser = new TestBrowser(identity);
    await browser.post("/v1/client/sign_ins", { identifier, password: "a wrong password" });
    const { id } = (await browser.post("/v1/client/sign_ins", { identifier })).body.response;
    await browser.post(`/v1/client/sign_ins/${id}/attempt_first_factor`, {
      strategy: "password",
      password: "a wrong password",
    });
  }
  expect(compared.mock.calls.map(([, stored]) => stored === null)).toEqual([false, false, true, true]);
});

test("with the protection off, an unknown identifier is told at once", async () => {
  await using identity = await startIdentity();
  await settings(identity, { enumerationProtection: false });
  await signUp(new TestBrowser(identity), EMAIL, { first_name: "Jane" });
  const browser = new TestBrowser(identity);
  const unknown = await browser.post("/v1/client/sign_ins", { identifier: "nobody@example.com" });
  expect(unknown.status).toBe(422);
  expect(unknown.body.errors[0]).toMatchObject({
    code: "form_identifier_not_found",
    meta: { param_name: "identifier" },
  });
  const known = await browser.post("/v1/client/sign_ins", { identifier: EMAIL });
  expect(known.body.response.user_data.first_name).toBe("Jane");
  const taken = await new TestBrowser(identity).post("/v1/client/sign_ups", { email_address: EMAIL });
  expect(taken.body.errors[0]).toMatchObject({
    code: "form_identifier_exists",
    meta: { param_name: "email_address" },
  });
});

test("with the protection off, whoever knows a username is not told the addresses of its owner", async () => {
  await using identity = await startIdentity();
  await settings(identity, {
    enumerationProtection: false,
    username: { enabled: true, required: false, minLength: 4, maxLength: 64 },
  });
  await signUp(new TestBrowser(identity), EMAIL, { username: "janedoe" });
  const browser = new TestBrowser(identity);
  const byName = await browser.post("/v1/client/sign_ins", { identifier: "janedoe" });
  expect(JSON.stringify(byName.body)).not.toContain(EMAIL);
  const code = byName.body.response.supported_first_factors.find(
    ({ strategy }: { strategy: string }) => strategy === "email_code",
  );
  expect(code.safe_identifier).toBe(`${EMAIL[0]}***@e***.com`);
  // Its owner can go on with it all the same.
  const path = `/v1/client/sign_ins/${byName.body.response.id}`;
  const { email_address_id } = code;
  await browser.post(`${path}/prepare_first_factor`, { strategy: "email_code", email_address_id });
  const done = await browser.post(`${path}/attempt_first_factor`, { strategy: "email_code", code: "424242" });
  expect(done.body.response.status).toBe("complete");
});

test("guessing locks the account for a while, signs nobody out, and looks the same where there is none", async () => {
  await using identity = await startIdentity({ limits: { lockoutAttempts: 3 } });
  const owner = new TestBrowser(identity);
  await signUp(owner, EMAIL);
  for (const identifier of [EMAIL, "nobody+clerk_test@example.com"]) {
    const attacker = new TestBrowser(identity);
    const guess = (password: string) => attacker.post("/v1/client/sign_ins", { identifier, password });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(errorCode(await guess("a wrong password"))).toBe("form_password_incorrect");
    }
    expect(errorCode(await guess("a wrong password"))).toBe("user_locked");
    expect(errorCode(await guess(PASSWORD))).toBe("user_locked");
  }
  expect((await owner.get("/v1/client")).body.response.sessions).toHaveLength(1);
  identity.clock.advance(60 * 60_000);
  const browser = new TestBrowser(identity);
  const opened = await browser.post("/v1/client/sign_ins", { identifier: EMAIL, password: PASSWORD });
  expect(opened.body.response.status).toBe("complete");
});

test("whoever reads the mail opens a locked account by a new password", async () => {
  await using identity = await startIdentity({ limits: { lockoutAttempts: 1 } });
  await signUp(new TestBrowser(identity), EMAIL);
  const browser = new TestBrowser(identity);
  await browser.post("/v1/client/sign_ins", { identifier: EMAIL, password: "a wrong password" });
  const { id } = (await browser.post("/v1/client/sign_ins", { identifier: EMAIL })).body.response;
  const strategy = "reset_password_email_code";
  await browser.post(`/v1/client/sign_ins/${id}/prepare_first_factor`, { strategy });
  const done = await browser.post(`/v1/client/sign_ins/${id}/attempt_first_factor`, {
    strategy,
    code: TEST_CODE,
    password: "an entirely different phrase",
  });
  expect(done.body.response.status).toBe("complete");
});

test("codes to one address have half a minute between them, however many sign-ins are begun", async () => {
  await using identity = await startIdentity();
  const begin = async () => {
    const browser = new TestBrowser(identity);
    const { body } = await browser.post("/v1/client/sign_ins", { identifier: "someone@example.com" });
    return browser.post(`/v1/client/sign_ins/${body.response.id}/prepare_first_factor`, {
      strategy: "email_code",
    });
  };
  expect((await begin()).status).toBe(200);
  const soon = await begin();
  expect(errorCode(soon)).toBe("verification_code_too_many_requests");
  expect(Number(soon.headers.get("retry-after"))).toBeGreaterThan(0);
  identity.clock.advance(30_000);
  expect((await begin()).status).toBe(200);
});

test("a new browser whose code has to wait is known from then on, and goes on with what it began", async () => {
  await using identity = await startIdentity();
  const fields = { identifier: "someone@example.com", strategy: "email_code" };
  await new TestBrowser(identity).post("/v1/client/sign_ins", fields);
  const browser = new TestBrowser(identity);
  const refused = await browser.post("/v1/client/sign_ins", fields);
  expect(errorCode(refused)).toBe("verification_code_too_many_requests");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  const { sign_in } = (await browser.get("/v1/client")).body.response;
  expect(sign_in.identifier).toBe("someone@example.com");
  identity.clock.advance(30_000);
  const prepared = await browser.post(`/v1/client/sign_ins/${sign_in.id}/prepare_first_factor`, {
    strategy: "email_code",
  });
  expect(prepared.status).toBe(200);
});

test("a banned user is told so, but only after the right password", async () => {
  await using identity = await startIdentity();
  const { userId } = await signUp(new TestBrowser(identity), EMAIL);
  await identity.parts.store.transact("test", async (tx) => {
    await tx.patch("users", (await tx.get("users", userId))!, { banned: true });
  });
  const browser = new TestBrowser(identity);
  const wrong = await browser.post("/v1/client/sign_ins", {
    identifier: EMAIL,
    password: "a wrong password",
  });
  expect(errorCode(wrong)).toBe("form_password_incorrect");
  const right = await browser.post("/v1/client/sign_ins", { identifier: EMAIL, password: PASSWORD });
  expect(right.status).toBe(403);
  expect(errorCode(right)).toBe("user_banned");
});

test("a sign-in token of the Backend API signs in once", async () => {
  await using identity = await startIdentity();
  const { userId } = await signUp(new TestBrowser(identity), EMAIL);
  const { parts, clock } = identity;
  await parts.store.transact("test", (tx) =>
    tx.insert("sign_in_tokens", {
      id: publicId("sit", parts.seams.random),
      instanceId: identity.instanceId,
      userId,
      digest: digestOf("a ticket"),
      status: "pending",
      expireAt: clock.now() + 60_000,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    }),
  );
  const fields = { strategy: "ticket", ticket: "a ticket" };
  const done = await new TestBrowser(identity).post("/v1/client/sign_ins", fields);
  expect(done.body.response.status).toBe("complete");
  const again = await new TestBrowser(identity).post("/v1/client/sign_ins", fields);
  expect(errorCode(again)).toBe("ticket_invalid_code");
});

test("an older sign-in is out of reach once a newer has begun", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const first = (await browser.post("/v1/client/sign_ins", { identifier: EMAIL })).body.response;
  await browser.post("/v1/client/sign_ins", { identifier: EMAIL });
  const refused = await browser.post(`/v1/client/sign_ins/${first.id}/attempt_first_factor`, {
    strategy: "password",
    password: PASSWORD,
  });
  expect(refused.status).toBe(403);
  expect(errorCode(refused)).toBe("resource_forbidden");
});

test("somebody who is signed in signs out before another sign-in; with several accounts, the same is not added twice", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  await signUp(browser, EMAIL);
  const fields = { identifier: EMAIL, password: PASSWORD };
  expect(errorCode(await browser.post("/v1/client/sign_ins", fields))).toBe("session_exists");
  await settings(identity, { singleSessionMode: false });
  const twice = await browser.post("/v1/client/sign_ins", fields);
  expect(errorCode(twice)).toBe("identifier_already_signed_in");
  expect(twice.body.errors[0].meta.session_id).toMatch(/^sess_/);
  await signUp(browser, "joe+clerk_test@example.com");
  expect((await browser.get("/v1/client")).body.response.sessions).toHaveLength(2);
});

test("an address without an account goes on as a sign-up, when the page asks for that", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const begun = await browser.post("/v1/client/sign_ins", { identifier: EMAIL, sign_up_if_missing: "true" });
  const path = `/v1/client/sign_ins/${begun.body.response.id}`;
  await browser.post(`${path}/prepare_first_factor`, { strategy: "email_code" });
  const right = await browser.post(`${path}/attempt_first_factor`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(errorCode(right)).toBe("sign_up_if_missing_transfer");
  expect(right.body.meta.client.sign_in.first_factor_verification.status).toBe("transferable");
  const taken = await browser.post("/v1/client/sign_ups", { transfer: "true" });
  expect(taken.body.response).toMatchObject({
    email_address: EMAIL,
    missing_fields: ["password"],
    unverified_fields: [],
  });
  expect(taken.body.client.sign_in).toBeNull();
  const done = await browser.patch(`/v1/client/sign_ups/${taken.body.response.id}`, { password: PASSWORD });
  expect(done.body.response.status).toBe("complete");
});
