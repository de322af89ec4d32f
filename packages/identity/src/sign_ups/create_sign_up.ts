import { answerWithClient } from "../answers.ts";
import { after, clientOf, openClient } from "../clients/browser.ts";
import { refuse, refusingWith } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { refuseSignedIn } from "../sign_ins/complete_sign_in.ts";
import { currentSignIn } from "../sign_ins/current_sign_in.ts";
import type { ClientRow, SignUpRow, Verification, Writer } from "../store/index.ts";
import { refuseTakenAddress, refuseTakenUsername } from "../users/index.ts";
import { completeIfReady } from "./complete_sign_up.ts";
import { type GivenFields, readFields, refuseImpossible } from "./fields.ts";
import { prepareEmail } from "./prepare_verification.ts";
import { requirementsOf } from "./requirements.ts";

/** `POST /v1/client/sign_ups` (F §4.6): begins a sign-up with whatever is known already. */
export async function createSignUp(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "create", call);
  const { body, instance } = call;
  const strategy = body.nullable("strategy") ?? null;
  refuseImpossible(instance, strategy);
  const transfer = body.flag("transfer") === true;
  const given = await readFields(parts, call, null);
  const created = await parts.store.transact("begin sign-up", async (tx) => {
    await refuseSignedIn(tx, call, await clientOf(tx, call), null);
    const { client, headers } = await openClient(parts, tx, call);
    const begun = await beginSignUp(parts, tx, call, client, {
      ...given,
      ...(transfer ? await transferred(tx, call, client) : {}),
    });
    const stepped = await completeIfReady(parts, tx, call, begun);
    return {
      signUp: begun.signUp,
      ...stepped,
      headers: stepped.headers.length > 0 ? stepped.headers : headers,
    };
  });
  const { unverified } = requirementsOf(instance, created.signUp);
  if (strategy === "email_code" && unverified.includes("email_address")) {
    const { client, signUp, headers } = created;
    await refusingWith(headers, prepareEmail(parts, call, { clientId: client.id, id: signUp.id }));
  }
  return answerWithClient(parts, call, created.client, (json) => json?.sign_up ?? null, created.headers);
}

async function beginSignUp(
  { seams, limits }: Parts,
  tx: Writer,
  call: Call,
  client: ClientRow,
  fields: GivenFields & { readonly emailVerification?: Verification },
): Promise<{ client: ClientRow; signUp: SignUpRow }> {
  const { instance, now } = call;
  if (!instance.settings.enumerationProtection && fields.emailAddress != null) {
    await refuseTakenAddress(tx, instance, fields.emailAddress);
  }
  // A username is seen by others anyway: whether it is taken may be told at once.
  await refuseTakenUsername(tx, instance, fields.username ?? null, null);
  const signUp = await tx.insert("sign_ups", {
    id: publicId("sua", seams.random),
    instanceId: instance.id,
    clientId: client.id,
    status: "missing_requirements",
    emailAddress: null,
    emailVerification: null,
    username: null,
    firstName: null,
    lastName: null,
    passwordDigest: null,
    unsafeMetadata: "{}",
    legalAcceptedAt: null,
    locale: null,
    createdSessionId: null,
    createdUserId: null,
    ...fields,
    abandonAt: now + limits.attemptLifetime,
    createdAt: now,
    updatedAt: now,
  });
  return {
    signUp,
    // A sign-in that was left behind would divert the page after it (F §9.1).
    client: await tx.patch("clients", client, {
      signUpId: signUp.id,
      signInId: null,
      updatedAt: after(client.updatedAt, now),
    }),
  };
}

/** The address of a sign-in whose code was right and that nobody has yet (F §4.6). Throws `account_transfer_invalid`. */
async function transferred(tx: Writer, call: Call, client: ClientRow) {
  const signIn = await currentSignIn(tx, client, call.now);
  if (signIn?.identifier == null || signIn.firstFactor?.status !== "transferable") {
    throw refuse("account_transfer_invalid");
  }
  return {
    emailAddress: signIn.identifier.trim().toLowerCase(),
    emailVerification: { ...signIn.firstFactor, status: "verified" as const },
  };
}
