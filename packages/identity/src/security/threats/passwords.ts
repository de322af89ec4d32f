import { createHash } from "node:crypto";
import { isSignedIn, isSignedInAt, PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import {
  attemptCode,
  beginSignIn,
  changeVictim,
  errorCode,
  GOOD_PASSWORD,
  operatorLock,
  prepareCode,
  WRONG_PASSWORD,
} from "./people.ts";

function guessAtOnce(target: Target, password: string) {
  const fields = { identifier: target.victim.emailAddress, password };
  return target.stranger().post("/v1/client/sign_ins", fields);
}

async function guessInTwoSteps(target: Target, password: string) {
  const browser = target.stranger();
  const path = await beginSignIn(browser, target.victim.emailAddress);
  return browser.post(`${path}/attempt_first_factor`, { strategy: "password", password });
}

/** Is this taken as the password of a new account? */
async function isTaken(target: Target, password: string): Promise<boolean> {
  const fields = { email_address: "fresh.face@example.com", password };
  return (await target.stranger().post("/v1/client/sign_ups", fields)).status === 200;
}

export const PASSWORDS: readonly Threat[] = [
  {
    name: "guesses passwords for as long as it takes",
    guards: [guard("users/lockout.ts", "if (failedAttempts < limits.lockoutAttempts) {", "if (true) {")],
    options: { limits: { lockoutAttempts: 3 } },
    async attempt(target) {
      for (let guess = 0; guess < 4; guess++) await guessAtOnce(target, WRONG_PASSWORD);
      return isSignedIn(await guessAtOnce(target, target.victim.password));
    },
  },
  {
    name: "goes on guessing at a locked account, for the right password would still be told",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        "await refuseLocked(parts, reader, call, { user: before, identifier });",
        "",
      ),
      guard("sign_ins/create_sign_in.ts", "await refuseLocked(parts, tx, call, { user, identifier });", ""),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      for (let guess = 0; guess < 2; guess++) await guessAtOnce(target, WRONG_PASSWORD);
      return isSignedIn(await guessAtOnce(target, target.victim.password));
    },
  },
  {
    name: "guesses in two steps, a sign-in for each, since those might not be counted",
    guards: [
      guard(
        "sign_ins/attempt_first_factor.ts",
        `await countWrongAttempt(parts, tx, call, { user, identifier });
      return refuseField`,
        "return refuseField",
      ),
    ],
    options: { limits: { lockoutAttempts: 3 } },
    async attempt(target) {
      for (let guess = 0; guess < 4; guess++) await guessInTwoSteps(target, WRONG_PASSWORD);
      return isSignedIn(await guessInTwoSteps(target, target.victim.password));
    },
  },
  {
    name: "reaches a locked account by a sign-in in two steps",
    guards: [
      guard("sign_ins/attempt_first_factor.ts", "await refuseLocked(parts, reader, call, before);", ""),
      guard(
        "sign_ins/attempt_first_factor.ts",
        `await refuseLocked(parts, tx, call, { user, identifier });
    if (user === null`,
        "if (user === null",
      ),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      for (let guess = 0; guess < 2; guess++) await guessAtOnce(target, WRONG_PASSWORD);
      return isSignedIn(await guessInTwoSteps(target, target.victim.password));
    },
  },
  {
    name: "begins a password reset to have the count of wrong passwords start again",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "const recipient = await recipientOf(",
        'if (user !== null) await tx.patch("users", user, { failedAttempts: 0, lock: null });\n    const recipient = await recipientOf(',
      ),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      for (let guess = 0; guess < 2; guess++) await guessAtOnce(target, WRONG_PASSWORD);
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      await prepareCode(browser, path, "reset_password_email_code");
      return isSignedIn(await guessAtOnce(target, target.victim.password));
    },
  },
  {
    name: "guesses wrong on purpose, to have the owner thrown out of where they are signed in",
    guards: [
      guard(
        "sessions/caller_session.ts",
        'if (user.banned) throw refuse("user_banned");',
        'if (user.banned || user.lock !== null) throw refuse("user_banned");',
      ),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      for (let guess = 0; guess < 2; guess++) await guessAtOnce(target, WRONG_PASSWORD);
      const { victim } = target;
      const { body } = await target.browserOf(victim).post(`/v1/client/sessions/${victim.sessionId}/tokens`);
      return typeof body.jwt !== "string";
    },
  },
  {
    name: "tries the passwords that everybody uses, for somebody will have taken one",
    guards: [guard("passwords/policy.ts", "policy.refuseBreached && isCommonPassword(password)", "false")],
    attempt: (target) => isTaken(target, "iloveyou1234"),
  },
  {
    name: "tries common passwords with signs in place of letters and a year behind",
    guards: [
      guard("passwords/common_passwords.ts", "found.add(word);", ""),
      guard("passwords/common_passwords.ts", "found.add(spelled(word));", ""),
    ],
    attempt: (target) => isTaken(target, "dr@g0nb@ll2024"),
  },
  {
    name: "tries the address itself as the password",
    guards: [
      guard(
        "passwords/policy.ts",
        "if (isIdentifier(password, identifiers)) faults.push",
        "if (false) faults.push",
      ),
    ],
    attempt: (target) => isTaken(target, "fresh.face"),
  },
  {
    name: "tries one letter many times over",
    guards: [guard("passwords/policy.ts", "new Set(password).size < FEWEST_DIFFERENT_CHARACTERS", "false")],
    attempt: (target) => isTaken(target, "xqxqxqxqxqxqxqx"),
  },
  {
    name: "tries all short passwords",
    guards: [guard("passwords/policy.ts", "if (length < policy.minLength) {", "if (false) {")],
    attempt: (target) => isTaken(target, "q7#vK"),
  },
  {
    name: "sends passwords of many thousand letters, so that hashing them costs the server dearly",
    guards: [
      guard("passwords/policy.ts", "if (length > policy.maxLength) {", "if (false) {"),
      guard(
        "passwords/policy.ts",
        "} else if (Buffer.byteLength(password) > MOST_BYTES) {",
        "} else if (false) {",
      ),
    ],
    attempt: (target) => isTaken(target, "a long story ".repeat(1000)),
  },
  {
    name: "has the slow hasher of another system chew on a password of a hundred thousand letters",
    guards: [
      guard("passwords/threaded_passwords.ts", "Buffer.byteLength(password) <= MOST_COMPARED_BYTES", "true"),
    ],
    async attempt(target) {
      // Whoever is signed in by it shows that it was hashed whole.
      const password = "x".repeat(100_000);
      const passwordDigest = createHash("md5").update(password).digest("hex");
      await changeVictim(target, { passwordDigest, passwordHasher: "md5" });
      return isSignedIn(await guessAtOnce(target, password));
    },
  },
  {
    name: "has so many passwords hashed at once that the server drowns in them",
    guards: [
      guard(
        "passwords/hash_threads.ts",
        "} else if (this.#waiting.length < this.#options.queue) {",
        "} else if (true) {",
      ),
    ],
    options: { limits: { hashQueue: 2, hashThreads: 1, attemptsPerWindow: 100, createsPerWindow: 100 } },
    async attempt(target) {
      const guesses = Array.from({ length: 12 }, () => guessAtOnce(target, WRONG_PASSWORD));
      const replies = await Promise.all(guesses);
      return replies.every(({ status }) => status !== 429);
    },
  },
  {
    name: "stays signed in at the account after its owner has set a new password to be rid of them",
    guards: [guard("sign_ins/reset_password.ts", "if (signOutOthers) {", "if (false) {")],
    async attempt(target) {
      const { victim } = target;
      const thief = target.browserOf(victim);
      const owner = target.stranger();
      const path = await beginSignIn(owner, victim.emailAddress);
      const strategy = "reset_password_email_code";
      await prepareCode(owner, path, strategy);
      await attemptCode(owner, path, await target.mailedCode(victim.emailAddress), strategy);
      await owner.post(`${path}/reset_password`, {
        password: GOOD_PASSWORD,
        sign_out_of_other_sessions: "true",
      });
      return isSignedInAt(thief);
    },
  },
  {
    name: "resets a password to a common one",
    guards: [
      guard(
        "users/set_password.ts",
        "passwords.check(password, instance, field, await identifiersOf(store.read(), user));",
        "",
      ),
    ],
    async attempt(target) {
      const owner = target.stranger();
      const path = await beginSignIn(owner, target.victim.emailAddress);
      const strategy = "reset_password_email_code";
      await prepareCode(owner, path, strategy);
      await attemptCode(owner, path, await target.mailedCode(target.victim.emailAddress), strategy);
      return isSignedIn(await owner.post(`${path}/reset_password`, { password: "iloveyou1234" }));
    },
  },
  {
    name: "signs in with the old password while a reset of it is being completed",
    guards: [
      guard(
        "sign_ins/password_attempt.ts",
        "return correct && user !== null && user.passwordDigest === digest;",
        "return correct && user !== null;",
      ),
    ],
    // Comparing takes a while, and in that while the password changes.
    async attempt(target) {
      const { parts, victim } = target;
      const slow = await parts.passwords.hash(GOOD_PASSWORD);
      const { verify } = parts.passwords;
      parts.passwords.verify = async (password, stored) => {
        const matches = await verify.call(parts.passwords, password, stored);
        await changeVictim(target, { passwordDigest: slow.digest });
        return matches;
      };
      return isSignedIn(await guessAtOnce(target, victim.password));
    },
  },
  {
    name: "is banned, and signs in again",
    guards: [
      guard("sign_ins/complete_sign_in.ts", 'if (user.banned) throw refuse("user_banned");', ""),
      guard(
        "clients/client_json.ts",
        "if (user === null || user.banned) continue;",
        "if (user === null) continue;",
      ),
    ],
    async attempt(target) {
      await changeVictim(target, { banned: true });
      return isSignedIn(await guessAtOnce(target, target.victim.password));
    },
  },
  {
    name: "is locked by the operator, and signs in again",
    guards: [
      guard(
        "sign_ins/complete_sign_in.ts",
        'if (lock !== null) throw refuseUntil("user_locked", (lock.until - call.now) / 1000);',
        "",
      ),
    ],
    async attempt(target) {
      await changeVictim(target, { lock: operatorLock(target) });
      return isSignedIn(await guessAtOnce(target, target.victim.password));
    },
  },
  {
    name: "opens an account that the operator has locked by resetting its password",
    guards: [guard("sign_ins/reset_password.ts", "lock: operatorLock(user, now),", "lock: null,")],
    async attempt(target) {
      await changeVictim(target, { lock: operatorLock(target) });
      const owner = target.stranger();
      const path = await beginSignIn(owner, target.victim.emailAddress);
      const strategy = "reset_password_email_code";
      await prepareCode(owner, path, strategy);
      await attemptCode(owner, path, await target.mailedCode(target.victim.emailAddress), strategy);
      return isSignedIn(await owner.post(`${path}/reset_password`, { password: GOOD_PASSWORD }));
    },
  },
  {
    name: "signs up where only the operator lets people in",
    guards: [
      guard(
        "sign_ups/fields.ts",
        'if (settings.signUpMode === "restricted") throw refuse("sign_up_mode_restricted");',
        "",
      ),
    ],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      await target.settings({ signUpMode: "restricted" });
      const reply = await target.stranger().post("/v1/client/sign_ups", { email_address: "in@example.com" });
      return errorCode(reply) === undefined;
    },
  },
];
