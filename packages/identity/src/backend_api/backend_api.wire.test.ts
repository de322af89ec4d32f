import { hashSync } from "bcryptjs";
import { createClerkClient, verifyToken } from "clerk-backend-genuine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { errorCode, PASSWORD, signUp, TestBrowser } from "../testing/test_browser.ts";

/** The genuine @clerk/backend, unmodified, against a real server. */
let server: StartedIdentity;
let clerk: ReturnType<typeof createClerkClient>;

beforeAll(async () => {
  server = await startIdentity();
  clerk = createClerkClient({ secretKey: server.secretKey, apiUrl: server.url });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

let count = 0;
function newAddress(): string {
  count++;
  return `person${count}@example.com`;
}

function newUser(fields: Partial<Parameters<typeof clerk.users.createUser>[0]> = {}) {
  return clerk.users.createUser({ emailAddress: [newAddress()], password: PASSWORD, ...fields });
}

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (reason: unknown) =>
      reason as {
        status: number;
        clerkTraceId?: string;
        errors: { code: string; longMessage: string; meta?: { paramName?: string } }[];
      },
  );
  if (error === null) throw new Error("It was not refused.");
  return { status: error.status, trace: error.clerkTraceId, ...error.errors[0]! };
}

describe("users", () => {
  test("are created with what the app knows of them, and read again", async () => {
    const address = newAddress();
    const user = await clerk.users.createUser({
      emailAddress: [address.toUpperCase(), newAddress()],
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
    const { emailAddresses } = await newUser();
    const address = emailAddresses[0]!.emailAddress;
    expect(await refusal(newUser({ emailAddress: [address] }))).toMatchObject({
      status: 422,
      code: "form_identifier_exists",
      meta: { paramName: "email_address" },
      trace: expect.stringMatching(/^[0-9A-Za-z]{32}$/),
    });
    expect(await refusal(newUser({ emailAddress: ["nobody"] }))).toMatchObject({
      code: "form_param_format_invalid",
    });
    expect(await refusal(newUser({ password: "password" }))).toMatchObject({ code: "form_password_pwned" });
    expect(await refusal(newUser({ password: undefined }))).toMatchObject({ code: "form_param_missing" });
    expect(await refusal(newUser({ phoneNumber: ["+15555550100"] }))).toMatchObject({
      code: "form_param_unknown",
      meta: { paramName: "phone_number" },
    });
    expect(await refusal(clerk.users.getUser("user_none"))).toMatchObject({
      status: 404,
      code: "resource_not_found",
    });
    expect((await newUser({ password: "password", skipPasswordChecks: true })).passwordEnabled).toBe(true);
    expect(await refusal(newUser({ password: "x".repeat(5000), skipPasswordChecks: true }))).toMatchObject({
      code: "form_password_size_in_bytes_exceeded",
    });
  });

  test("race: of two who are created with one address or one id at once, there is one", async () => {
    for (const fields of [{ emailAddress: [newAddress()] }, { externalId: "race" }]) {
      const made = await Promise.allSettled(Array.from({ length: 5 }, () => newUser(fields)));
      const reasons = made.flatMap((one) => (one.status === "rejected" ? [one.reason.errors[0].code] : []));
      expect(reasons).toEqual(Array(4).fill("form_identifier_exists"));
    }
  });

  test("are listed with filters, orders and pages, and counted", async () => {
    const made = [];
    for (const name of ["Zoe", "Abe", "Mia"]) {
      made.push(await newUser({ firstName: name, lastName: "Listed", externalId: `list-${name}` }));
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
    const user = await newUser({ emailAddress: ["plus+sign@example.com"] });
    const { data } = await clerk.users.getUserList({ emailAddress: ["plus+sign@example.com"] });
    expect(data.map(({ id }) => id)).toEqual([user.id]);
  });

  test("are changed; an empty change is none", async () => {
    const user = await newUser({ firstName: "Ada", lastName: "Byron" });
    expect(await clerk.users.updateUser(user.id, {})).toMatchObject({ firstName: "Ada" });
    const changed = await clerk.users.updateUser(user.id, { lastName: "Lovelace", publicMetadata: { a: 1 } });
    expect(changed).toMatchObject({ firstName: "Ada", lastName: "Lovelace", publicMetadata: { a: 1 } });
    expect(changed.updatedAt).toBeGreaterThan(user.updatedAt);
    expect(
      await refusal(clerk.users.updateUser(user.id, { primaryEmailAddressID: "idn_none" })),
    ).toMatchObject({
      code: "form_resource_not_found",
    });
  });

  test("metadata is merged by one call, replaced by the other", async () => {
    const user = await newUser({ publicMetadata: { keep: 1, deep: { a: 1, b: 2 } } });
    const merged = await clerk.users.updateUserMetadata(user.id, {
      publicMetadata: { deep: { a: null, c: 3 } } as UserPublicMetadata,
    });
    expect(merged.publicMetadata).toEqual({ keep: 1, deep: { b: 2, c: 3 } });
    const replaced = await clerk.users.replaceUserMetadata(user.id, { publicMetadata: { only: true } });
    expect(replaced.publicMetadata).toEqual({ only: true });
    expect((await clerk.users.replaceUserMetadata(user.id, { publicMetadata: {} })).publicMetadata).toEqual(
      {},
    );
  });

  test("passwords are verified and removed", async () => {
    const user = await newUser();
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
      const address = newAddress();
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
      expect(await refusal(newUser({ password: undefined, passwordDigest, passwordHasher }))).toMatchObject({
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
      emailAddress: [newAddress()],
      skipPasswordRequirement: true,
    });
    expect(await refusal(clerk.users.setPasswordCompromised(id))).toMatchObject({ code: "no_password_set" });
  });
});

describe("e-mail addresses", () => {
  test("a reserved one is nobody else's, and does not sign in until it is verified", async () => {
    const [first, reserved] = [newAddress(), newAddress()];
    const user = await newUser({
      emailAddress: [reserved, first],
      emailAddressIdentificationStatus: ["reserved", "verified"],
    });
    expect(user.primaryEmailAddress?.emailAddress).toBe(first);
    const shown = async () => (await clerk.users.getUser(user.id)).raw!.email_addresses;
    expect(await shown()).toMatchObject([{ reserved: true }, { reserved: false }]);
    expect(await refusal(newUser({ emailAddress: [reserved] }))).toMatchObject({
      code: "form_identifier_exists",
    });
    const signIn = () =>
      new TestBrowser(server).post("/v1/client/sign_ins", { identifier: reserved, password: PASSWORD });
    expect(errorCode(await signIn())).toBe("form_password_incorrect");
    await clerk.emailAddresses.updateEmailAddress(user.emailAddresses[0]!.id, { verified: true });
    expect(await shown()).toMatchObject([{ reserved: false }, { reserved: false }]);
    expect((await signIn()).body.response.status).toBe("complete");
    for (const statuses of [["reserved"], ["reserved", "maybe"]]) {
      const fields = { emailAddress: [newAddress(), newAddress()] };
      const status = { emailAddressIdentificationStatus: statuses as "reserved"[] };
      expect(await refusal(newUser({ ...fields, ...status }))).toMatchObject({
        code: "form_param_value_invalid",
        meta: { paramName: "email_address_identification_status" },
      });
    }
  });

  test("are added, made primary and removed, but not the last", async () => {
    const user = await newUser();
    const added = await clerk.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: newAddress(),
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
      code: "last_identification_not_deletable",
    });
    const replaced = await clerk.users.replaceUserEmailAddress(user.id, { emailAddress: newAddress() });
    expect((await clerk.users.getUser(user.id)).emailAddresses.map(({ id }) => id)).toEqual([replaced.id]);
  });

  test("an unverified one is claimed by anybody, a verified one by its owner only", async () => {
    const address = newAddress();
    const [one, other] = [await newUser(), await newUser()];
    const claim = (userId: string) =>
      clerk.emailAddresses.createEmailAddress({ userId, emailAddress: address });
    const [first, second] = [await claim(one.id), await claim(other.id)];
    await clerk.emailAddresses.updateEmailAddress(first.id, { verified: true });
    expect(
      await refusal(clerk.emailAddresses.updateEmailAddress(second.id, { verified: true })),
    ).toMatchObject({
      code: "form_identifier_exists",
    });
  });
});

describe("sessions", () => {
  test("are created, listed, tokened and revoked; the tokens verify with the genuine verifier", async () => {
    const user = await newUser({ firstName: "Ada" });
    const session = await clerk.sessions.createSession({ userId: user.id });
    expect(session).toMatchObject({ userId: user.id, status: "active" });
    const listed = await clerk.sessions.getSessionList({ userId: user.id, status: "active" });
    expect(listed).toMatchObject({ totalCount: 1, data: [{ id: session.id }] });

    const { jwt } = await clerk.sessions.getToken(session.id);
    const claims = await verifyToken(jwt, { secretKey: server.secretKey, apiUrl: server.url });
    expect(claims).toMatchObject({ sub: user.id, sid: session.id, iss: server.issuer, v: 2 });
    expect(await clerk.sessions.verifySession(session.id, jwt)).toMatchObject({ id: session.id });
    expect(await refusal(clerk.sessions.verifySession(session.id, `${jwt.slice(0, -4)}AAAA`))).toMatchObject({
      code: "invalid_session_token",
    });

    const template = await clerk.sessions.getToken(session.id, "convex", 120);
    const convex = await verifyToken(template.jwt, { secretKey: server.secretKey, apiUrl: server.url });
    expect(convex).toMatchObject({ aud: "convex", given_name: "Ada", sub: user.id });
    expect(convex.exp - convex.iat).toBe(120);
    expect(await refusal(clerk.sessions.getToken(session.id, "none"))).toMatchObject({ status: 404 });

    expect((await clerk.sessions.revokeSession(session.id)).status).toBe("revoked");
    expect(await refusal(clerk.sessions.getToken(session.id))).toMatchObject({ status: 404 });
  });

  test("a token of a template is no session token", async () => {
    const user = await newUser();
    const session = await clerk.sessions.createSession({ userId: user.id });
    const { jwt } = await clerk.sessions.getToken(session.id, "convex");
    expect(await refusal(clerk.sessions.verifySession(session.id, jwt))).toMatchObject({
      code: "invalid_session_token",
    });
    const request = new Request("http://localhost:5173/", { headers: { authorization: `Bearer ${jwt}` } });
    const state = await clerk.authenticateRequest(request, { publishableKey: server.publishableKey });
    expect(state.isAuthenticated).toBe(false);
    const own = new Request("http://localhost:5173/", {
      headers: { authorization: `Bearer ${(await clerk.sessions.getToken(session.id)).jwt}` },
    });
    const signedIn = await clerk.authenticateRequest(own, { publishableKey: server.publishableKey });
    expect(signedIn.toAuth()).toMatchObject({ userId: user.id, sessionId: session.id });
  });

  test("the browsers of people are seen with their sessions", async () => {
    const browser = new TestBrowser(server);
    const { sessionId } = await signUp(browser, "browser+clerk_test@example.com");
    const { clientId } = await clerk.sessions.getSession(sessionId);
    expect(await clerk.clients.getClient(clientId)).toMatchObject({ id: clientId, sessionIds: [sessionId] });
    expect((await clerk.clients.getClientList({ limit: 500 })).data.map(({ id }) => id)).toContain(clientId);
    const [secret] = [...browser.cookies]
      .filter(([name]) => name.startsWith("__client_"))
      .map(([, value]) => value);
    expect(await clerk.clients.verifyClient(secret!)).toMatchObject({ id: clientId });
    expect(await refusal(clerk.clients.verifyClient("nothing"))).toMatchObject({ code: "cookie_invalid" });
  });
});

describe("tickets", () => {
  test("a sign-in token signs in, once", async () => {
    const user = await newUser();
    const { token, url, id } = await clerk.signInTokens.createSignInToken({
      userId: user.id,
      expiresInSeconds: 60,
    });
    expect(url).toContain(token);
    const use = () =>
      new TestBrowser(server).post("/v1/client/sign_ins", { strategy: "ticket", ticket: token });
    expect((await use()).body.response.status).toBe("complete");
    expect((await use()).status).toBe(400);
    expect(await refusal(clerk.signInTokens.revokeSignInToken(id))).toMatchObject({
      code: "sign_in_token_cannot_be_revoked_code",
    });
    const other = await clerk.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 60 });
    expect((await clerk.signInTokens.revokeSignInToken(other.id)).status).toBe("revoked");
  });

  test("a testing token is given for an hour", async () => {
    const made = (await clerk.testingTokens.createTestingToken()) as unknown as {
      token: string;
      expires_at: number;
    };
    expect(made.token).toHaveLength(43);
    expect(made.expires_at * 1000 - server.clock.now()).toBeGreaterThan(59 * 60_000);
  });
});

describe("templates and the instance", () => {
  test("templates are managed", async () => {
    const made = await clerk.jwtTemplates.create({
      name: "mine",
      claims: { plan: "{{user.public_metadata.plan}}" },
    });
    const { data } = await clerk.jwtTemplates.list();
    expect(data.map(({ name }) => name)).toEqual(["convex", "mine"]);
    expect(
      (await clerk.jwtTemplates.update({ templateId: made.id, name: "mine", claims: {}, lifetime: 300 }))
        .lifetime,
    ).toBe(300);
    expect(await clerk.jwtTemplates.delete(made.id)).toMatchObject({ deleted: true });
  });

  test("the instance takes Clerk's settings and ours", async () => {
    await clerk.instance.update({ allowedOrigins: ["https://app.example.com"], hibp: false });
    await api("PATCH", "/instance", { password_policy: { min_length: 10 }, application_name: "Acme" });
    const { settings } = await server.parts.instances.byEnvironment("development");
    expect(settings.passwordPolicy).toMatchObject({ refuseBreached: false, minLength: 10, maxLength: 72 });
    expect(settings.allowedOrigins).toEqual(["https://app.example.com"]);
    expect(await (await api("GET", "/instance")).json()).toMatchObject({
      environment_type: "development",
      application_name: "Acme",
      allowed_origins: ["https://app.example.com"],
    });
    for (const bad of [
      { nothing: true },
      { allowed_origins: ["https://*.example.com"] },
      { allowed_origins: ["https://app.example.com/path"] },
      { email_address: { enabled: false } },
      { terms_url: "javascript:alert(1)" },
      { session_claims: { text: "x".repeat(4000) } },
    ]) {
      expect((await api("PATCH", "/instance", bad)).status).toBe(422);
    }
    expect((await api("PATCH", "/instance", { session_claims: { sub: "x" } })).status).toBe(400);
    await api("PATCH", "/instance", { password_policy: { min_length: 8, refuse_breached: true } });
  });
});

describe("at the edge", () => {
  test("answers have the type that clients compare to the letter", async () => {
    expect((await api("GET", "/users")).headers.get("content-type")).toBe("application/json");
    expect((await api("GET", "/users/none")).headers.get("content-type")).toBe("application/json");
  });

  test("without the right key there is nothing", async () => {
    const other = createClerkClient({ secretKey: "sk_test_wrong", apiUrl: server.url });
    expect(await refusal(other.users.getUserList())).toMatchObject({
      status: 401,
      code: "clerk_key_invalid",
    });
    expect((await fetch(`${server.url}/v1/users`)).status).toBe(401);
  });

  test("other instances' users are not there for this key", async () => {
    const user = await newUser();
    const production = await server.parts.instances.byEnvironment("production");
    const row = (await server.parts.store.read().get("users", user.id))!;
    await server.parts.store.transact("move", (tx) => tx.patch("users", row, { instanceId: production.id }));
    expect(await refusal(clerk.users.getUser(user.id))).toMatchObject({ status: 404 });
    expect((await clerk.users.getUserList({ userId: [user.id] })).data).toEqual([]);
  });

  test("the audit log tells who did what, without secrets, and cannot be changed", async () => {
    const user = await newUser();
    await clerk.users.updateUser(user.id, { password: "another good password" });
    const events = async (query: string) =>
      (
        (await (await api("GET", `/audit_events?${query}`)).json()) as {
          data: { id: string; action: string }[];
        }
      ).data;
    const lines = await events(`subject=${user.id}`);
    expect(lines.map(({ action }) => action)).toEqual(["user.updated", "user.created"]);
    expect(JSON.stringify(lines)).not.toContain("another good password");
    expect((await events("action=user.created&limit=1"))[0]).toMatchObject({
      action: "user.created",
      actor: "backend_api",
    });
    for (const method of ["DELETE", "PATCH", "PUT", "POST"]) {
      expect((await api(method, `/audit_events/${lines[0]!.id}`)).status).toBe(404);
    }
  });

  test("whoever asks too often waits", async () => {
    await using small = await startIdentity({ limits: { backendRequestsPerWindow: 2 } });
    const client = createClerkClient({ secretKey: small.secretKey, apiUrl: small.url });
    await client.users.getUserList();
    const error = await client.users.getUserList().then(
      () => null,
      (reason) => reason,
    );
    expect(error).toMatchObject({ status: 429 });
    expect(error.retryAfter).toBeGreaterThan(0);
  });
});

test("nothing of all that was the server's own fault", () => {
  expect(server.reported).toEqual([]);
});

function api(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
