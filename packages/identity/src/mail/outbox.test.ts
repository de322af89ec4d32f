import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";
import { PASSWORD, TestBrowser } from "../testing/test_browser.ts";

const EMAIL = "jane@example.com";

test("a code to sign in by is sent only after its answer, and is not lost when the server stops", async () => {
  const identity = await startIdentity();
  const { store } = identity.parts;
  const codes = async () =>
    (await store.read().list("inbox_messages", "by_recipient", [EMAIL])).map(({ code }) => code);
  const browser = new TestBrowser(identity);
  const { body } = await browser.post("/v1/client/sign_ups", { email_address: EMAIL, password: PASSWORD });
  const signUp = `/v1/client/sign_ups/${body.response.id}`;
  await browser.post(`${signUp}/prepare_verification`, { strategy: "email_code" });
  const [code] = await codes();
  await browser.post(`${signUp}/attempt_verification`, { strategy: "email_code", code: code! });
  await browser.delete("/v1/client/sessions");
  identity.clock.advance(30_000);

  const begun = await browser.post("/v1/client/sign_ins", { identifier: EMAIL });
  const signIn = `/v1/client/sign_ins/${begun.body.response.id}`;
  await browser.post(`${signIn}/prepare_first_factor`, { strategy: "email_code" });
  await using restarted = await identity.restart();
  const messages = await restarted.parts.store.read().list("inbox_messages", "by_recipient", [EMAIL]);
  expect(messages).toHaveLength(2);
  expect(restarted.reported).toEqual([]);
});
