import type { Instance } from "../instances/index.ts";
import type { Message } from "../mail/index.ts";
import type { Parts } from "../parts.ts";
import { type CodeTarget, forgetCodeSent } from "./address_guard.ts";

/**
 * Sends a code that was noted at `sentAt`. One that the mail server did not take makes nobody wait for the next one.
 * Throws `mail_delivery_failed`.
 */
export async function sendCode(
  parts: Parts,
  instance: Instance,
  target: CodeTarget & { readonly sentAt: number },
  message: Message,
): Promise<void> {
  try {
    await parts.mailer.send(instance, message);
  } catch (error) {
    await parts.store.transact("code not sent", (tx) => forgetCodeSent(parts, tx, instance, target));
    throw error;
  }
}
