import { createHmac } from "node:crypto";
import { digestOf } from "../../digest.ts";
import type { Browser } from "../browser.ts";
import type { RawReply } from "../raw_request.ts";
import { isSignedIn, isSignedInAt, PRODUCTION, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import {
  attemptCode,
  beginSignIn,
  beginSignUp,
  errorCode,
  GOOD_PASSWORD,
  otherCode,
  prepareCode,
  WRONG_PASSWORD,
} from "./people.ts";

const FIVE_MINUTES = 5 * 60_000;

/** A sign-in of the victim's that waits for the code in the victim's mailbox. */
async function awaitingCode(target: Target, strategy = "email_code") {
  const browser = target.stranger();
  const path = await beginSignIn(browser, target.victim.emailAddress);
  await prepareCode(browser, path, strategy);
  return { browser, path, code: await target.mailedCode(target.victim.emailAddress) };
}

/** Tries wrong codes of a sign-up or an address, six in all, and then the right one of a third message. */
async function guessesOn(
  target: Target,
  browser: Browser,
  path: string,
  emailAddress: string,
  isProved: (reply: RawReply) => boolean,
): Promise<boolean> {
  const strategy = "email_code";
  const prepare = () => browser.post(`${path}/prepare_verification`, { strategy });
  const attempt = (code: string) => browser.post(`${path}/attempt_verification`, { strategy, code });
  for (let round = 0; round < 2; round++) {
    await prepare();
    const code = await target.mailedCode(emailAddress);
    for (let guess = 0; guess < 3; guess++) await attempt(otherCode(code));
    target.clock.advance(60_000);
  }
  if ((await prepare()).status !== 200) return false;
  return isProved(await attempt(await target.mailedCode(emailAddress)));
}

export const CODES: readonly Threat[] = [
  {
    name: "tries one code after another until the right one comes",
    guards: [
      guard(
        "verification/codes.ts",
        "const failed = attempts >= limits.codeAttempts;",
        "const failed = false;",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target);
      for (let guess = 0; guess < 5; guess++) await attemptCode(browser, path, otherCode(code));
      return isSignedIn(await attemptCode(browser, path, code));
    },
  },
  {
    name: "goes on guessing with ever new codes, since each may be tried a few times",
    guards: [
      guard(
        "sign_ins/attempt_first_factor.ts",
        "if (attempt.wrong) await countWrongAttempt(parts, tx, call, { user, identifier });",
        "",
      ),
    ],
    options: { limits: { lockoutAttempts: 6 } },
    async attempt(target) {
      for (let round = 0; round < 2; round++) {
        const { browser, path, code } = await awaitingCode(target);
        for (let guess = 0; guess < 4; guess++) await attemptCode(browser, path, otherCode(code));
        target.clock.advance(60_000);
      }
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      if ((await prepareCode(browser, path)).status !== 200) return false;
      const code = await target.mailedCode(target.victim.emailAddress);
      return isSignedIn(await attemptCode(browser, path, code));
    },
  },
  {
    name: "goes on guessing the codes of sign-ups, to have an account with a stranger's address",
    guards: [guard("sign_ups/attempt_verification.ts", "attempt.wrong && address !== null", "false")],
    options: { limits: { lockoutAttempts: 6 } },
    async attempt(target) {
      const browser = target.stranger();
      const emailAddress = "stranger@example.com";
      const fields = { email_address: emailAddress, password: GOOD_PASSWORD };
      const path = await beginSignUp(browser, fields);
      return guessesOn(target, browser, path, emailAddress, isSignedIn);
    },
  },
  {
    name: "goes on guessing the codes of an address of their account, to prove a stranger's",
    guards: [guard("me/email_address_routes.ts", "if (wrong) await", "if (false) await")],
    options: { limits: { lockoutAttempts: 6 } },
    async attempt(target) {
      const browser = target.browserOf(target.mallory);
      const emailAddress = "stranger@example.com";
      const { body } = await browser.post("/v1/me/email_addresses", { email_address: emailAddress });
      const path = `/v1/me/email_addresses/${body.response.id}`;
      return guessesOn(target, browser, path, emailAddress, ({ status }) => status === 200);
    },
  },
  {
    name: "locks the account by passwords and then guesses its codes",
    guards: [
      guard(
        "sign_ins/attempt_first_factor.ts",
        'if (strategy === "email_code") await refuseLocked(parts, tx, call, { user, identifier });',
        "",
      ),
    ],
    options: { limits: { lockoutAttempts: 2 } },
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target);
      for (let guess = 0; guess < 2; guess++) {
        await target.stranger().post("/v1/client/sign_ins", {
          identifier: target.victim.emailAddress,
          password: WRONG_PASSWORD,
        });
      }
      return isSignedIn(await attemptCode(browser, path, code));
    },
  },
  {
    name: "has codes sent to a stranger's mailbox as fast as the server can",
    guards: [
      guard(
        "verification/address_guard.ts",
        "if (sentAt !== null && sentAt + interval > now) {",
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const { browser, path } = await awaitingCode(target);
      return (await prepareCode(browser, path)).status === 200;
    },
  },
  {
    name: "has codes sent by many sign-ins at once, each of which may send one",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "await noteCodeSent(parts, tx, instance, { address, purpose }, interval, now);",
        "await noteCodeSent(parts, tx, instance, { address: address + signIn.id, purpose }, interval, now);",
      ),
    ],
    async attempt(target) {
      await awaitingCode(target);
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      return (await prepareCode(browser, path)).status === 200;
    },
  },
  {
    name: "floods a stranger's mailbox by sign-ups",
    guards: [guard("sign_ups/prepare_verification.ts", "if (!isTest) {", "if (false) {")],
    async attempt(target) {
      for (let time = 0; time < 3; time++) {
        const browser = target.stranger();
        const path = await beginSignUp(browser, { email_address: "someone@example.com" });
        await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      }
      return (await target.mailCount("someone@example.com")) > 1;
    },
  },
  {
    name: "finds an old code in a mailbox and uses it",
    guards: [
      guard(
        "verification/codes.ts",
        "if (verification.expireAt !== null && verification.expireAt <= now) {",
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target);
      target.clock.advance(2 * FIVE_MINUTES);
      return isSignedIn(await attemptCode(browser, path, code));
    },
  },
  {
    name: "uses a code that a newer one has replaced",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "firstFactor: awaitCode(parts, { code, subject: signIn.id, strategy, now }),",
        "firstFactor: signIn.firstFactor ?? awaitCode(parts, { code, subject: signIn.id, strategy, now }),",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target);
      target.clock.advance(60_000);
      await prepareCode(browser, path);
      return isSignedIn(await attemptCode(browser, path, code));
    },
  },
  {
    name: "talks somebody out of a code to sign in, and sets a new password with it",
    guards: [
      guard(
        "sign_ins/attempt_first_factor.ts",
        "if (signIn.firstFactor !== null && signIn.firstFactor.strategy !== strategy) {",
        "if (false) {",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target, "email_code");
      const { body } = await attemptCode(browser, path, code, "reset_password_email_code");
      return body?.response?.status === "needs_new_password";
    },
  },
  {
    name: "signs in to any account with the code of test addresses",
    guards: [
      guard(
        "verification/codes.ts",
        "return settings.testMode && /\\+clerk_test(?:\\+[^@]*)?@/.test(emailAddress);",
        "return settings.testMode;",
      ),
    ],
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      await prepareCode(browser, path);
      return isSignedIn(await attemptCode(browser, path, "424242"));
    },
  },
  {
    name: "gets an account in production with a test address that nobody owns",
    guards: [guard("verification/codes.ts", "return settings.testMode && ", "return ")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, {
        email_address: "anybody+clerk_test@example.com",
        password: GOOD_PASSWORD,
      });
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      const fields = { strategy: "email_code", code: "424242" };
      return isSignedIn(await browser.post(`${path}/attempt_verification`, fields));
    },
  },
  {
    name: "reads a copy of the database and looks codes up in a table of all digests",
    guards: [guard("verification/codes.ts", "return keyedDigest(instanceSecret,", 'return keyedDigest("",')],
    async attempt(target) {
      const { path, code } = await awaitingCode(target);
      const id = path.split("/").at(-1)!;
      const row = (await target.parts.store.read().get("sign_ins", id))!;
      // The table's line for this code: anybody can compute it who needs no secret.
      const line = createHmac("sha256", "").update(`code ${id}\0${code}`).digest("hex");
      return JSON.stringify(row).includes(line) || JSON.stringify(row).includes(code);
    },
  },
  {
    name: "proves an address of their own and then puts another one into the sign-up",
    guards: [
      guard("sign_ups/update_sign_up.ts", "...(emailChanges ? { emailVerification: null } : {}),", ""),
    ],
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignUp(browser, { email_address: "own@example.com" });
      await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
      const code = await target.mailedCode("own@example.com");
      await browser.post(`${path}/attempt_verification`, { strategy: "email_code", code });
      return isSignedIn(
        await browser.patch(path, { email_address: "chief@example.com", password: GOOD_PASSWORD }),
      );
    },
  },
  {
    name: "completes a sign-up without the code",
    guards: [
      guard(
        "sign_ups/requirements.ts",
        'given.email_address && signUp.emailVerification?.status !== "verified"',
        "false",
      ),
    ],
    async attempt(target) {
      return isSignedIn(
        await target.stranger().post("/v1/client/sign_ups", {
          email_address: "chief@example.com",
          password: GOOD_PASSWORD,
        }),
      );
    },
  },
  {
    name: "has a sign-in that waits for a code go on as a sign-up, without the code",
    guards: [
      guard(
        "sign_ups/create_sign_up.ts",
        'signIn.firstFactor?.status !== "transferable"',
        "signIn.firstFactor === null",
      ),
    ],
    async attempt(target) {
      const browser = target.stranger();
      const { body } = await browser.post("/v1/client/sign_ins", {
        identifier: "chief@example.com",
        sign_up_if_missing: "true",
      });
      await prepareCode(browser, `/v1/client/sign_ins/${body.response.id}`);
      return isSignedIn(
        await browser.post("/v1/client/sign_ups", { transfer: "true", password: GOOD_PASSWORD }),
      );
    },
  },
  {
    name: "takes over a stranger's password reset once its code was entered",
    guards: [
      guard("sign_ins/own_sign_in.ts", "signIn.clientId !== client.id || ", ""),
      guard(
        "sign_ins/own_sign_in.ts",
        'if (client.signInId !== signIn.id) throw refuse("resource_forbidden");',
        "",
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target, "reset_password_email_code");
      await attemptCode(browser, path, code, "reset_password_email_code");
      const stranger = target.stranger();
      await stranger.post("/v1/client");
      await stranger.post(`${path}/reset_password`, { password: GOOD_PASSWORD });
      return isSignedInAt(stranger);
    },
  },
  {
    name: "takes over a stranger's sign-up once its address is verified",
    guards: [
      guard("sign_ups/own_sign_up.ts", "signUp.clientId !== client.id || ", ""),
      guard(
        "sign_ups/own_sign_up.ts",
        'if (client.signUpId !== signUp.id) throw refuse("resource_forbidden");',
        "",
      ),
    ],
    async attempt(target) {
      const owner = target.stranger();
      const path = await beginSignUp(owner, { email_address: "new@example.com" });
      await owner.post(`${path}/prepare_verification`, { strategy: "email_code" });
      const code = await target.mailedCode("new@example.com");
      await owner.post(`${path}/attempt_verification`, { strategy: "email_code", code });
      const stranger = target.stranger();
      await stranger.post("/v1/client");
      await stranger.patch(path, { password: GOOD_PASSWORD });
      return isSignedInAt(stranger);
    },
  },
  {
    name: "sets a new password without any code",
    guards: [guard("sign_ins/reset_password.ts", 'own.signIn.status !== "needs_new_password" || ', "")],
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      return isSignedIn(await browser.post(`${path}/reset_password`, { password: GOOD_PASSWORD }));
    },
  },
  {
    name: "gives the code of a new password another try after it was entered",
    guards: [
      guard(
        "sign_ins/own_sign_in.ts",
        'if (signIn.status !== "needs_first_factor" || signIn.identifier === null) {',
        "if (signIn.identifier === null) {",
      ),
      guard(
        "verification/codes.ts",
        'verification: { ...verification, attempts, status: "verified", codeDigest: null },',
        'verification: { ...verification, attempts, status: "verified" },',
      ),
    ],
    async attempt(target) {
      const { browser, path, code } = await awaitingCode(target);
      await attemptCode(browser, path, code);
      // Whoever sits down at this browser after its owner has signed out.
      await browser.post(
        `/v1/client/sessions/${(await browser.get("/v1/client")).body.response.sessions[0].id}/end`,
      );
      const again = await attemptCode(browser, path, code);
      return isSignedIn(again) && errorCode(again) === undefined;
    },
  },
  {
    name: "signs in with a ticket that was used before",
    guards: [guard("sign_ins/ticket.ts", ' || token.status !== "pending"', "")],
    async attempt(target) {
      await addTicket(target, target.instanceId, 60_000);
      const ticket = { strategy: "ticket", ticket: "a ticket" };
      await target.stranger().post("/v1/client/sign_ins", ticket);
      return isSignedIn(await target.stranger().post("/v1/client/sign_ins", ticket));
    },
  },
  {
    name: "signs in with a ticket whose time is over",
    guards: [
      guard("sign_ins/ticket.ts", 'if (token.expireAt <= now) throw refuse("ticket_expired_code");', ""),
    ],
    async attempt(target) {
      await addTicket(target, target.instanceId, -1);
      return isSignedIn(
        await target.stranger().post("/v1/client/sign_ins", { strategy: "ticket", ticket: "a ticket" }),
      );
    },
  },
  {
    name: "brings a ticket of the development instance to production",
    guards: [guard("sign_ins/ticket.ts", " || token.instanceId !== instance.id", "")],
    options: { productionOrigin: PRODUCTION },
    async attempt(target) {
      const { id } = await target.parts.instances.byEnvironment("development");
      await addTicket(target, id, 60_000);
      return isSignedIn(
        await target.stranger().post("/v1/client/sign_ins", { strategy: "ticket", ticket: "a ticket" }),
      );
    },
  },
];

async function addTicket({ parts, victim, clock }: Target, instanceId: string, lifetime: number) {
  const now = clock.now();
  await parts.store.transact("test", (tx) =>
    tx.insert("sign_in_tokens", {
      id: "sit_1",
      instanceId,
      userId: victim.userId,
      digest: digestOf("a ticket"),
      status: "pending",
      expireAt: now + lifetime,
      createdAt: now,
      updatedAt: now,
    }),
  );
}
