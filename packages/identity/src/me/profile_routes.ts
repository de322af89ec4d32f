import { after } from "../clients/browser.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import { checkFields } from "../http/known_fields.ts";
import type { Parts } from "../parts.ts";
import { sessionOf } from "../sessions/index.ts";
import type { UserRow, Writer } from "../store/index.ts";
import {
  deleteUser,
  isOwned,
  mergeMetadata,
  metadataText,
  normalName,
  normalUsername,
  refuseTakenUsername,
} from "../users/index.ts";
import { answerDeleted, answerUser, auditOwn } from "./own_user.ts";

const FIELDS = new Set([
  "username",
  "first_name",
  "last_name",
  "primary_email_address_id",
  "unsafe_metadata",
]);

/** The caller's own account (F §4.7). */
export function profileRoutes(parts: Parts): Route[] {
  const { store } = parts;
  return [
    {
      audience: "frontend",
      method: "GET",
      path: "/v1/me",
      async handle(call) {
        const { user } = await sessionOf(store.read(), call);
        return answerUser(parts, call, user);
      },
    },
    {
      audience: "frontend",
      method: "PATCH",
      path: "/v1/me",
      async handle(call) {
        checkFields(call.body, FIELDS);
        const user = await store.transact("change profile", async (tx) => {
          const { user } = await sessionOf(tx, call);
          const changes = await readProfile(tx, call, user);
          await auditOwn(parts, tx, call, user, "user.updated", { fields: call.body.names });
          return tx.patch("users", user, { ...changes, updatedAt: after(user.updatedAt, call.now) });
        });
        return answerUser(parts, call, user);
      },
    },
    {
      audience: "frontend",
      method: "PATCH",
      path: "/v1/me/metadata",
      async handle(call) {
        checkFields(call.body, new Set(["unsafe_metadata"]));
        const patch = call.body.object("unsafe_metadata") ?? {};
        const user = await store.transact("change own metadata", async (tx) => {
          const { user } = await sessionOf(tx, call);
          const merged = mergeMetadata(JSON.parse(user.unsafeMetadata), patch);
          await auditOwn(parts, tx, call, user, "user.metadata_changed", { fields: ["unsafe_metadata"] });
          return tx.patch("users", user, {
            unsafeMetadata: metadataText(merged, "unsafe_metadata"),
            updatedAt: after(user.updatedAt, call.now),
          });
        });
        return answerUser(parts, call, user);
      },
    },
    {
      audience: "frontend",
      method: "DELETE",
      path: "/v1/me",
      async handle(call) {
        const id = await store.transact("delete own account", async (tx) => {
          const { user } = await sessionOf(tx, call);
          if (!user.deleteSelfEnabled || !call.instance.settings.deleteSelf) {
            throw refuse("user_delete_self_not_enabled");
          }
          await deleteUser(parts, tx, user, { actor: `user:${user.id}`, ipAddress: call.ipAddress });
          return user.id;
        });
        return answerDeleted(parts, call, "user", id);
      },
    },
  ];
}

async function readProfile(tx: Writer, call: Call, user: UserRow): Promise<Partial<UserRow>> {
  const { body, instance } = call;
  const { settings } = instance;
  const changes: { -readonly [F in keyof UserRow]?: UserRow[F] } = {};
  for (const [field, key] of [
    ["first_name", "firstName"],
    ["last_name", "lastName"],
  ] as const) {
    const text = body.nullable(field);
    if (text === undefined) continue;
    if (!settings[key].enabled) throw refuseField("form_param_unknown", field, "This instance has no names.");
    const name = normalName(text, field);
    if (name === null && settings[key].required) throw refuseField("form_param_nil", field);
    changes[key] = name;
  }
  const username = body.nullable("username");
  if (username === null) {
    const emails = await tx.list("email_addresses", "by_user", [user.id]);
    if (settings.username.required) throw refuseField("form_param_nil", "username");
    if (!emails.some(isOwned)) {
      throw refuse("identification_deletion_failed", { param_name: "username" });
    }
    changes.username = null;
    changes.usernameKey = null;
  } else if (username !== undefined) {
    const named = normalUsername(instance, username);
    // A username is seen by others anyway: whether it is taken may be told.
    await refuseTakenUsername(tx, instance, named.username, user.id);
    Object.assign(changes, named);
  }
  const primary = body.text("primary_email_address_id");
  if (primary !== undefined) {
    const row = await tx.get("email_addresses", primary);
    if (row === null || row.userId !== user.id)
      throw refuseField("form_resource_not_found", "primary_email_address_id");
    if (row.verification.status !== "verified") {
      throw refuseField(
        "form_param_value_invalid",
        "primary_email_address_id",
        "Verify the address before you make it the primary one.",
      );
    }
    changes.primaryEmailAddressId = row.id;
  }
  const metadata = body.object("unsafe_metadata");
  if (metadata !== undefined) changes.unsafeMetadata = metadataText(metadata, "unsafe_metadata");
  return changes;
}
