import type { Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { changeVictim, errorCode, GOOD_PASSWORD, mintsToken, signIn, WRONG_PASSWORD } from "./people.ts";

/** Adds an address to somebody's account and proves it, as far as the server lets them. */
async function addAddress(target: Target, emailAddress: string) {
  const browser = target.browserOf(target.mallory);
  const { body } = await browser.post("/v1/me/email_addresses", { email_address: emailAddress });
  const path = `/v1/me/email_addresses/${body.response?.id}`;
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const code = await target.mailedCode(emailAddress);
  return { browser, path, code };
}

export const OWN_ACCOUNT: readonly Threat[] = [
  {
    name: "finds an open browser and changes the password, without the one there is",
    guards: [
      guard(
        "me/password_routes.ts",
        "if (await passwords.verify(current, stored)) return",
        "if (true) return",
      ),
    ],
    async attempt(target) {
      const { body } = await target.browserOf(target.victim).post("/v1/me/change_password", {
        current_password: WRONG_PASSWORD,
        new_password: GOOD_PASSWORD,
      });
      return body?.response?.id === target.victim.userId;
    },
  },
  {
    name: "tries passwords at the form for changing it, where no lock counts them",
    guards: [
      guard(
        "me/password_routes.ts",
        "await countFailure(parts, tx, call.instance, user, call.ipAddress);",
        "",
      ),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      const { victim } = target;
      const browser = target.browserOf(victim);
      const change = (current_password: string) =>
        browser.post("/v1/me/change_password", { current_password, new_password: GOOD_PASSWORD });
      for (let guess = 0; guess < 3; guess++) await change(WRONG_PASSWORD);
      return (await change(victim.password)).status === 200;
    },
  },
  {
    name: "tries passwords there as fast as the network carries them",
    guards: [guard("me/password_routes.ts", 'rates.take("attempt", user.id);', "")],
    options: { limits: { attemptsPerWindow: 3 } },
    async attempt(target) {
      const browser = target.browserOf(target.victim);
      const statuses: number[] = [];
      for (let guess = 0; guess < 5; guess++) {
        const fields = { current_password: WRONG_PASSWORD, new_password: GOOD_PASSWORD };
        statuses.push((await browser.post("/v1/me/change_password", fields)).status);
      }
      return !statuses.includes(429);
    },
  },
  {
    name: "stays signed in elsewhere when the owner changes the password to be rid of them",
    guards: [
      guard(
        "me/password_routes.ts",
        "if (signOutOthers) await endOtherSessions(parts, tx, call, caller);",
        "",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      const thief = target.stranger();
      const { body } = await signIn(thief, victim.emailAddress, victim.password);
      await target.browserOf(victim).post("/v1/me/change_password", {
        current_password: victim.password,
        new_password: GOOD_PASSWORD,
        sign_out_of_other_sessions: "true",
      });
      return mintsToken(thief, body.response.created_session_id);
    },
  },
  {
    name: "changes the password without its owner hearing of it",
    guards: [guard("me/password_routes.ts", "await tellOwner(parts, tx, call, user);", "")],
    async attempt(target) {
      const { victim } = target;
      await target.browserOf(victim).post("/v1/me/change_password", {
        current_password: victim.password,
        new_password: GOOD_PASSWORD,
      });
      return (await target.mailCount(victim.emailAddress)) === 0;
    },
  },
  {
    name: "changes the password to a common one",
    guards: [
      guard(
        "users/set_password.ts",
        "passwords.check(password, instance, field, await identifiersOf(store.read(), user));",
        "",
      ),
    ],
    async attempt(target) {
      const { victim } = target;
      const { status } = await target.browserOf(victim).post("/v1/me/change_password", {
        current_password: victim.password,
        new_password: "iloveyou1234",
      });
      return status === 200;
    },
  },
  {
    name: "removes the password and leaves an account that nobody can sign in to",
    guards: [
      guard("me/password_routes.ts", "if (settings.password.required || !canUseCode) {", "if (false) {"),
    ],
    async attempt(target) {
      const { victim } = target;
      const { status } = await target
        .browserOf(victim)
        .post("/v1/me/remove_password", { current_password: victim.password });
      return status === 200;
    },
  },
  {
    name: "adds addresses to their account to learn which are taken",
    guards: [
      guard(
        "me/email_address_routes.ts",
        "if (!instance.settings.enumerationProtection) await refuseTakenAddress",
        "await refuseTakenAddress",
      ),
    ],
    async attempt(target) {
      const browser = target.browserOf(target.mallory);
      const fields = { email_address: target.victim.emailAddress };
      return errorCode(await browser.post("/v1/me/email_addresses", fields)) === "form_identifier_exists";
    },
  },
  {
    name: "verifies an address that belongs to another account",
    guards: [
      guard(
        "me/email_address_routes.ts",
        "refusal === null && (await isTakenEmail(tx, instance.id, row.emailAddress, row))",
        "false",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await addAddress(target, target.victim.emailAddress);
      const { body } = await browser.post(`${path}/attempt_verification`, { code });
      return body?.response?.verification?.status === "verified";
    },
  },
  {
    name: "proves an address with a code that is wrong",
    guards: [
      guard("me/email_address_routes.ts", "if (refusal !== null) return refusal;", ""),
      guard(
        "me/email_address_routes.ts",
        "verification: isTaken ?",
        'verification: refusal !== null ? { ...verification, status: "verified" } : isTaken ?',
      ),
    ],
    async attempt(target) {
      const { browser, path } = await addAddress(target, "chief@example.com");
      const { body } = await browser.post(`${path}/attempt_verification`, { code: "not it" });
      return body?.response?.verification?.status === "verified";
    },
  },
  {
    name: "has codes sent to very many strangers from one account",
    guards: [guard("me/email_address_routes.ts", "if (waiting.length >= MOST_UNVERIFIED)", "if (false)")],
    async attempt(target) {
      const browser = target.browserOf(target.mallory);
      const statuses: number[] = [];
      for (let stranger = 0; stranger < 7; stranger++) {
        const fields = { email_address: `stranger${stranger}@example.com` };
        statuses.push((await browser.post("/v1/me/email_addresses", fields)).status);
      }
      return statuses.every((status) => status === 200);
    },
  },
  {
    name: "makes an address their primary one before it is proved",
    guards: [guard("me/profile_routes.ts", 'if (row.verification.status !== "verified") {', "if (false) {")],
    async attempt(target) {
      const browser = target.browserOf(target.mallory);
      const added = await browser.post("/v1/me/email_addresses", { email_address: "chief@example.com" });
      const id = added.body.response.id as string;
      const { body } = await browser.patch("/v1/me", { primary_email_address_id: id });
      return body?.response?.primary_email_address_id === id;
    },
  },
  {
    name: "takes somebody else's address by its id for their own primary one",
    guards: [
      guard(
        "me/profile_routes.ts",
        'if (row === null || row.userId !== user.id)\n      throw refuseField("form_resource_not_found", "primary_email_address_id");',
        'if (row === null) throw refuse("resource_not_found");',
      ),
    ],
    async attempt(target) {
      const { mallory, victim } = target;
      const fields = { primary_email_address_id: victim.emailAddressId };
      const { body } = await target.browserOf(mallory).patch("/v1/me", fields);
      return body?.response?.primary_email_address_id === victim.emailAddressId;
    },
  },
  {
    name: "deletes somebody else's address by its id",
    guards: [
      guard("me/email_address_routes.ts", "row === null || row.userId !== user.id", "row === null"),
      guard("users/email_addresses.ts", "if (next === undefined &&", "if (false &&"),
    ],
    async attempt(target) {
      const { mallory, victim, parts } = target;
      await target.browserOf(mallory).delete(`/v1/me/email_addresses/${victim.emailAddressId}`);
      return (await parts.store.read().get("email_addresses", victim.emailAddressId)) === null;
    },
  },
  {
    name: "deletes the last address, so that the account can never be signed in to again",
    guards: [
      guard("users/email_addresses.ts", "if (next === undefined &&", "if (false &&"),
      guard("me/email_address_routes.ts", "if (wasLast &&", "if (false &&"),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      await changeVictim(target, { username: null, usernameKey: null });
      await target.browserOf(victim).delete(`/v1/me/email_addresses/${victim.emailAddressId}`);
      return (await parts.store.read().get("email_addresses", victim.emailAddressId)) === null;
    },
  },
  {
    name: "gives themselves another plan by a field that only the operator sets",
    guards: [
      guard("me/profile_routes.ts", "checkFields(call.body, FIELDS);", ""),
      guard(
        "me/profile_routes.ts",
        "return changes;",
        'if (body.has("public_metadata")) changes.publicMetadata = body.text("public_metadata")!;\n  return changes;',
      ),
    ],
    async attempt(target) {
      const { mallory } = target;
      const { body } = await target
        .browserOf(mallory)
        .patch("/v1/me", { public_metadata: '{"plan":"enterprise"}' });
      return body?.response?.public_metadata?.plan === "enterprise";
    },
  },
  {
    name: "changes the operator's metadata by the address for their own",
    guards: [
      guard("me/profile_routes.ts", 'checkFields(call.body, new Set(["unsafe_metadata"]));', ""),
      guard(
        "me/profile_routes.ts",
        'unsafeMetadata: metadataText(merged, "unsafe_metadata"),',
        'unsafeMetadata: metadataText(merged, "unsafe_metadata"),\n            ...(call.body.has("public_metadata") ? { publicMetadata: call.body.text("public_metadata")! } : {}),',
      ),
    ],
    async attempt(target) {
      const { mallory } = target;
      const { body } = await target
        .browserOf(mallory)
        .patch("/v1/me/metadata", { public_metadata: '{"plan":"enterprise"}' });
      return body?.response?.public_metadata?.plan === "enterprise";
    },
  },
  {
    name: "reads what the operator noted about them and keeps from them",
    guards: [
      guard(
        "users/user_json.ts",
        "unsafe_metadata: (JSON.parse(user.unsafeMetadata) ?? {}) as Record<string, unknown>,",
        "unsafe_metadata: (JSON.parse(user.unsafeMetadata) ?? {}) as Record<string, unknown>,\n    private_metadata: JSON.parse(user.privateMetadata),",
      ),
    ],
    attempt: async (target) =>
      (await target.browserOf(target.victim).get("/v1/me")).text.includes("only for the backend"),
  },
  {
    name: "reads the digest of the password in the account's description",
    guards: [
      guard(
        "users/user_json.ts",
        "password_enabled: user.passwordDigest !== null,",
        "password_enabled: user.passwordDigest !== null,\n    ...user,",
      ),
    ],
    attempt: async (target) =>
      (await target.browserOf(target.victim).get("/v1/me")).text.includes("$argon2id$"),
  },
  {
    name: "reaches beyond the metadata by a key that objects inherit from",
    guards: [
      guard(
        "users/account_fields.ts",
        "const merged = new Map<string, unknown>(Object.entries(base));",
        "const merged = base as any;",
      ),
      guard(
        "users/account_fields.ts",
        "if (value === null) merged.delete(key);",
        "if (value === null) delete merged[key];",
      ),
      guard(
        "users/account_fields.ts",
        "else merged.set(key, mergeMetadata(merged.get(key), value));",
        "else merged[key] = mergeMetadata(merged[key], value);",
      ),
      guard("users/account_fields.ts", "return Object.fromEntries(merged);", "return merged;"),
    ],
    async attempt(target) {
      const patch = '{"__proto__":{"isAdministrator":true}}';
      await target.browserOf(target.mallory).patch("/v1/me/metadata", { unsafe_metadata: patch });
      const reached = "isAdministrator" in {};
      // What the attempt left in this process must not reach the next one.
      Reflect.deleteProperty(Object.prototype, "isAdministrator");
      return reached;
    },
  },
  {
    name: "fills the database by metadata without end",
    guards: [guard("users/account_fields.ts", "if (bytes > MOST_METADATA) {", "if (false) {")],
    async attempt(target) {
      const fields = { unsafe_metadata: JSON.stringify({ text: "x".repeat(50_000) }) };
      return (await target.browserOf(target.mallory).patch("/v1/me", fields)).status === 200;
    },
  },
  {
    name: "deletes an account that its operator wants to keep",
    guards: [
      guard(
        "me/profile_routes.ts",
        "if (!user.deleteSelfEnabled || !call.instance.settings.deleteSelf) {",
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const { victim, parts } = target;
      await target.settings({ deleteSelf: false });
      await target.browserOf(victim).delete("/v1/me");
      return (await parts.store.read().get("users", victim.userId)) === null;
    },
  },
  {
    name: "takes a username that is somebody's but for its capitals",
    guards: [
      guard(
        "users/create_user.ts",
        "const owner = await ownerOfUsername(tx, id, username.toLowerCase());",
        "const owner = await ownerOfUsername(tx, id, username);",
      ),
    ],
    async attempt(target) {
      await target.settings({ username: { enabled: true, required: false, minLength: 4, maxLength: 64 } });
      const { body } = await target.browserOf(target.mallory).patch("/v1/me", { username: "JANE_Doe" });
      return body?.response?.username === "JANE_Doe";
    },
  },
  {
    name: "takes a username that looks like somebody's, with a letter of another alphabet",
    guards: [guard("users/account_fields.ts", "if (!/^[A-Za-z0-9_-]+$/.test(username))", "if (false)")],
    async attempt(target) {
      await target.settings({ username: { enabled: true, required: false, minLength: 4, maxLength: 64 } });
      // The second letter is Cyrillic.
      const { status } = await target
        .browserOf(target.mallory)
        .patch("/v1/me", { username: "j\u0430ne_doe" });
      return status === 200;
    },
  },
];
