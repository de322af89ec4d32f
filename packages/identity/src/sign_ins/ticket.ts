import { openClient } from "../clients/browser.ts";
import { digestOf } from "../digest.ts";
import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { beginSignIn } from "./begin_sign_in.ts";
import { completeSignIn, type Stepped } from "./complete_sign_in.ts";

/**
 * Signs in with a sign-in token of the Backend API (F §9.6): once, and before it expires. Throws
 * `ticket_invalid_code`, `ticket_expired_code`.
 */
export function signInByTicket(parts: Parts, call: Call, ticket: string): Promise<Stepped> {
  const { instance, now } = call;
  return parts.store.transact("sign in by ticket", async (tx) => {
    const token = await tx.first("sign_in_tokens", "by_digest", [digestOf(ticket)]);
    if (token === null || token.instanceId !== instance.id || token.status !== "pending") {
      throw refuse("ticket_invalid_code");
    }
    if (token.expireAt <= now) throw refuse("ticket_expired_code");
    const user = await tx.get("users", token.userId);
    if (user === null) throw refuse("ticket_invalid_code");
    const { client } = await openClient(parts, tx, call);
    const begun = await beginSignIn(parts, tx, call, client, { identifier: null, user });
    const signIn = await tx.patch("sign_ins", begun.signIn, {
      firstFactor: {
        status: "verified",
        strategy: "ticket",
        attempts: 0,
        expireAt: token.expireAt,
        codeDigest: null,
        sentAt: null,
      },
    });
    await tx.patch("sign_in_tokens", token, { status: "accepted", updatedAt: now });
    return completeSignIn(parts, tx, call, { client: begun.client, signIn, user, strategy: "ticket" });
  });
}
