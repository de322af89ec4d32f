import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GenuineBackend,
  type GenuineClient,
  refusal,
  startGenuineBackend,
} from "../testing/genuine_backend.ts";
import type { StartedIdentity } from "../testing/start_identity.ts";
import { PASSWORD, TestBrowser } from "../testing/test_browser.ts";

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

test("a reserved one is nobody else's, and signs in before it is verified", async () => {
  const [first, reserved] = [backend.newAddress(), backend.newAddress()];
  const user = await backend.newUser({
    emailAddress: [reserved, first],
    emailAddressIdentificationStatus: ["reserved", "verified"],
  });
  expect(user.primaryEmailAddress?.emailAddress).toBe(reserved);
  const shown = async () => (await clerk.users.getUser(user.id)).raw!.email_addresses;
  expect(await shown()).toMatchObject([{ reserved: true }, { reserved: false }]);
  expect(await refusal(backend.newUser({ emailAddress: [reserved] }))).toMatchObject({
    code: "form_identifier_exists",
  });
  const signIn = () =>
    new TestBrowser(server).post("/v1/client/sign_ins", { identifier: reserved, password: PASSWORD });
  expect((await signIn()).body.response.status).toBe("complete");
  expect((await signInByCode(reserved)).body.response.status).toBe("complete");
  const { id } = user.emailAddresses[0]!;
  expect(await clerk.emailAddresses.updateEmailAddress(id, {})).toMatchObject({
    verification: { status: "unverified" },
  });
  await clerk.emailAddresses.updateEmailAddress(id, { verified: true });
  expect(await shown()).toMatchObject([{ reserved: false }, { reserved: false }]);
  expect((await signIn()).body.response.status).toBe("complete");
  for (const statuses of [["reserved"], ["reserved", "maybe"]]) {
    const fields = { emailAddress: [backend.newAddress(), backend.newAddress()] };
    const status = { emailAddressIdentificationStatus: statuses as "reserved"[] };
    expect(await refusal(backend.newUser({ ...fields, ...status }))).toMatchObject({
      code: "form_param_value_invalid",
      meta: { paramName: "email_address_identification_status" },
    });
  }
});

async function signInByCode(identifier: string) {
  const browser = new TestBrowser(server);
  const begun = await browser.post("/v1/client/sign_ins", { identifier, strategy: "email_code" });
  await server.parts.outbox.flush();
  const reader = server.parts.store.read();
  const [mail] = await reader.list("inbox_messages", "by_recipient", [identifier], { order: "desc" });
  const path = `/v1/client/sign_ins/${begun.body.response.id}/attempt_first_factor`;
  return browser.post(path, { strategy: "email_code", code: mail?.code ?? "" });
}

test("are added, made primary and removed, but not the last", async () => {
  const user = await backend.newUser();
  const added = await clerk.emailAddresses.createEmailAddress({
    userId: user.id,
    emailAddress: backend.newAddress(),
    verified: true,
    primary: true,
  });
  expect((await clerk.users.getUser(user.id)).primaryEmailAddressId).toBe(added.id);
  await clerk.emailAddresses.updateEmailAddress(user.primaryEmailAddressId!, { primary: true });
  expect(await clerk.emailAddresses.deleteEmailAddress(user.primaryEmailAddressId!)).toMatchObject({
    deleted: true,
  });
  expect((await clerk.users.getUser(user.id)).primaryEmailAddressId).toBe(added.id);
  expect(await refusal(clerk.emailAddresses.deleteEmailAddress(added.id))).toMatchObject({
    status: 422,
    code: "identification_deletion_failed",
  });
  const replaced = await clerk.users.replaceUserEmailAddress(user.id, { emailAddress: backend.newAddress() });
  expect((await clerk.users.getUser(user.id)).emailAddresses.map(({ id }) => id)).toEqual([replaced.id]);
});

test("an unverified one is claimed by anybody, a verified one by its owner only", async () => {
  const address = backend.newAddress();
  const [one, other] = [await backend.newUser(), await backend.newUser()];
  const claim = (userId: string) =>
    clerk.emailAddresses.createEmailAddress({ userId, emailAddress: address });
  const [first, second] = [await claim(one.id), await claim(other.id)];
  await clerk.emailAddresses.updateEmailAddress(first.id, { verified: true });
  expect(await refusal(clerk.emailAddresses.updateEmailAddress(second.id, { verified: true }))).toMatchObject(
    {
      code: "form_identifier_exists",
    },
  );
});
