import { answerWithClient } from "../answers.ts";
import { refuse } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { refuseTakenAddress } from "../users/index.ts";
import { attemptCode, countWrongCode } from "../verification/index.ts";
import { completeIfReady } from "./complete_sign_up.ts";
import { openSignUp } from "./own_sign_up.ts";

/** `POST …/attempt_verification` (F §4.6): the code that was sent; the right one may complete the sign-up. */
export async function attemptVerification(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "attempt", call);
  if (call.body.required("strategy") !== "email_code") throw refuse("verification_strategy_invalid");
  const code = call.body.required("code");
  const { now } = call;
  const outcome = await parts.store.transact("attempt verification", async (tx) => {
    const { client, signUp } = await openSignUp(tx, call);
    const address = signUp.emailAddress;
    const attempt = attemptCode(parts, signUp.emailVerification, { code, subject: signUp.id, now });
    // A wrong attempt has to be counted, so its refusal is thrown only after the commit.
    const changed = await tx.patch("sign_ups", signUp, {
      emailVerification: attempt.verification,
      updatedAt: now,
    });
    if (attempt.wrong && address !== null)
      await countWrongCode(parts, tx, call.instance, { address, purpose: "sign_up" }, now);
    if (attempt.refusal !== null) return attempt.refusal;
    // Whoever has shown that the address is theirs may know of its account, whatever else is missing.
    if (address !== null) await refuseTakenAddress(tx, call.instance, address);
    return completeIfReady(parts, tx, call, { client, signUp: changed });
  });
  if (outcome instanceof Error) throw outcome;
  return answerWithClient(parts, call, outcome.client, (json) => json?.sign_up ?? null, outcome.headers);
}
