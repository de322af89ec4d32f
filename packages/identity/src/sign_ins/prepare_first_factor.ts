import { answerWithClient } from "../answers.ts";
import { after, type Begun } from "../clients/browser.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Message } from "../mail/index.ts";
import type { Parts } from "../parts.ts";
import type { ClientRow } from "../store/index.ts";
import { awaitCode, isTestAddress, newCode, noteCodeSent, sendCode } from "../verification/index.ts";
import { firstFactors, recipientOf } from "./factors.ts";
import { lockedUntil, refuseLocked } from "./lockout.ts";
import { identifiedSignIn, ownSignIn } from "./own_sign_in.ts";

export type CodeStrategy = "email_code" | "reset_password_email_code";

/** `POST …/prepare_first_factor` (F §4.4): sends a code. A password needs no preparation. */
export async function prepareFirstFactor(parts: Parts, call: Call): Promise<Answer> {
  const { body } = call;
  const strategy = body.required("strategy");
  let client: ClientRow;
  switch (strategy) {
    case "password":
      client = (await ownSignIn(parts.store.read(), call)).client;
      break;
    case "email_code":
    case "reset_password_email_code":
      client = await prepareCode(parts, call, strategy, {
        emailAddressId: body.nullable("email_address_id") ?? null,
      });
      break;
    default:
      throw refuse("strategy_for_user_invalid");
  }
  return answerWithClient(parts, call, client, (json) => json?.sign_in ?? null);
}

/**
 * Sends a code to the address of a factor: the named one, or the only or first one. For an address that nobody has
 * everything happens but the message, and nobody waits for the message, so that neither answer nor time tells.
 */
export async function prepareCode(
  parts: Parts,
  call: Call,
  strategy: CodeStrategy,
  { emailAddressId = null, begun }: { emailAddressId?: string | null; begun?: Begun },
): Promise<ClientRow> {
  const { limits, outbox } = parts;
  const { instance, now } = call;
  const purpose = strategy === "email_code" ? "sign_in" : "reset_password";
  const prepared = await parts.store.transact(`prepare ${strategy}`, async (tx) => {
    const { client, signIn, user, identifier } = await identifiedSignIn(tx, call, begun);
    const factors = (await firstFactors(parts, tx, instance, signIn)).filter(
      (factor) => factor.strategy === strategy,
    );
    if (factors.length === 0) throw refuse("strategy_for_user_invalid");
    const factor =
      emailAddressId === null ? factors[0] : factors.find(({ email }) => email?.id === emailAddressId);
    if (factor?.email == null) throw refuseField("form_resource_not_found", "email_address_id");
    const target = { user, identifier };
    const locked = await lockedUntil(parts, tx, call, target);
    if (strategy === "email_code") await refuseLocked(parts, tx, call, target);
    const address = factor.email.address.trim().toLowerCase();
    if (!isTestAddress(instance, address)) {
      // A locked account can be opened by its mailbox, but its codes must not be there to be guessed all day.
      const interval =
        locked === null ? limits.codeInterval : Math.max(limits.codeInterval, limits.codeLifetime);
      await noteCodeSent(parts, tx, instance, { address, purpose }, interval, now);
    }
    const code = newCode(parts, instance, address);
    await tx.patch("sign_ins", signIn, {
      firstFactor: awaitCode(parts, { code, subject: signIn.id, strategy, now }),
      updatedAt: now,
    });
    const recipient = await recipientOf(tx, user?.id ?? null, factor);
    const reachesStranger = user === null && signIn.signUpIfMissing && strategy === "email_code";
    return {
      client: await tx.patch("clients", client, { updatedAt: after(client.updatedAt, now) }),
      code,
      to: isTestAddress(instance, address)
        ? null
        : (recipient?.emailAddress ?? (reachesStranger ? address : null)),
    };
  });
  if (prepared.to !== null) {
    const kind = strategy === "email_code" ? "verification_code" : "reset_password_code";
    const message: Message = { kind, to: prepared.to, code: prepared.code };
    if (instance.settings.enumerationProtection) outbox.post(instance, message);
    else await sendCode(parts, instance, { address: prepared.to, purpose, sentAt: now }, message);
  }
  return prepared.client;
}
