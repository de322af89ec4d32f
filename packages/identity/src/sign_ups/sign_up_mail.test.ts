import { expect, test } from "vitest";
import type { InboxMessageRow } from "../store/index.ts";
import { Sweeper } from "../sweeps/index.ts";
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

test("a new browser whose code has to wait is known from then on, and its sign-up is there", async () => {
  await using identity = await startIdentity();
  await begin(identity, new TestBrowser(identity));
  const browser = new TestBrowser(identity);
  const fields = { email_address: EMAIL, password: PASSWORD, strategy: "email_code" };
  const refused = await browser.post("/v1/client/sign_ups", fields);
  expect(errorCode(refused)).toBe("verification_code_too_many_requests");
  const { sign_up } = (await browser.get("/v1/client")).body.response;
  identity.clock.advance(30_000);
  const path = `/v1/client/sign_ups/${sign_up.id}/prepare_verification`;
  expect((await browser.post(path, { strategy: "email_code" })).status).toBe(200);
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

test("a long wait between two codes outlasts the sweeps", async () => {
  const hour = 60 * 60_000;
  await using identity = await startIdentity({ limits: { codeInterval: 3 * hour } });
  const browser = new TestBrowser(identity);
  const { path } = await begin(identity, browser);
  const again = () => browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  identity.clock.advance(2 * hour);
  await new Sweeper(identity.parts).sweep();
  expect(errorCode(await again())).toBe("verification_code_too_many_requests");
  identity.clock.advance(hour);
  expect((await again()).status).toBe(200);
});
