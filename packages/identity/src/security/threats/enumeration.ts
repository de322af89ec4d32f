import { createHash } from "node:crypto";
import type { Browser } from "../browser.ts";
import type { RawReply } from "../raw_request.ts";
import type { Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import { changeVictim, operatorLock } from "./people.ts";

const NOBODY = "nobody@example.com";
const WRONG = "not the password at all";

/** Do answers tell whether there is an account? Compares what `look` sees of a known and an unknown identifier. */
async function tellsApart(target: Target, look: (identifier: string) => Promise<unknown>): Promise<boolean> {
  const known = JSON.stringify(await look(target.victim.emailAddress));
  const unknown = JSON.stringify(await look(NOBODY));
  return known.replaceAll(target.victim.emailAddress, "?") !== unknown.replaceAll(NOBODY, "?");
}

function seen({ status, body }: RawReply): unknown {
  const errors = body?.errors?.map(({ code, long_message, meta }: Record<string, unknown>) => [
    code,
    long_message,
    meta,
  ]);
  return [status, errors];
}

async function begin(browser: Browser, identifier: string): Promise<string> {
  const { body } = await browser.post("/v1/client/sign_ins", { identifier });
  return `/v1/client/sign_ins/${body.response.id}`;
}

export const ENUMERATION: readonly Threat[] = [
  {
    name: "begins sign-ins with addresses to learn from the refusal who has an account",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        "if (user === null && !instance.settings.enumerationProtection) {",
        "if (user === null) {",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (identifier) =>
        seen(await target.stranger().post("/v1/client/sign_ins", { identifier })),
      ),
  },
  {
    name: "looks at the ways to sign in that are offered, to learn who has an account",
    guards: [guard("sign_ins/factors.ts", "if (settings.enumerationProtection) {", "if (false) {")],
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const { body } = await target.stranger().post("/v1/client/sign_ins", { identifier });
        return body.response.supported_first_factors.map(({ strategy }: { strategy: string }) => strategy);
      }),
  },
  {
    name: "asks twice for the ways to sign in, to see whether the ids of an address are stable",
    guards: [
      guard(
        "sign_ins/factors.ts",
        "concealedId(instanceSecret, instance.id, identifier.key)",
        'concealedId(instanceSecret, instance.id, identifier.key + (signIn.userId === null ? signIn.id : ""))',
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const ids = async () => {
          const { body } = await target.stranger().post("/v1/client/sign_ins", { identifier });
          return body.response.supported_first_factors.map((factor: Record<string, unknown>) => [
            factor.email_address_id,
          ]);
        };
        const before = JSON.stringify(await ids());
        return JSON.stringify(await ids()) === before;
      }),
  },
  {
    name: "reads name and picture from a sign-in that was only begun",
    guards: [
      guard(
        "sign_ins/sign_in_json.ts",
        "settings.enumerationProtection ? null : await userData",
        "await userData",
      ),
    ],
    async attempt(target) {
      const { body } = await target
        .stranger()
        .post("/v1/client/sign_ins", { identifier: target.victim.emailAddress });
      return body.response.user_data?.first_name === "Jane";
    },
  },
  {
    name: "measures whether a password was hashed, to learn who has an account",
    guards: [
      guard(
        "passwords/threaded_passwords.ts",
        "const answer = await this.#run(\n      isPlausible",
        "if (stored === null) return false;\n    const answer = await this.#run(\n      isPlausible",
      ),
    ],
    // The only thread is busy and nobody may wait: what has to be hashed is refused, what need not be is not.
    options: { limits: { hashThreads: 1, hashQueue: 0, hashMemory: 48 * 1024 * 1024, hashPasses: 3 } },
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const busy = target.parts.passwords.hash("keeps the thread busy");
        const reply = await target.stranger().post("/v1/client/sign_ins", { identifier, password: WRONG });
        await busy;
        return reply.status;
      }),
  },
  {
    name: "knows by a quick answer the accounts that came from another system, whose digests cost less",
    guards: [
      guard(
        "passwords/threaded_passwords.ts",
        "stored !== null && this.outdated(stored) ? this.#decoy : null",
        "null",
      ),
    ],
    options: { limits: { hashMemory: 64 * 1024 * 1024, hashPasses: 4 } },
    async attempt(target) {
      const passwordDigest = createHash("md5").update("their password").digest("hex");
      await changeVictim(target, { passwordDigest, passwordHasher: "md5" });
      const quickest = async (identifier: string) => {
        let least = Number.POSITIVE_INFINITY;
        for (let time = 0; time < 3; time++) {
          const start = performance.now();
          await target.stranger().post("/v1/client/sign_ins", { identifier, password: WRONG });
          least = Math.min(least, performance.now() - start);
        }
        return least;
      };
      // Hashing for nobody takes a tenth of a second or more.
      return (await quickest(target.victim.emailAddress)) * 3 < (await quickest(NOBODY));
    },
  },
  {
    name: "guesses until the account locks, to see that only real ones do",
    guards: [guard("sign_ins/lockout.ts", "failedAttempts < limits.lockoutAttempts", "true")],
    options: { limits: { lockoutAttempts: 2 } },
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const replies: unknown[] = [];
        for (let guess = 0; guess < 3; guess++) {
          replies.push(
            seen(await target.stranger().post("/v1/client/sign_ins", { identifier, password: WRONG })),
          );
        }
        return replies;
      }),
  },
  {
    name: "asks twice for a code, to see that only a real address has to wait",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "if (!isTestAddress(instance, address)) {",
        "if (user !== null && !isTestAddress(instance, address)) {",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const replies: unknown[] = [];
        for (let time = 0; time < 2; time++) {
          const browser = target.stranger();
          const path = await begin(browser, identifier);
          const { status } = await browser.post(`${path}/prepare_first_factor`, { strategy: "email_code" });
          replies.push(status);
        }
        return replies;
      }),
  },
  {
    name: "tries codes, to see that only for a real account there is one to try",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "firstFactor: awaitCode(parts, { code, subject: signIn.id, strategy, now }),",
        "firstFactor: user === null ? null : awaitCode(parts, { code, subject: signIn.id, strategy, now }),",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const browser = target.stranger();
        const path = await begin(browser, identifier);
        await browser.post(`${path}/prepare_first_factor`, { strategy: "email_code" });
        const reply = await browser.post(`${path}/attempt_first_factor`, {
          strategy: "email_code",
          code: "not it",
        });
        return [reply.status, reply.body.errors[0].code];
      }),
  },
  {
    name: "learns who has an account from how long, and whether, mail takes to be sent",
    guards: [
      guard(
        "sign_ins/prepare_first_factor.ts",
        "if (instance.settings.enumerationProtection) outbox.post(instance, message);",
        "if (false) outbox.post(instance, message);",
      ),
    ],
    // Nobody listens there: who waits for the mail server, fails with it.
    options: { smtp: { url: "smtp://127.0.0.1:1", from: "login@example.com" } },
    attempt: (target) =>
      tellsApart(target, async (identifier) => {
        const browser = target.stranger();
        const path = await begin(browser, identifier);
        return seen(await browser.post(`${path}/prepare_first_factor`, { strategy: "email_code" }));
      }),
  },
  {
    name: "signs up with addresses to learn which are taken",
    guards: [
      guard(
        "sign_ups/create_sign_up.ts",
        "if (!instance.settings.enumerationProtection && fields.emailAddress != null) {",
        "if (fields.emailAddress != null) {",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (email_address) =>
        seen(await target.stranger().post("/v1/client/sign_ups", { email_address })),
      ),
  },
  {
    name: "changes the address of a sign-up to learn which are taken",
    guards: [
      guard(
        "sign_ups/update_sign_up.ts",
        "if (emailChanges && given.emailAddress != null && !instance.settings.enumerationProtection) {",
        "if (emailChanges && given.emailAddress != null) {",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (email_address) => {
        const browser = target.stranger();
        const { body } = await browser.post("/v1/client/sign_ups", { email_address: "other@example.com" });
        return seen(await browser.patch(`/v1/client/sign_ups/${body.response.id}`, { email_address }));
      }),
  },
  {
    name: "enters a wrong code at a sign-up, to learn whether the address was taken",
    guards: [
      guard(
        "sign_ups/attempt_verification.ts",
        "const attempt = attemptCode(",
        "await refuseTakenAddress(tx, call.instance, signUp.emailAddress!);\n    const attempt = attemptCode(",
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (email_address) => {
        const browser = target.stranger();
        const { body } = await browser.post("/v1/client/sign_ups", { email_address });
        const path = `/v1/client/sign_ups/${body.response.id}`;
        await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
        const reply = await browser.post(`${path}/attempt_verification`, {
          strategy: "email_code",
          code: "not it",
        });
        return reply.body.errors[0].code;
      }),
  },
  {
    name: "begins a sign-up with a taken address and gets no mail sent, to learn it from the mailbox's provider",
    guards: [
      guard(
        "sign_ups/prepare_verification.ts",
        "if (message !== null) {",
        'if (message !== null && message.kind !== "account_exists") {',
      ),
    ],
    attempt: (target) =>
      tellsApart(target, async (email_address) => {
        const browser = target.stranger();
        const { body } = await browser.post("/v1/client/sign_ups", { email_address });
        const path = `/v1/client/sign_ups/${body.response.id}`;
        await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
        return target.mailCount(email_address);
      }),
  },
  {
    name: "learns without the password that an account is banned",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        "if (user === null || !isCorrect(compared, user)) {",
        'if (user?.banned) throw refuse("user_banned");\n    if (user === null || !isCorrect(compared, user)) {',
      ),
    ],
    async attempt(target) {
      await changeVictim(target, { banned: true });
      return tellsApart(target, async (identifier) =>
        seen(await target.stranger().post("/v1/client/sign_ins", { identifier, password: WRONG })),
      );
    },
  },
  {
    name: "learns without the password that the operator has locked an account",
    guards: [
      guard(
        "sign_ins/lockout.ts",
        "if (until !== null) throw",
        'if (target.user?.lock?.kind === "operator") throw refuseUntil("user_locked", 1);\n  if (until !== null) throw',
      ),
    ],
    async attempt(target) {
      await changeVictim(target, { lock: operatorLock(target) });
      return tellsApart(target, async (identifier) =>
        seen(await target.stranger().post("/v1/client/sign_ins", { identifier, password: WRONG })),
      );
    },
  },
];
