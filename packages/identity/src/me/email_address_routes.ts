import { answerCaller } from "../answers.ts";
import { after } from "../clients/browser.ts";
import { type IdentityError, refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import type { Parts } from "../parts.ts";
import { takeByAddress } from "../rate_limits/index.ts";
import { sessionOf } from "../sessions/index.ts";
import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";
import {
  addEmailAddress,
  emailAddressJson,
  isOwned,
  isTakenEmail,
  normalEmailAddress,
  refuseTakenAddress,
  removeEmailAddress,
  UNVERIFIED,
} from "../users/index.ts";
import {
  attemptCode,
  awaitCode,
  countWrongCode,
  isTestAddress,
  newCode,
  noteCodeSent,
  sendCode,
} from "../verification/index.ts";
import { answerDeleted, auditOwn } from "./own_user.ts";

/** Addresses of one account that wait for their code: each is a message to somebody. */
const MOST_UNVERIFIED = 5;

/** The caller's own e-mail addresses (F §4.7). */
export function emailAddressRoutes(parts: Parts): Route[] {
  const { store } = parts;
  const show = (call: Call, row: EmailAddressRow) =>
    answerCaller(parts, call, emailAddressJson(row, call.now));
  return [
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/me/email_addresses",
      async handle(call) {
        const reader = store.read();
        const { user } = await sessionOf(reader, call);
        const rows = await reader.list("email_addresses", "by_user", [user.id]);
        return answerCaller(
          parts,
          call,
          rows.map((row) => emailAddressJson(row, call.now)),
        );
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/email_addresses",
      handle: async (call) => show(call, await add(parts, call)),
    },
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/me/email_addresses/:id",
      async handle(call) {
        const { row } = await ownAddress(store.read(), call);
        return show(call, row);
      },
    },
    {
      audience: "frontend",
      method: "DELETE",
      path: "/v1/me/email_addresses/:id",
      async handle(call) {
        const id = await store.transact("remove own address", async (tx) => {
          const { row, user } = await ownAddress(tx, call);
          const { primaryEmailAddressId } = await removeEmailAddress(parts, tx, call.instance, user, row);
          const wasLast = primaryEmailAddressId === null && isOwned(row);
          if (wasLast && call.instance.settings.emailAddress.required) {
            throw refuse(
              "identification_deletion_failed",
              {},
              "Every account needs an e-mail address: add another one before you remove this one.",
            );
          }
          await auditOwn(parts, tx, call, user, "email_address.deleted", { emailAddressId: row.id });
          return row.id;
        });
        return answerDeleted(parts, call, "email_address", id);
      },
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/email_addresses/:id/prepare_verification",
      handle: async (call) => show(call, await prepare(parts, call)),
    },
    {
      audience: "frontend",
      method: "POST",
      path: "/v1/me/email_addresses/:id/attempt_verification",
      handle: async (call) => show(call, await attempt(parts, call)),
    },
  ];
}

/** Whether the address is somebody's is told at once only where accounts are no secret; else after its code. */
async function add(parts: Parts, call: Call): Promise<EmailAddressRow> {
  const { instance, body } = call;
  await takeByAddress(parts, "create", call);
  if (!instance.settings.emailAddress.enabled)
    throw refuseField("form_param_value_disabled", "email_address");
  const emailAddress = normalEmailAddress(body.required("email_address"));
  return parts.store.transact("add own address", async (tx) => {
    const { user } = await sessionOf(tx, call);
    const waiting = (await tx.list("email_addresses", "by_user", [user.id])).filter((row) => !isOwned(row));
    if (waiting.length >= MOST_UNVERIFIED) throw refuse("too_many_unverified_identifications");
    if (!instance.settings.enumerationProtection) await refuseTakenAddress(tx, instance, emailAddress);
    const row = await addEmailAddress(parts, tx, instance, user, {
      emailAddress,
      verification: UNVERIFIED,
    });
    await tx.patch("users", user, { updatedAt: after(user.updatedAt, call.now) });
    await auditOwn(parts, tx, call, user, "email_address.created", { emailAddressId: row.id });
    return row;
  });
}

async function prepare(parts: Parts, call: Call): Promise<EmailAddressRow> {
  const { instance, now } = call;
  if (call.body.required("strategy") !== "email_code") throw refuse("verification_strategy_invalid");
  const { row, code } = await parts.store.transact("prepare own address", async (tx) => {
    const { row, user } = await ownAddress(tx, call);
    if (row.verification.status === "verified") throw refuse("verification_already_verified");
    if (!isTestAddress(instance, row.emailAddress)) {
      const target = { address: row.emailAddress, purpose: "email_address" } as const;
      await noteCodeSent(parts, tx, instance, target, parts.limits.codeInterval, now);
    }
    const code = newCode(parts, instance, row.emailAddress);
    const verification = awaitCode(parts, { code, subject: row.id, strategy: "email_code", now });
    await tx.patch("users", user, { updatedAt: after(user.updatedAt, now) });
    return { row: await tx.patch("email_addresses", row, { verification, updatedAt: now }), code };
  });
  if (!isTestAddress(instance, row.emailAddress)) {
    const { emailAddress } = row;
    const target = { address: emailAddress, purpose: "email_address", sentAt: now } as const;
    await sendCode(parts, instance, target, { kind: "verification_code", to: emailAddress, code });
  }
  return row;
}

async function attempt(parts: Parts, call: Call): Promise<EmailAddressRow> {
  await takeByAddress(parts, "attempt", call);
  const { instance, now } = call;
  const code = call.body.required("code");
  const outcome = await parts.store.transact(
    "attempt own address",
    async (tx): Promise<EmailAddressRow | IdentityError> => {
      const { row, user } = await ownAddress(tx, call);
      const subject = row.id;
      const { verification, refusal, wrong } = attemptCode(parts, row.verification, { code, subject, now });
      const target = { address: row.emailAddress, purpose: "email_address" } as const;
      if (wrong) await countWrongCode(parts, tx, instance, target, now);
      const isTaken = refusal === null && (await isTakenEmail(tx, instance.id, row.emailAddress, row));
      // A refusal is thrown after the commit only, for the attempt has to be counted.
      const changed = await tx.patch("email_addresses", row, {
        verification: isTaken ? { ...verification, status: "failed" } : verification,
        updatedAt: now,
      });
      if (refusal !== null) return refusal;
      if (isTaken) {
        return refuseField(
          "form_identifier_exists",
          "email_address",
          "This address belongs to another account. Sign in with it there, or remove it there first.",
        );
      }
      await tx.patch("users", user, {
        primaryEmailAddressId: user.primaryEmailAddressId ?? row.id,
        updatedAt: after(user.updatedAt, now),
      });
      await auditOwn(parts, tx, call, user, "email_address.verified", { emailAddressId: row.id });
      return changed;
    },
  );
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

async function ownAddress(
  reader: Reader,
  call: Call,
): Promise<{ readonly row: EmailAddressRow; readonly user: UserRow }> {
  const { user } = await sessionOf(reader, call);
  const row = await reader.get("email_addresses", call.path.id!);
  if (row === null || row.userId !== user.id) throw refuse("resource_not_found");
  return { row, user };
}
