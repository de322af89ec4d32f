import { expect, test } from "vitest";
import type { InboxMessageRow } from "../store/index.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, TestBrowser } from "../testing/test_browser.ts";

const EMAIL = "jane@example.com";

async function inbox(identity: StartedIdentity, to: string): Promise<InboxMessageRow[]> {
  return identity.parts.store.read().list("inbox_messages", "by_recipient", [to]);
}

/** Signs up as far as the code goes; answers the path, and the code that was sent. */
async function begin(identity: StartedIdentity, browser: TestBrowser) {
  const { body } = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  const path = `/v1/client/sign_ups/${body.response.id}`;
  const prepared = await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const message = (await inbox(identity, EMAIL)).at(-1)!;
  return { path, message, prepared };
}

test("the code comes by mail; for an address that has an account, so does the news that it has one", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const first = await begin(identity, browser);
  expect(first.message.code).toMatch(/^\d{6}$/);
  const done = await browser.post(`${first.path}/attempt_verification`, {
    strategy: "email_code",
    code: first.message.code!,
  });
  expect(done.body.response.status).toBe("complete");
  identity.clock.advance(30_000);

  const stranger = new TestBrowser(identity);
  const second = await begin(identity, stranger);
  expect(await inbox(identity, EMAIL)).toHaveLength(2);
  expect(second.message.subject).toContain("account");
  expect(second.prepared.body.response).toMatchObject({
    status: "missing_requirements",
    verifications: { email_address: { next_action: "needs_attempt" } },
  });
  const right = await stranger.post(`${second.path}/attempt_verification`, {
    strategy: "email_code",
    code: second.message.code!,
  });
  expect(errorCode(right)).toBe("form_identifier_exists");
});

test("a code of one attempt is worth nothing in another", async () => {
  await using identity = await startIdentity();
  const one = await begin(identity, new TestBrowser(identity));
  identity.clock.advance(30_000);
  const browser = new TestBrowser(identity);
  const other = await begin(identity, browser);
  // One in a million: both have the same code.
  if (one.message.code === other.message.code) return;
  const refused = await browser.post(`${other.path}/attempt_verification`, {
    strategy: "email_code",
    code: one.message.code!,
  });
  expect(errorCode(refused)).toBe("form_code_incorrect");
});

test("nobody is written to because a stranger tried to sign in with an address that has no account", async () => {
  await using identity = await startIdentity();
  const browser = new TestBrowser(identity);
  const { body } = await browser.post("/v1/client/sign_ins", { identifier: "nobody@example.com" });
  const prepared = await browser.post(`/v1/client/sign_ins/${body.response.id}/prepare_first_factor`, {
    strategy: "email_code",
  });
  expect(prepared.status).toBe(200);
  expect(await inbox(identity, "nobody@example.com")).toEqual([]);
});

test("who begins too many sign-ups from one address has to wait", async () => {
  await using identity = await startIdentity({ limits: { createsPerWindow: 2 } });
  const begun = async () => new TestBrowser(identity).post("/v1/client/sign_ups", {});
  await begun();
  await begun();
  const refused = await begun();
  expect([refused.status, errorCode(refused)]).toEqual([429, "too_many_requests"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
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
