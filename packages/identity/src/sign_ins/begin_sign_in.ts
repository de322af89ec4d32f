import { after } from "../clients/browser.ts";
import type { Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import type { ClientRow, SignInRow, UserRow, Writer } from "../store/index.ts";

/** A new sign-in takes the place of the browser's older one, and of its sign-up. */
export async function beginSignIn(
  { seams, limits }: Parts,
  tx: Writer,
  { instance, body, now }: Call,
  client: ClientRow,
  { identifier, user }: { identifier: string | null; user: UserRow | null },
): Promise<{ client: ClientRow; signIn: SignInRow }> {
  const signIn = await tx.insert("sign_ins", {
    id: publicId("sia", seams.random),
    instanceId: instance.id,
    clientId: client.id,
    status: identifier === null ? "needs_identifier" : "needs_first_factor",
    identifier,
    userId: user?.id ?? null,
    firstFactor: null,
    signUpIfMissing: body.flag("sign_up_if_missing") === true && instance.settings.signUpMode === "public",
    createdSessionId: null,
    abandonAt: now + limits.attemptLifetime,
    createdAt: now,
    updatedAt: now,
  });
  return {
    signIn,
    client: await tx.patch("clients", client, {
      signInId: signIn.id,
      signUpId: null,
      updatedAt: after(client.updatedAt, now),
    }),
  };
}
