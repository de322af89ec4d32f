import { after } from "../clients/browser.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import { checkFields } from "../http/known_fields.ts";
import type { Parts } from "../parts.ts";
import type { EmailAddressRow, Reader, UserRow, Writer } from "../store/index.ts";
import {
  addEmailAddress,
  emailAddressJson,
  normalEmailAddress,
  refuseTakenAddress,
  removeEmailAddress,
  UNVERIFIED,
  VERIFIED_BY_ADMIN,
} from "../users/index.ts";
import { auditBackend } from "./audit.ts";
import { deletedJson } from "./collection.ts";
import { userOf } from "./user_of.ts";

/** E-mail addresses by the Backend API (B §1.6). */
export function emailAddressRoutes(parts: Parts): Route[] {
  const { store } = parts;
  return [
    {
      audience: "backend",
      method: "POST",
      path: "/v1/email_addresses",
      async handle(call) {
        const { body, instance, now } = call;
        checkFields(body, new Set(["user_id", "email_address", "verified", "primary"]));
        const userId = body.required("user_id");
        const emailAddress = normalEmailAddress(body.required("email_address"));
        const verified = body.flag("verified") ?? false;
        const primary = body.flag("primary") ?? false;
        checkPrimary(primary, verified);
        const row = await store.transact("add email address", async (tx) => {
          const user = await tx.get("users", userId);
          if (user === null || user.instanceId !== instance.id) {
            throw refuseField("form_resource_not_found", "user_id", `There is no user ${userId}.`);
          }
          const verification = verified ? VERIFIED_BY_ADMIN : UNVERIFIED;
          const row = await addEmailAddress(parts, tx, instance, user, { emailAddress, verification });
          await makePrimary(tx, call, user, row, primary);
          await auditBackend(parts, tx, call, "email_address.created", user.id, { emailAddressId: row.id });
          return row;
        });
        return { json: emailAddressJson(row, now) };
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/email_addresses/:id",
      async handle(call) {
        const { row } = await addressOf(store.read(), call);
        return { json: emailAddressJson(row, call.now) };
      },
    },
    {
      audience: "backend",
      method: "PATCH",
      path: "/v1/email_addresses/:id",
      async handle(call) {
        const { body, instance, now } = call;
        checkFields(body, new Set(["verified", "primary"]));
        const verified = body.flag("verified");
        const row = await store.transact("change email address", async (tx) => {
          const { row, user } = await addressOf(tx, call);
          const isVerified = verified ?? row.verification.status === "verified";
          checkPrimary(body.flag("primary") ?? false, isVerified);
          if (isVerified && row.verification.status !== "verified") {
            await refuseTakenAddress(tx, instance, row.emailAddress, row);
          }
          if (verified === false && user.primaryEmailAddressId === row.id) {
            throw refuseField("form_param_value_invalid", "verified", "The primary address stays verified.");
          }
          const changed =
            verified === undefined
              ? row
              : await tx.patch("email_addresses", row, {
                  verification: verified ? VERIFIED_BY_ADMIN : UNVERIFIED,
                  updatedAt: now,
                });
          await makePrimary(tx, call, user, changed, body.flag("primary") ?? false);
          await auditBackend(parts, tx, call, "email_address.updated", user.id, { emailAddressId: row.id });
          return changed;
        });
        return { json: emailAddressJson(row, now) };
      },
    },
    {
      audience: "backend",
      method: "DELETE",
      path: "/v1/email_addresses/:id",
      async handle(call) {
        const id = await store.transact("delete email address", async (tx) => {
          const { row, user } = await addressOf(tx, call);
          await removeEmailAddress(parts, tx, call.instance, user, row);
          await auditBackend(parts, tx, call, "email_address.deleted", user.id, { emailAddressId: row.id });
          return row.id;
        });
        return { json: deletedJson("email_address", id) };
      },
    },
    {
      audience: "backend",
      method: "PUT",
      path: "/v1/users/:id/email_address",
      async handle(call) {
        const emailAddress = normalEmailAddress(call.body.required("email_address"));
        const row = await store.transact("replace email address", async (tx) => {
          const user = await userOf(tx, call);
          for (const old of await tx.list("email_addresses", "by_user", [user.id])) {
            await tx.remove("email_addresses", old);
          }
          const row = await addEmailAddress(parts, tx, call.instance, user, {
            emailAddress,
            verification: VERIFIED_BY_ADMIN,
          });
          await makePrimary(tx, call, user, row, true);
          await auditBackend(parts, tx, call, "email_address.replaced", user.id, { emailAddressId: row.id });
          return row;
        });
        return { json: emailAddressJson(row, call.now) };
      },
    },
  ];
}

async function addressOf(
  reader: Reader,
  { instance, path }: Call,
): Promise<{ readonly row: EmailAddressRow; readonly user: UserRow }> {
  const row = await reader.get("email_addresses", path.id!);
  const user = row === null ? null : await reader.get("users", row.userId);
  if (row === null || user === null || row.instanceId !== instance.id) {
    throw refuse("resource_not_found", {}, `There is no e-mail address ${path.id}.`);
  }
  return { row, user };
}

function checkPrimary(primary: boolean, verified: boolean): void {
  if (primary && !verified) {
    throw refuseField(
      "form_param_value_invalid",
      "primary",
      "Only a verified address can be the primary one.",
    );
  }
}

/** Makes an address the primary one if that is asked for, or if it is verified and the user has none. */
async function makePrimary(
  tx: Writer,
  { now }: Call,
  user: UserRow,
  row: EmailAddressRow,
  primary: boolean,
): Promise<void> {
  const isFirst = user.primaryEmailAddressId === null && row.verification.status === "verified";
  await tx.patch("users", user, {
    ...(primary || isFirst ? { primaryEmailAddressId: row.id } : {}),
    updatedAt: after(user.updatedAt, now),
  });
}
