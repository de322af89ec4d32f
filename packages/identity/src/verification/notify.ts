import type { Instance } from "../instances/index.ts";
import type { Message } from "../mail/index.ts";
import type { Parts } from "../parts.ts";
import { isTestAddress } from "./codes.ts";

/** Tells somebody something that nobody waits for; what goes wrong is reported. Test addresses get nothing. */
export function notify({ mailer, report }: Parts, instance: Instance, message: Message): void {
  if (!isTestAddress(instance, message.to)) mailer.send(instance, message).catch(report);
}
