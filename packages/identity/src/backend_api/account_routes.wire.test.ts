import { hashSync } from "bcryptjs";
import { createClerkClient } from "clerk-backend-genuine";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type GenuineBackend,
  type GenuineClient,
  refusal,
  startGenuineBackend,
} from "../testing/genuine_backend.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, signUp, TestBrowser } from "../testing/test_browser.ts";

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

test("passwords are verified and removed", async () => {
  const user = await backend.newUser();
  expect(await clerk.users.verifyPassword({ userId: user.id, password: PASSWORD })).toEqual({
    verified: true,
  });
  expect(await refusal(clerk.users.verifyPassword({ userId: user.id, password: "wrong" }))).toMatchObject({
    status: 422,
    code: "incorrect_password",
  });
  expect((await clerk.users.removePassword(user.id)).passwordEnabled).toBe(false);
  expect(await refusal(clerk.users.verifyPassword({ userId: user.id, password: PASSWORD }))).toMatchObject({
    status: 400,
    code: "no_password_set",
  });
});

test.each([
  ["md5", "5f4dcc3b5aa765d61d8327deb882cf99"],
  ["bcrypt", hashSync("password", 4)],
] as const)(
  "a digest of %s is good for signing in, and is one of ours from then on",
  async (passwordHasher, passwordDigest) => {
    const address = backend.newAddress();
    await clerk.users.createUser({ emailAddress: [address], passwordDigest, passwordHasher });
    const signIn = (password: string) =>
      new TestBrowser(server).post("/v1/client/sign_ins", {
        strategy: "password",
        identifier: address,
        password,
      });
    expect(errorCode(await signIn("passwort"))).toBe("form_password_incorrect");
    const signedIn = await signIn("password");
    expect(signedIn.body.response.status).toBe("complete");
    const row = await server.parts.store.read().get("users", signedIn.body.client.sessions[0].user.id);
    expect(row).toMatchObject({
      passwordHasher: "argon2id",
      passwordDigest: expect.stringContaining("$argon2id$"),
    });
    expect((await signIn("password")).body.response.status).toBe("complete");
  },
);

test("a digest that cannot be verified here is refused with why", async () => {
  const digests = [
    ["$2a$10$abcdefghijklmnopqrstuv", "bcrypt", "does not have the form"],
    [`$2a$20$${"a".repeat(53)}`, "bcrypt", "only 4 to 14 is possible"],
    ["awscognito#pool#client#jane", "awscognito", "Amazon Cognito"],
  ] as const;
  for (const [passwordDigest, passwordHasher, why] of digests) {
    expect(
      await refusal(backend.newUser({ password: undefined, passwordDigest, passwordHasher })),
    ).toMatchObject({
      code: "form_password_digest_invalid_code",
      longMessage: expect.stringContaining(why),
    });
  }
});

test("banning and deleting sign out at once, in every browser", async () => {
  const ended: string[] = [];
  const stop = server.identity.events.onSessionsEnded((sessions) =>
    ended.push(...sessions.map((one) => one.sessionId)),
  );
  const browser = new TestBrowser(server);
  const { sessionId, userId } = await signUp(browser, `banned+clerk_test@example.com`);
  expect((await clerk.users.banUser(userId)).banned).toBe(true);
  expect(ended).toEqual([sessionId]);
  expect((await clerk.sessions.getSession(sessionId)).status).toBe("revoked");
  expect((await browser.get("/v1/client")).body.response?.sessions ?? []).toEqual([]);
  expect((await clerk.users.unbanUser(userId)).banned).toBe(false);
  expect(await clerk.users.deleteUser(userId)).toMatchObject({ id: userId, deleted: true });
  expect(await refusal(clerk.users.getUser(userId))).toMatchObject({ status: 404 });
  stop();
});

test("a lock keeps people out, and signs nobody out", async () => {
  const browser = new TestBrowser(server);
  const { sessionId, userId } = await signUp(browser, `locked+clerk_test@example.com`);
  expect((await clerk.users.lockUser(userId)).locked).toBe(true);
  expect((await clerk.sessions.getSession(sessionId)).status).toBe("active");
  expect((await clerk.users.unlockUser(userId)).locked).toBe(false);
});

test("a lock lasts an hour", async () => {
  await using server = await startIdentity();
  const clerk = createClerkClient({ secretKey: server.secretKey, apiUrl: server.url });
  const [emailAddress, createdLocked] = ["ada@example.com", "bob@example.com"];
  const { id } = await clerk.users.createUser({ emailAddress: [emailAddress], password: PASSWORD });
  const bob = { emailAddress: [createdLocked], password: PASSWORD, locked: true };
  expect((await clerk.users.createUser(bob)).locked).toBe(true);
  expect((await clerk.users.lockUser(id)).raw).toMatchObject({ lockout_expires_in_seconds: 3600 });
  const signIn = (identifier: string) =>
    new TestBrowser(server).post("/v1/client/sign_ins", {
      strategy: "password",
      identifier,
      password: PASSWORD,
    });
  for (const address of [emailAddress, createdLocked]) {
    const refused = await signIn(address);
    expect(errorCode(refused)).toBe("user_locked");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3500);
  }
  server.clock.advance(3600 * 1000);
  expect((await clerk.users.getUser(id)).locked).toBe(false);
  for (const address of [emailAddress, createdLocked]) {
    expect((await signIn(address)).body.response.status).toBe("complete");
  }
});

test("unlocking lifts the lock of failed attempts, too", async () => {
  await using server = await startIdentity({ limits: { lockoutAttempts: 1 } });
  const clerk = createClerkClient({ secretKey: server.secretKey, apiUrl: server.url });
  const { id } = await clerk.users.createUser({ emailAddress: ["ada@example.com"], password: PASSWORD });
  const signIn = (password: string) =>
    new TestBrowser(server).post("/v1/client/sign_ins", { identifier: "ada@example.com", password });
  expect(errorCode(await signIn("wrong"))).toBe("form_password_incorrect");
  expect(errorCode(await signIn(PASSWORD))).toBe("user_locked");
  expect(await clerk.users.unlockUser(id)).toMatchObject({ locked: false });
  expect((await signIn(PASSWORD)).body.response.status).toBe("complete");
});

test("a compromised password signs nobody in until it is another one, and may end all sessions", async () => {
  const browser = new TestBrowser(server);
  const { sessionId, userId } = await signUp(browser, "leaked+clerk_test@example.com");
  const signIn = (password: string) =>
    new TestBrowser(server).post("/v1/client/sign_ins", {
      identifier: "leaked+clerk_test@example.com",
      password,
    });
  await clerk.users.setPasswordCompromised(userId);
  expect((await clerk.sessions.getSession(sessionId)).status).toBe("active");
  expect(errorCode(await signIn(PASSWORD))).toBe("form_password_compromised");
  expect(errorCode(await signIn("wrong"))).toBe("form_password_incorrect");
  await clerk.users.unsetPasswordCompromised(userId);
  expect((await signIn(PASSWORD)).body.response.status).toBe("complete");

  await clerk.users.setPasswordCompromised(userId, { revokeAllSessions: true });
  expect((await clerk.sessions.getSession(sessionId)).status).toBe("revoked");
  await clerk.users.updateUser(userId, { password: `${PASSWORD} anew` });
  expect((await signIn(`${PASSWORD} anew`)).body.response.status).toBe("complete");
  const { id } = await clerk.users.createUser({
    emailAddress: [backend.newAddress()],
    skipPasswordRequirement: true,
  });
  expect(await refusal(clerk.users.setPasswordCompromised(id))).toMatchObject({ code: "no_password_set" });
});
