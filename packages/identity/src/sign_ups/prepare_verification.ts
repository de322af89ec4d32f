import { answerWithClient } from "../answers.ts";
import { after, type Begun } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { ClientRow } from "../store/index.ts";
import { isTakenEmail } from "../users/index.ts";
import { awaitCode, isTestAddress, newCode, noteCodeSent, sendCode } from "../verification/index.ts";
import { openSignUp } from "./own_sign_up.ts";

/** `POST …/prepare_verification` (F §4.6): sends a code to the address. */
export async function prepareVerification(parts: Parts, call: Call): Promise<Answer> {
  if (call.body.required("strategy") !== "email_code") throw refuse("verification_strategy_invalid");
  const client = await prepareEmail(parts, call);
  return answerWithClient(parts, call, client, (json) => json?.sign_up ?? null);
}

/**
 * Sends the code. An address that has an account gets a message too, which says so: only its owner learns it, and the
 * answer takes its time either way.
 */
export async function prepareEmail(parts: Parts, call: Call, begun?: Begun): Promise<ClientRow> {
  const { instance, now } = call;
  const prepared = await parts.store.transact("prepare email_code", async (tx) => {
    const { client, signUp } = await openSignUp(tx, call, begun);
    const { emailAddress } = signUp;
    if (emailAddress === null) throw refuse("verification_missing", {}, "The sign-up has no e-mail address.");
    if (signUp.emailVerification?.status === "verified") throw refuse("verification_already_verified");
    const isTest = isTestAddress(instance, emailAddress);
    if (!isTest) {
      const target = { address: emailAddress, purpose: "sign_up" } as const;
      await noteCodeSent(parts, tx, instance, target, parts.limits.codeInterval, now);
    }
    const code = newCode(parts, instance, emailAddress);
    await tx.patch("sign_ups", signUp, {
      emailVerification: awaitCode(parts, { code, subject: signUp.id, strategy: "email_code", now }),
      updatedAt: now,
    });
    const taken = await isTakenEmail(tx, instance.id, emailAddress);
    return {
      client: await tx.patch("clients", client, { updatedAt: after(client.updatedAt, now) }),
      message: isTest
        ? null
        : ({ kind: taken ? "account_exists" : "verification_code", to: emailAddress, code } as const),
    };
  });
  const { message } = prepared;
  if (message !== null) {
    const target = { address: message.to, purpose: "sign_up", sentAt: now } as const;
    await sendCode(parts, instance, target, message);
  }
  return prepared.client;
}
