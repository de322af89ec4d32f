import type { Instance } from "../instances/index.ts";
import type { Message } from "../mail/index.ts";
import type { Parts } from "../parts.ts";
import { isTestAddress } from "./codes.ts";

/** Tells somebody something that nobody waits for. Test addresses get nothing. */
export function notify({ outbox }: Parts, instance: Instance, message: Message): void {
  if (!isTestAddress(instance, message.to)) outbox.post(instance, message);
}
