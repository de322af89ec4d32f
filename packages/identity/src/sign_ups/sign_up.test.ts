import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, signUp, TEST_CODE, TestBrowser } from "../testing/test_browser.ts";

const EMAIL = "jane+clerk_test@example.com";

test("a sign-up asks for what is missing, verifies the address, and signs in", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const begun = await browser.post("/v1/client/sign_ups", { email_address: EMAIL });
  expect(begun.body.response).toMatchObject({
    status: "missing_requirements",
    missing_fields: ["password"],
    unverified_fields: ["email_address"],
    // The genuine UI asks for a code only while no strategy is named.
    verifications: {
      email_address: { next_action: "needs_prepare", strategy: null, supported_strategies: ["email_code"] },
    },
  });
  const path = `/v1/client/sign_ups/${begun.body.response.id}`;
  const updated = await browser.patch(path, { password: PASSWORD, first_name: "Jane" });
  expect(updated.body.response).toMatchObject({ missing_fields: [], has_password: true, first_name: "Jane" });
  const prepared = await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  expect(prepared.body.response.verifications.email_address.next_action).toBe("needs_attempt");
  const done = await browser.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  const { response, client } = done.body;
  expect(response.status).toBe("complete");
  expect(client.sessions).toHaveLength(1);
  expect(client.sessions[0]).toMatchObject({
    id: response.created_session_id,
    status: "active",
    user: {
      id: response.created_user_id,
      first_name: "Jane",
      email_addresses: [{ email_address: EMAIL, verification: { status: "verified" } }],
    },
  });
  expect(client.last_active_session_id).toBe(response.created_session_id);
  expect(identity.reported).toEqual([]);
});

test("a new browser signs up with an address alone where no password is needed, and asks for its code at once", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    password: { enabled: true, required: false },
  }));
  const browser = new TestBrowser(identity);
  const begun = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, strategy: "email_code" });
  expect(begun.body.response.verifications.email_address.next_action).toBe("needs_attempt");
  const done = await browser.post(`/v1/client/sign_ups/${begun.body.response.id}/attempt_verification`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(done.body.response).toMatchObject({ status: "complete", has_password: false });
});

test("a code is counted, and after five wrong ones it is worth nothing", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { body } = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  const path = `/v1/client/sign_ups/${body.response.id}`;
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const attempt = (code: string) =>
    browser.post(`${path}/attempt_verification`, { strategy: "email_code", code });
  for (let wrong = 1; wrong <= 4; wrong++) {
    const refused = await attempt("000000");
    expect(errorCode(refused)).toBe("form_code_incorrect");
    expect(refused.body.meta.client.sign_up.verifications.email_address.attempts).toBe(wrong);
  }
  expect(errorCode(await attempt("000000"))).toBe("verification_failed");
  expect(errorCode(await attempt(TEST_CODE))).toBe("verification_failed");
});

test("a code expires", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { body } = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  const path = `/v1/client/sign_ups/${body.response.id}`;
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  identity.clock.advance(10 * 60_000);
  const late = await browser.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(errorCode(late)).toBe("verification_expired");
});

test("another browser cannot go on with somebody's sign-up", async () => {
  await using identity = await startIdentity();
  const { body } = await new TestBrowser(identity).post("/v1/client/sign_ups", { email_address: EMAIL });
  const stranger = new TestBrowser(identity);
  await stranger.post("/v1/client");
  const refused = await stranger.patch(`/v1/client/sign_ups/${body.response.id}`, { password: PASSWORD });
  expect(refused.status).toBe(404);
});

test("the address of an account is not given away: only who reads its mail learns of it", async () => {
  await using identity = await startIdentity();
  const owner = new TestBrowser(identity);
  await signUp(owner, "jane+clerk_test@example.com");
  const stranger = new TestBrowser(identity);
  const taken = await stranger.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  const free = await new TestBrowser(identity).post("/v1/client/sign_ups", {
    email_address: "joe+clerk_test@example.com",
    password: PASSWORD,
  });
  expect(taken.status).toBe(200);
  expect(Object.keys(taken.body.response)).toEqual(Object.keys(free.body.response));
  expect(taken.body.response.unverified_fields).toEqual(free.body.response.unverified_fields);
  const path = `/v1/client/sign_ups/${taken.body.response.id}`;
  await stranger.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const wrong = await stranger.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: "000000",
  });
  expect(errorCode(wrong)).toBe("form_code_incorrect");
  const right = await stranger.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: TEST_CODE,
  });
  expect(errorCode(right)).toBe("form_identifier_exists");
  expect((await stranger.get("/v1/client")).body.response.sessions).toEqual([]);
});
