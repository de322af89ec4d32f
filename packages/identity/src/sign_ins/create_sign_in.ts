import { answerWithClient } from "../answers.ts";
import { clientOf, openClient } from "../clients/browser.ts";
import { refuse, refuseField, refusingWith } from "../errors/index.ts";
import type { Answer, Call } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { normalEmailAddress } from "../users/index.ts";
import { beginSignIn } from "./begin_sign_in.ts";
import { completeSignIn, refuseSignedIn, type Stepped } from "./complete_sign_in.ts";
import { identify, readIdentifier } from "./identifier.ts";
import { countWrongAttempt, refuseLocked } from "./lockout.ts";
import { comparePassword, isCorrect, renewPassword } from "./password_attempt.ts";
import { prepareCode } from "./prepare_first_factor.ts";
import { signInByTicket } from "./ticket.ts";

const STRATEGIES = ["password", "email_code", "reset_password_email_code", "ticket"] as const;
type Strategy = (typeof STRATEGIES)[number];

const LONGEST_IDENTIFIER = 320;

/** `POST /v1/client/sign_ins` (F §4.3): begins a sign-in, and finishes it when the password comes along. */
export async function createSignIn(parts: Parts, call: Call): Promise<Answer> {
  await takeByAddress(parts, "create", call);
  const { body } = call;
  if (body.flag("transfer") === true) throw refuse("account_transfer_invalid");
  const strategy = readStrategy(body.text("strategy"));
  const stepped =
    strategy === "ticket"
      ? await signInByTicket(parts, call, body.required("ticket"))
      : await signInByIdentifier(parts, call, strategy);
  return answerWithClient(parts, call, stepped.client, (json) => json?.sign_in ?? null, stepped.headers);
}

async function signInByIdentifier(
  parts: Parts,
  call: Call,
  strategy: Exclude<Strategy, "ticket"> | null,
): Promise<Stepped> {
  const text = call.body.text("identifier");
  const password = call.body.text("password");
  if (text === undefined) {
    if (password !== undefined) throw refuseField("form_param_missing", "identifier");
    return parts.store.transact("begin sign-in", async (tx) => {
      await refuseSignedIn(tx, call, await clientOf(tx, call), null);
      const { client, headers } = await openClient(parts, tx, call);
      const begun = await beginSignIn(parts, tx, call, client, { identifier: null, user: null });
      return { client: begun.client, headers };
    });
  }
  if (text.trim() === "") throw refuseField("form_param_nil", "identifier");
  if (text.length > LONGEST_IDENTIFIER) throw refuseField("form_param_max_length_exceeded", "identifier");
  if (password !== undefined && (strategy === null || strategy === "password")) {
    return withPassword(parts, call, text, password);
  }
  const begun = await parts.store.transact("begin sign-in", async (tx) => {
    const user = await knownUser(tx, call, text);
    const { client, headers } = await openClient(parts, tx, call);
    return { ...(await beginSignIn(parts, tx, call, client, { identifier: text, user })), headers };
  });
  if (strategy === "email_code" || strategy === "reset_password_email_code") {
    const { client, signIn, headers } = begun;
    await refusingWith(
      headers,
      prepareCode(parts, call, strategy, { begun: { clientId: client.id, id: signIn.id } }),
    );
  }
  return begun;
}

async function withPassword(parts: Parts, call: Call, text: string, password: string): Promise<Stepped> {
  const { instance } = call;
  if (!instance.settings.password.enabled) throw refuseField("form_param_value_disabled", "password");
  await takeByAddress(parts, "attempt", call);
  const identifier = readIdentifier(instance, text);
  const reader = parts.store.read();
  const before = await knownUser(reader, call, text);
  if (!instance.settings.enumerationProtection && before !== null && before.passwordDigest === null) {
    throw refuse("strategy_for_user_invalid");
  }
  await refuseLocked(parts, reader, call, { user: before, identifier });
  const compared = await comparePassword(parts, before, password);
  const stepped = await parts.store.transact("sign in", async (tx) => {
    const user = await identify(tx, instance, identifier);
    await refuseLocked(parts, tx, call, { user, identifier });
    if (user === null || !isCorrect(compared, user)) {
      await countWrongAttempt(parts, tx, call, { user, identifier });
      return null;
    }
    const { client } = await openClient(parts, tx, call);
    const begun = await beginSignIn(parts, tx, call, client, { identifier: text, user });
    const renewed = await renewPassword(tx, user, compared);
    return completeSignIn(parts, tx, call, { ...begun, user: renewed, strategy: "password" });
  });
  if (stepped === null) throw refuseField("form_password_incorrect", "password");
  return stepped;
}

/** Whom an identifier means. Throws what may be told of it at once. */
async function knownUser(reader: Reader, call: Call, text: string): Promise<UserRow | null> {
  const { instance } = call;
  const identifier = readIdentifier(instance, text);
  if (identifier.kind === "email_address") normalEmailAddress(text, "identifier");
  const user = await identify(reader, instance, identifier);
  await refuseSignedIn(reader, call, await clientOf(reader, call), user);
  if (user === null && !instance.settings.enumerationProtection) {
    throw refuseField("form_identifier_not_found", "identifier");
  }
  return user;
}

function readStrategy(text: string | undefined): Strategy | null {
  if (text === undefined || text === "") return null;
  const strategy = STRATEGIES.find((known) => known === text);
  if (strategy === undefined) {
    throw refuseField(
      "form_param_value_invalid",
      "strategy",
      `Nobody can sign in by "${text}" here. Possible are ${STRATEGIES.join(", ")}.`,
    );
  }
  return strategy;
}
