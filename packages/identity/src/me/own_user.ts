import { answerCaller } from "../answers.ts";
import { record } from "../audit/record.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import type { UserRow, Writer } from "../store/index.ts";
import { userJson } from "../users/index.ts";

/** The answer to what changed the caller's own account: the user as they are now (F §4.7). */
export async function answerUser(parts: Parts, call: Call, user: UserRow): Promise<Answer> {
  return answerCaller(parts, call, await userJson(parts.store.read(), call.instance, user, call.now));
}

/** What is said of something of one's own that is no more (F §5.7). */
export function answerDeleted(parts: Parts, call: Call, object: string, id: string): Promise<Answer> {
  return answerCaller(parts, call, { object, id, deleted: true });
}

/** A line about what a user did with their own account. */
export async function auditOwn(
  { seams }: Pick<Parts, "seams">,
  tx: Writer,
  { instance, ipAddress }: Call,
  user: UserRow,
  action: string,
  detail: { readonly [name: string]: unknown } = {},
): Promise<void> {
  const actor = `user:${user.id}`;
  await record(tx, { instanceId: instance.id, action, actor, subject: user.id, ipAddress, detail }, seams);
}
