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

test("are created with what the app knows of them, and read again", async () => {
  const address = backend.newAddress();
  const user = await clerk.users.createUser({
    emailAddress: [address.toUpperCase(), backend.newAddress()],
    password: PASSWORD,
    firstName: "Ada",
    lastName: "Lovelace",
    externalId: "ext-1",
    publicMetadata: { camelCase: { snake_case: 1 } },
    privateMetadata: { secret: true },
    createdAt: new Date("2020-02-03T04:05:06Z"),
  });
  expect(user.id).toMatch(/^user_[0-9A-Za-z]{27}$/);
  expect(user.primaryEmailAddress?.emailAddress).toBe(address);
  expect(user.primaryEmailAddress?.verification?.status).toBe("verified");
  expect(user).toMatchObject({
    firstName: "Ada",
    fullName: "Ada Lovelace",
    externalId: "ext-1",
    passwordEnabled: true,
    publicMetadata: { camelCase: { snake_case: 1 } },
    privateMetadata: { secret: true },
    createdAt: Date.UTC(2020, 1, 3, 4, 5, 6),
    banned: false,
    locked: false,
  });
  expect(await clerk.users.getUser(user.id)).toMatchObject({ id: user.id, externalId: "ext-1" });
});

test("what is wrong with one is said by field", async () => {
  const { emailAddresses } = await backend.newUser();
  const address = emailAddresses[0]!.emailAddress;
  expect(await refusal(backend.newUser({ emailAddress: [address] }))).toMatchObject({
    status: 422,
    code: "form_identifier_exists",
    meta: { paramName: "email_address" },
    trace: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
  });
  expect(await refusal(backend.newUser({ emailAddress: ["nobody"] }))).toMatchObject({
    code: "form_param_format_invalid",
  });
  expect(await refusal(backend.newUser({ password: "password" }))).toMatchObject({
    code: "form_password_pwned",
  });
  expect(await refusal(backend.newUser({ password: undefined }))).toMatchObject({
    code: "form_param_missing",
  });
  expect(await refusal(backend.newUser({ phoneNumber: ["+15555550100"] }))).toMatchObject({
    code: "form_param_unknown",
    meta: { paramName: "phone_number" },
  });
  expect(await refusal(clerk.users.getUser("user_none"))).toMatchObject({
    status: 404,
    code: "resource_not_found",
  });
  expect((await backend.newUser({ password: "password", skipPasswordChecks: true })).passwordEnabled).toBe(
    true,
  );
  expect(
    await refusal(backend.newUser({ password: "x".repeat(5000), skipPasswordChecks: true })),
  ).toMatchObject({
    code: "form_password_size_in_bytes_exceeded",
  });
});

test("race: of two who are created with one address or one id at once, there is one", async () => {
  for (const fields of [{ emailAddress: [backend.newAddress()] }, { externalId: "race" }]) {
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => backend.newUser(fields)));
    const reasons = made.flatMap((one) => (one.status === "rejected" ? [one.reason.errors[0].code] : []));
    expect(reasons).toEqual(Array(4).fill("form_identifier_exists"));
  }
});

test("are listed with filters, orders and pages, and counted", async () => {
  const made = [];
  for (const name of ["Zoe", "Abe", "Mia"]) {
    made.push(await backend.newUser({ firstName: name, lastName: "Listed", externalId: `list-${name}` }));
  }
  const [zoe, abe, mia] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
  const names = async (options: Parameters<typeof clerk.users.getUserList>[0]) => {
    const { data, totalCount } = await clerk.users.getUserList(options);
    return { names: data.map(({ firstName }) => firstName), totalCount };
  };
  expect(await names({ query: "listed" })).toEqual({ names: ["Mia", "Abe", "Zoe"], totalCount: 3 });
  expect(await names({ query: "LISTED", orderBy: "+first_name" })).toMatchObject({
    names: ["Abe", "Mia", "Zoe"],
  });
  expect(await names({ query: "listed", orderBy: "-first_name", limit: 1, offset: 1 })).toEqual({
    names: ["Mia"],
    totalCount: 3,
  });
  expect(await names({ userId: [zoe.id, abe.id] })).toMatchObject({ names: ["Abe", "Zoe"] });
  expect(await names({ userId: [`-${zoe.id}`], query: "listed" })).toMatchObject({ names: ["Mia", "Abe"] });
  expect(await names({ externalId: ["list-Mia"] })).toMatchObject({ names: ["Mia"] });
  expect(await names({ emailAddress: [mia.emailAddresses[0]!.emailAddress] })).toMatchObject({
    names: ["Mia"],
  });
  expect(await names({ phoneNumber: ["+15555550100"] })).toEqual({ names: [], totalCount: 0 });
  expect(await clerk.users.getCount({ query: "listed" })).toBe(3);
  expect(await refusal(clerk.users.getUserList({ orderBy: "password" as "created_at" }))).toMatchObject({
    status: 422,
  });
});

test("an address with a plus is found", async () => {
  const user = await backend.newUser({ emailAddress: ["plus+sign@example.com"] });
  const { data } = await clerk.users.getUserList({ emailAddress: ["plus+sign@example.com"] });
  expect(data.map(({ id }) => id)).toEqual([user.id]);
});

test("are changed; an empty change is none", async () => {
  const user = await backend.newUser({ firstName: "Ada", lastName: "Byron" });
  expect(await clerk.users.updateUser(user.id, {})).toMatchObject({ firstName: "Ada" });
  const changed = await clerk.users.updateUser(user.id, { lastName: "Lovelace", publicMetadata: { a: 1 } });
  expect(changed).toMatchObject({ firstName: "Ada", lastName: "Lovelace", publicMetadata: { a: 1 } });
  expect(changed.updatedAt).toBeGreaterThan(user.updatedAt);
  expect(await refusal(clerk.users.updateUser(user.id, { primaryEmailAddressID: "idn_none" }))).toMatchObject(
    {
      code: "form_resource_not_found",
    },
  );
});

test("a password that is the new username is refused, too", async () => {
  await using other = await startGenuineBackend();
  await other.api("PATCH", "/instance", { username: { enabled: true } });
  const user = await other.newUser();
  const fields = { username: "ada_lovelace", password: "ada_lovelace" };
  expect(await refusal(other.clerk.users.updateUser(user.id, fields))).toMatchObject({
    code: "form_password_matches_identifier",
  });
});

test("metadata is merged by one call, replaced by the other", async () => {
  const user = await backend.newUser({ publicMetadata: { keep: 1, deep: { a: 1, b: 2 } } });
  const merged = await clerk.users.updateUserMetadata(user.id, {
    publicMetadata: { deep: { a: null, c: 3 } } as UserPublicMetadata,
  });
  expect(merged.publicMetadata).toEqual({ keep: 1, deep: { b: 2, c: 3 } });
  const replaced = await clerk.users.replaceUserMetadata(user.id, { publicMetadata: { only: true } });
  expect(replaced.publicMetadata).toEqual({ only: true });
  expect((await clerk.users.replaceUserMetadata(user.id, { publicMetadata: {} })).publicMetadata).toEqual({});
});

test("metadata that is replaced by null is null for the app's server, and an empty object for pages", async () => {
  const address = "nothing+clerk_test@example.com";
  const user = await backend.newUser({ emailAddress: [address], publicMetadata: { a: 1 } });
  const none = { public_metadata: null, unsafe_metadata: null, private_metadata: null };
  const replaced = await backend.api("PUT", `/users/${user.id}/metadata`, none);
  expect(await replaced.json()).toMatchObject(none);
  expect((await clerk.users.getUser(user.id)).raw).toMatchObject(none);
  const signIn = { identifier: address, password: PASSWORD };
  const { body } = await new TestBrowser(server).post("/v1/client/sign_ins", signIn);
  expect(body.client.sessions[0].user).toMatchObject({ public_metadata: {}, unsafe_metadata: {} });
  const merged = await clerk.users.updateUserMetadata(user.id, { publicMetadata: { b: 2 } });
  expect(merged.publicMetadata).toEqual({ b: 2 });
});

test("what the instance does not have is refused by name, when they are created and when they are changed", async () => {
  await using other = await startGenuineBackend();
  const user = await other.newUser({ firstName: "Ada" });
  const off = { enabled: false };
  await other.api("PATCH", "/instance", { first_name: off, last_name: off, password: off });
  for (const [fields, paramName] of [
    [{ firstName: "Ada" }, "first_name"],
    [{ lastName: "Lovelace" }, "last_name"],
    [{ password: PASSWORD }, "password"],
    [
      { passwordDigest: "5f4dcc3b5aa765d61d8327deb882cf99", passwordHasher: "md5" as const },
      "password_digest",
    ],
  ] as const) {
    const unknown = { status: 422, code: "form_param_unknown", meta: { paramName } };
    expect(await refusal(other.newUser({ password: undefined, ...fields }))).toMatchObject(unknown);
    expect(await refusal(other.clerk.users.updateUser(user.id, fields))).toMatchObject(unknown);
  }
  expect(await other.clerk.users.updateUser(user.id, { externalId: "ada" })).toMatchObject({
    firstName: "Ada",
  });
});

test("what the instance requires has to be there when they are created, everything that is missing is named", async () => {
  await using other = await startGenuineBackend();
  const required = { enabled: true, required: true };
  await other.api("PATCH", "/instance", { username: required, first_name: required, legal_consent: true });
  const missing = async (fields: Parameters<typeof other.newUser>[0]) => {
    const error = await other.newUser(fields).then(
      () => null,
      (reason) => reason as { errors: { code: string; meta: { paramName: string } }[] },
    );
    expect(new Set(error!.errors.map(({ code }) => code))).toEqual(new Set(["form_param_missing"]));
    return error!.errors.map(({ meta }) => meta.paramName);
  };
  expect(await missing({})).toEqual(["username", "first_name", "legal_accepted_at"]);
  const rest = { username: "ada_lovelace", firstName: "Ada" };
  expect(await missing(rest)).toEqual(["legal_accepted_at"]);
  expect(await missing({ ...rest, emailAddress: [], skipLegalChecks: true })).toEqual(["email_address"]);
  const accepted = await other.newUser({ ...rest, legalAcceptedAt: new Date("2026-01-02T03:04:05Z") });
  expect(accepted.legalAcceptedAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  const migrated = await other.newUser({ ...rest, username: "migrated", skipLegalChecks: true });
  expect(migrated.legalAcceptedAt).toBeNull();
});

test("the owner hears of another primary address where that is asked for", async () => {
  const [first, second, third] = [backend.newAddress(), backend.newAddress(), backend.newAddress()];
  const user = await backend.newUser({ emailAddress: [first, second, third] });
  const [, two, three] = user.emailAddresses;
  const subjects = async (to: string) => {
    await server.parts.outbox.flush();
    const messages = await server.parts.store.read().list("inbox_messages", "by_recipient", [to]);
    return messages.map(({ subject }) => subject);
  };
  await clerk.users.updateUser(user.id, { primaryEmailAddressID: two!.id });
  await clerk.users.updateUser(user.id, {
    primaryEmailAddressID: two!.id,
    notifyPrimaryEmailAddressChanged: true,
  });
  for (const address of [first, second, third]) expect(await subjects(address)).toEqual([]);
  await clerk.users.updateUser(user.id, {
    primaryEmailAddressID: three!.id,
    notifyPrimaryEmailAddressChanged: true,
  });
  expect(await subjects(first)).toEqual([]);
  for (const address of [second, third]) {
    expect(await subjects(address)).toEqual([expect.stringContaining("primary e-mail address")]);
  }
});
