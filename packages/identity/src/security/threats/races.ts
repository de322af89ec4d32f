import type { Disk } from "@tandem/engine";
import { isSignedIn, type Target } from "../target.ts";
import { guard, type Threat } from "../threat.ts";
import {
  attemptCode,
  beginSignIn,
  beginSignUp,
  errorCode,
  GOOD_PASSWORD,
  otherCode,
  prepareCode,
} from "./people.ts";

/** Takes so long that what arrives meanwhile is decided before the first is there. */
const SLOW_DISK: Disk = { write: () => new Promise((resolve) => setTimeout(resolve, 20)) };

/** How often a race is run; one that is won is enough. */
const ROUNDS = 6;

async function anyRound(run: (round: number) => Promise<boolean>): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    if (await run(round)) return true;
  }
  return false;
}

/** A sign-up that lacks nothing but its code, and the code. */
async function readySignUp(target: Target, emailAddress: string, username: string | null) {
  const browser = target.stranger();
  const path = await beginSignUp(browser, {
    email_address: emailAddress,
    password: GOOD_PASSWORD,
    ...(username === null ? {} : { username }),
  });
  await browser.post(`${path}/prepare_verification`, { strategy: "email_code" });
  const code = await target.mailedCode(emailAddress);
  target.clock.advance(60_000);
  return () => browser.post(`${path}/attempt_verification`, { strategy: "email_code", code });
}

export const RACES: readonly Threat[] = [
  {
    name: "completes two sign-ups of one address at the same moment, for two accounts that own it",
    guards: [
      guard(
        "users/email_addresses.ts",
        'if (reserved || verification.status === "verified") await refuseTakenAddress(tx, instance, emailAddress);',
        "",
      ),
      guard(
        "sign_ups/attempt_verification.ts",
        "await refuseTakenAddress(tx, call.instance, address);",
        "await refuseTakenAddress(parts.store.read() as typeof tx, call.instance, address);",
      ),
    ],
    disk: SLOW_DISK,
    attempt: (target) =>
      anyRound(async (round) => {
        const address = `twin${round}@example.com`;
        const first = await readySignUp(target, address, null);
        const second = await readySignUp(target, address, null);
        return (await Promise.all([first(), second()])).every(isSignedIn);
      }),
  },
  {
    name: "completes two sign-ups of one username at the same moment",
    guards: [
      guard("users/create_user.ts", "await refuseTakenUsername(tx, instance, fields.username, null);", ""),
    ],
    async attempt(target) {
      await target.settings({ username: { enabled: true, required: false, minLength: 4, maxLength: 64 } });
      return anyRound(async (round) => {
        const first = await readySignUp(target, `one${round}@example.com`, `twin${round}`);
        const second = await readySignUp(target, `two${round}@example.com`, `twin${round}`);
        return (await Promise.all([first(), second()])).every(isSignedIn);
      });
    },
  },
  {
    name: "uses one ticket from two browsers at the same moment",
    guards: [
      guard(
        "sign_ins/ticket.ts",
        `return parts.store.transact("sign in by ticket", async (tx) => {
    const token = await tx.first("sign_in_tokens", "by_digest", [digestOf(ticket)]);`,
        `const early = parts.store.read().first("sign_in_tokens", "by_digest", [digestOf(ticket)]);
  return parts.store.transact("sign in by ticket", async (tx) => {
    const token = await early;`,
      ),
    ],
    disk: SLOW_DISK,
    attempt: (target) =>
      anyRound(async () => {
        const { body } = await target.backend("POST", "/v1/sign_in_tokens", {
          user_id: target.victim.userId,
        });
        const fields = { strategy: "ticket", ticket: body.token as string };
        const use = () => target.stranger().post("/v1/client/sign_ins", fields);
        return (await Promise.all([use(), use()])).every(isSignedIn);
      }),
  },
  {
    name: "tries very many codes at the same moment, before any of them is counted",
    guards: [
      guard(
        "sign_ins/attempt_first_factor.ts",
        `return settle(parts, \`attempt \${strategy}\`, async (tx) => {
    const { client, signIn, user, identifier } = await identifiedSignIn(tx, call);`,
        `const early = identifiedSignIn(parts.store.read(), call);
  return settle(parts, "attempt", async (tx) => {
    const { client, signIn, user, identifier } = await early;`,
      ),
    ],
    options: { limits: { codeAttempts: 2 } },
    disk: SLOW_DISK,
    async attempt(target) {
      const browser = target.stranger();
      const path = await beginSignIn(browser, target.victim.emailAddress);
      await prepareCode(browser, path);
      const code = await target.mailedCode(target.victim.emailAddress);
      const guesses = Array.from({ length: 12 }, () => attemptCode(browser, path, otherCode(code)));
      const compared = (await Promise.all(guesses)).filter(
        (reply) => errorCode(reply) === "form_code_incorrect",
      );
      // With two attempts, the first is told that it is wrong, and the second that it was the last.
      return compared.length > 1;
    },
  },
  {
    name: "sends very many wrong passwords at the same moment, before any of them is counted",
    guards: [
      guard(
        "sign_ins/create_sign_in.ts",
        "const user = await identify(tx, instance, identifier);\n    await refuseLocked(parts, tx, call, { user, identifier });",
        "const user = await identify(parts.store.read(), instance, identifier);",
      ),
    ],
    options: { limits: { lockoutAttempts: 3, createsPerWindow: 100, attemptsPerWindow: 100 } },
    async attempt(target) {
      const guess = () =>
        target.stranger().post("/v1/client/sign_ins", {
          identifier: target.victim.emailAddress,
          password: "wrong, and wrong again",
        });
      const replies = await Promise.all(Array.from({ length: 12 }, guess));
      return replies.filter((reply) => errorCode(reply) === "form_password_incorrect").length > 3;
    },
  },
];
