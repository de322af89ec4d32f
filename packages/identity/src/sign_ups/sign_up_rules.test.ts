import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, TestBrowser } from "../testing/test_browser.ts";

const EMAIL = "jane@example.com";

test("who begins too many sign-ups from one address has to wait", async () => {
  await using identity = await startIdentity({ limits: { createsPerWindow: 2 } });
  const begun = async () => new TestBrowser(identity).post("/v1/client/sign_ups", {});
  await begun();
  await begun();
  const refused = await begun();
  expect([refused.status, errorCode(refused)]).toEqual([429, "too_many_requests"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a suite of tests that shows its token does not have to", async () => {
  await using identity = await startIdentity({ limits: { createsPerWindow: 1 } });
  const response = await fetch(`${identity.url}/v1/testing_tokens`, {
    method: "POST",
    headers: { authorization: `Bearer ${identity.secretKey}` },
  });
  const { token } = (await response.json()) as { token: string };
  const begin = async (query: Record<string, string>) =>
    (await new TestBrowser(identity, { query }).post("/v1/client/sign_ups", {})).status;
  for (let begun = 0; begun < 3; begun++) expect(await begin({ __clerk_testing_token: token })).toBe(200);
  expect(await begin({ __clerk_testing_token: "another" })).toBe(200);
  expect(await begin({ __clerk_testing_token: "another" })).toBe(429);
});

test("of two sign-ups with one address only one gets it", async () => {
  await using identity = await startIdentity();
  const email_address = "jane+clerk_test@example.com";
  const browsers = [new TestBrowser(identity), new TestBrowser(identity)];
  const paths = await Promise.all(
    browsers.map(async (browser) => {
      const { body } = await browser.post("/v1/client/sign_ups", { email_address, password: PASSWORD });
      const path = `/v1/client/sign_ups/${body.response.id}`;
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      return path;
    }),
  );
  const replies = await Promise.all(
    browsers.map((browser, at) =>
      browser.post(`${paths[at]}/attempt_verification`, { strategy: "email_code", code: "424242" }),
    ),
  );
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 422]);
});

test("a username is unique whatever its case, and can be signed in with", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    username: { ...before.username, enabled: true, required: true },
    emailAddress: { ...before.emailAddress, required: false },
  }));
  const browser = new TestBrowser(identity);
  const done = await browser.post("/v1/client/sign_ups", { username: "Jane_Doe", password: PASSWORD });
  expect(done.body.response).toMatchObject({ status: "complete", username: "Jane_Doe" });
  const taken = await new TestBrowser(identity).post("/v1/client/sign_ups", { username: "jane_doe" });
  expect(taken.body.errors[0]).toMatchObject({
    code: "form_identifier_exists",
    meta: { param_name: "username" },
  });
  const signedIn = await new TestBrowser(identity).post("/v1/client/sign_ins", {
    identifier: "JANE_DOE",
    password: PASSWORD,
  });
  expect(signedIn.body.response.status).toBe("complete");
});

test("what the instance does not have is refused by name, and consent is asked for", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({ ...before, legalConsent: true }));
  const browser = new TestBrowser(identity);
  const unknown = await browser.post("/v1/client/sign_ups", { phone_number: "+15555550100" });
  expect(unknown.body.errors[0]).toMatchObject({
    code: "form_param_unknown",
    meta: { param_name: "phone_number" },
  });
  const refused = await browser.post("/v1/client/sign_ups", {
    email_address: EMAIL,
    legal_accepted: "false",
  });
  expect(errorCode(refused)).toBe("legal_not_accepted");
  const begun = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  expect(begun.body.response.missing_fields).toEqual(["legal_accepted"]);
});

test("an instance that takes nobody makes no accounts", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    signUpMode: "restricted",
  }));
  const refused = await new TestBrowser(identity).post("/v1/client/sign_ups", { email_address: EMAIL });
  expect([refused.status, errorCode(refused)]).toEqual([403, "sign_up_mode_restricted"]);
});

test("nobody gets in after the instance has closed, by a sign-up that was begun before", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const email_address = "jane+clerk_test@example.com";
  const { body } = await browser.post("/v1/client/sign_ups", { email_address, password: PASSWORD });
  const path = `/v1/client/sign_ups/${body.response.id}`;
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    signUpMode: "restricted",
  }));
  const refused = await browser.post(`${path}/attempt_verification`, {
    strategy: "email_code",
    code: "424242",
  });
  expect([refused.status, errorCode(refused)]).toEqual([403, "sign_up_mode_restricted"]);
  expect((await browser.get("/v1/client")).body.response.sessions).toEqual([]);
});

test("a language that is none is refused by name, not stumbled over", async () => {
  await using identity = await startIdentity();
  const begin = (locale: string) => new TestBrowser(identity).post("/v1/client/sign_ups", { locale });
  const refused = await begin(`${"a".repeat(34)}\u{1F600}`);
  expect(refused.body.errors[0]).toMatchObject({
    code: "form_param_max_length_exceeded",
    meta: { param_name: "locale" },
  });
  expect((await begin("de-CH")).body.response.locale).toBe("de-CH");
  expect(identity.reported).toEqual([]);
});

test("a username alone takes a password, or it would sign nobody in again; with an address it need not", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    username: { ...before.username, enabled: true, required: true },
    emailAddress: { ...before.emailAddress, required: false },
    password: { enabled: true, required: false },
  }));
  const browser = new TestBrowser(identity);
  const begun = await browser.post("/v1/client/sign_ups", { username: "jane_doe" });
  expect(begun.body.response).toMatchObject({
    status: "missing_requirements",
    required_fields: ["username", "password"],
    missing_fields: ["password"],
  });
  const path = `/v1/client/sign_ups/${begun.body.response.id}`;
  expect((await browser.patch(path, { email_address: EMAIL })).body.response).toMatchObject({
    optional_fields: expect.arrayContaining(["password"]),
    missing_fields: [],
  });
  const done = await browser.patch(path, { email_address: "", password: PASSWORD });
  expect(done.body.response.status).toBe("complete");
});

test("without passwords a username alone takes an address", async () => {
  await using identity = await startIdentity();
  await identity.parts.instances.change(identity.instanceId, (before) => ({
    ...before,
    username: { ...before.username, enabled: true, required: true },
    emailAddress: { ...before.emailAddress, required: false },
    password: { enabled: false, required: false },
  }));
  const begun = await new TestBrowser(identity).post("/v1/client/sign_ups", { username: "jane_doe" });
  expect(begun.body.response.missing_fields).toEqual(["email_address"]);
});
