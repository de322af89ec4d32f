import { answerWithClient } from "../answers.ts";
import { after } from "../clients/browser.ts";
import { type IdentityError, refuse, refuseField } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import type { Writer } from "../store/index.ts";
import { attemptCode } from "../verification/index.ts";
import { completeSignIn, type Stepped } from "./complete_sign_in.ts";
import { countWrongAttempt, refuseLocked } from "./lockout.ts";
import { identifiedSignIn } from "./own_sign_in.ts";
import { comparePassword, isCorrect, renewPassword } from "./password_attempt.ts";
import type { CodeStrategy } from "./prepare_first_factor.ts";
import { resetPassword } from "./reset_password.ts";

/** `POST …/attempt_first_factor` (F §4.4). */
export async function attemptFirstFactor(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "attempt", call);
  const strategy = call.body.required("strategy");
  let stepped: Stepped;
  switch (strategy) {
    case "password":
      stepped = await attemptPassword(parts, call, call.body.required("password"));
      break;
    case "email_code":
    case "reset_password_email_code":
      stepped = await attemptSentCode(parts, call, strategy, call.body.required("code"));
      break;
    default:
      throw refuse("strategy_for_user_invalid");
  }
  if (strategy === "reset_password_email_code" && call.body.text("password") !== undefined) {
    return resetPassword(parts, call);
  }
  return answerWithClient(parts, call, stepped.client, (json) => json?.sign_in ?? null, stepped.headers);
}

async function attemptPassword(parts: Parts, call: Call, password: string): Promise<Stepped> {
  const { settings } = call.instance;
  if (!settings.password.enabled) throw refuse("strategy_for_user_invalid");
  const reader = parts.store.read();
  const before = await identifiedSignIn(reader, call);
  if (!settings.enumerationProtection && before.user?.passwordDigest == null) {
    throw refuse("strategy_for_user_invalid");
  }
  await refuseLocked(parts, reader, call, before);
  const compared = await comparePassword(parts, before.user, password);
  return settle(parts, "attempt password", async (tx) => {
    const { client, signIn, user, identifier } = await identifiedSignIn(tx, call);
    await refuseLocked(parts, tx, call, { user, identifier });
    if (user === null || !isCorrect(compared, user)) {
      await countWrongAttempt(parts, tx, call, { user, identifier });
      return refuseField("form_password_incorrect", "password");
    }
    const renewed = await renewPassword(tx, user, compared);
    return completeSignIn(parts, tx, call, { client, signIn, user: renewed, strategy: "password" });
  });
}

function attemptSentCode(parts: Parts, call: Call, strategy: CodeStrategy, code: string): Promise<Stepped> {
  return settle(parts, `attempt ${strategy}`, async (tx) => {
    const { client, signIn, user, identifier } = await identifiedSignIn(tx, call);
    const { now } = call;
    if (strategy === "email_code") await refuseLocked(parts, tx, call, { user, identifier });
    if (signIn.firstFactor !== null && signIn.firstFactor.strategy !== strategy) {
      throw refuse("verification_strategy_invalid");
    }
    const transferable = user === null && signIn.signUpIfMissing && strategy === "email_code";
    const attempt = attemptCode(parts, signIn.firstFactor, {
      code,
      subject: signIn.id,
      now,
      impossible: user === null && !transferable,
    });
    const right = attempt.refusal === null;
    const stepped = await tx.patch("sign_ins", signIn, {
      firstFactor:
        right && transferable ? { ...attempt.verification, status: "transferable" } : attempt.verification,
      ...(right && strategy === "reset_password_email_code" ? { status: "needs_new_password" as const } : {}),
      updatedAt: now,
    });
    const touched = await tx.patch("clients", client, { updatedAt: after(client.updatedAt, now) });
    if (attempt.wrong) await countWrongAttempt(parts, tx, call, { user, identifier });
    if (attempt.refusal !== null) return attempt.refusal;
    if (user === null) return refuse("sign_up_if_missing_transfer");
    if (strategy === "reset_password_email_code") return { client: touched, headers: [] };
    return completeSignIn(parts, tx, call, { client: touched, signIn: stepped, user, strategy });
  });
}

/** A wrong attempt has to be counted, so its refusal is thrown only after the commit. */
async function settle(
  parts: Parts,
  source: string,
  body: (tx: Writer) => Promise<Stepped | IdentityError>,
): Promise<Stepped> {
  const outcome = await parts.store.transact(source, body);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
