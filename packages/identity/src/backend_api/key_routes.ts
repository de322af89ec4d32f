import { refuse } from "../errors/index.ts";
import type { Call, Route } from "../http/index.ts";
import { checkFields } from "../http/known_fields.ts";
import { createSecretKey, refuseLastSecretKey } from "../keys/secret_keys.ts";
import type { Parts } from "../parts.ts";
import type { Reader, SecretKeyRow, SigningKeyRow } from "../store/index.ts";
import { auditBackend } from "./audit.ts";
import { answerPage, deletedJson } from "./collection.ts";

/**
 * The keys of an instance, by whoever has one of its secret keys. These addresses are ours: where Clerk runs the
 * servers, its dashboard does this.
 */
export function keyRoutes(parts: Parts): Route[] {
  const { store, keys } = parts;
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/signing_keys",
      async handle(call) {
        const rows = await store
          .read()
          .list("signing_keys", "by_instance", [call.instance.id], { order: "desc" });
        return answerPage(call, rows.map(signingKeyJson));
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/signing_keys/rotate",
      async handle(call) {
        checkFields(call.body, new Set(["revoke_previous"]));
        const revokePrevious = call.body.flag("revoke_previous") ?? false;
        const key = await keys.rotate(call.instance.id, { revokePrevious }, (tx, key) =>
          auditBackend(parts, tx, call, "signing_keys.rotated", key.id, { revokePrevious }),
        );
        return { json: signingKeyJson(key) };
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/secret_keys",
      async handle(call) {
        const rows = await store
          .read()
          .list("secret_keys", "by_creation", [call.instance.id], { order: "desc" });
        return answerPage(call, rows.map(secretKeyJson));
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/secret_keys",
      async handle(call) {
        checkFields(call.body, new Set());
        const { row, secret } = await store.transact("create secret key", async (tx) => {
          const created = await createSecretKey(tx, call.instance, parts);
          await auditBackend(parts, tx, call, "secret_key.created", created.row.id);
          return created;
        });
        // Shown this once.
        return { json: { ...secretKeyJson(row), secret } };
      },
    },
    {
      audience: "backend",
      method: "DELETE",
      path: "/v1/secret_keys/:id",
      async handle(call) {
        const id = await store.transact("delete secret key", async (tx) => {
          const row = await secretKeyOf(tx, call);
          await refuseLastSecretKey(tx, row);
          await tx.remove("secret_keys", row);
          await auditBackend(parts, tx, call, "secret_key.deleted", row.id);
          return row.id;
        });
        return { json: deletedJson("secret_key", id) };
      },
    },
  ];
}

async function secretKeyOf(reader: Reader, { instance, path }: Call): Promise<SecretKeyRow> {
  const row = await reader.get("secret_keys", path.id!);
  if (row === null || row.instanceId !== instance.id) {
    throw refuse("resource_not_found", {}, `There is no secret key ${path.id}.`);
  }
  return row;
}

function secretKeyJson({ id, createdAt }: SecretKeyRow) {
  return { object: "secret_key", id, created_at: createdAt };
}

function signingKeyJson({ id, createdAt, retiredAt }: SigningKeyRow) {
  return { object: "signing_key", id, created_at: createdAt, retired_at: retiredAt };
}
