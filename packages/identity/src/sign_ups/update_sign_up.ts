import { answerWithClient } from "../answers.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { refuseTakenAddress, refuseTakenUsername } from "../users/index.ts";
import { completeIfReady } from "./complete_sign_up.ts";
import { readFields } from "./fields.ts";
import { openSignUp } from "./own_sign_up.ts";

/** `PATCH /v1/client/sign_ups/:id` (F §4.6): what was missing. Another address has to be verified anew. */
export async function updateSignUp(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "create", call);
  const before = await openSignUp(parts.store.read(), call);
  const given = await readFields(parts, call, before.signUp);
  const { instance, now } = call;
  const stepped = await parts.store.transact("update sign-up", async (tx) => {
    const { client, signUp } = await openSignUp(tx, call);
    const emailChanges = given.emailAddress !== undefined && given.emailAddress !== signUp.emailAddress;
    if (emailChanges && given.emailAddress != null && !instance.settings.enumerationProtection) {
      await refuseTakenAddress(tx, instance, given.emailAddress);
    }
    await refuseTakenUsername(tx, instance, given.username ?? null, null);
    const changed = await tx.patch("sign_ups", signUp, {
      ...given,
      ...(emailChanges ? { emailVerification: null } : {}),
      updatedAt: now,
    });
    return completeIfReady(parts, tx, call, { client, signUp: changed });
  });
  return answerWithClient(parts, call, stepped.client, (json) => json?.sign_up ?? null, stepped.headers);
}
