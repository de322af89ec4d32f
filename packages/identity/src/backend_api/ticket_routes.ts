import { digestOf } from "../digest.ts";
import { refuse, refuseField } from "../errors/index.ts";
import type { Route } from "../http/index.ts";
import { checkFields } from "../http/known_fields.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { publicId, randomText } from "../public_id.ts";
import type { SignInTokenRow } from "../store/index.ts";
import { auditBackend } from "./audit.ts";

const TOKEN_LENGTH = 43;
const DEFAULT_LIFETIME_SECONDS = 30 * 24 * 3600;
const MOST_LIFETIME_SECONDS = 10 * 365 * 24 * 3600;
const TESTING_LIFETIME = 60 * 60_000;

/** Sign-in tokens and testing tokens (B §1.8). Both are shown once and kept as digests. */
export function ticketRoutes(parts: Parts): Route[] {
  const { store, seams } = parts;
  return [
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sign_in_tokens",
      async handle(call) {
        const { body, instance, now } = call;
        checkFields(body, new Set(["user_id", "expires_in_seconds"]));
        const userId = body.required("user_id");
        const seconds =
          body.integer("expires_in_seconds", 1, MOST_LIFETIME_SECONDS) ?? DEFAULT_LIFETIME_SECONDS;
        const token = randomText(TOKEN_LENGTH, seams.random);
        const row = await store.transact("create sign-in token", async (tx) => {
          const user = await tx.get("users", userId);
          if (user === null || user.instanceId !== instance.id) {
            throw refuseField("form_resource_not_found", "user_id", `There is no user ${userId}.`);
          }
          const row = await tx.insert("sign_in_tokens", {
            id: publicId("sit", seams.random),
            instanceId: instance.id,
            userId,
            digest: digestOf(token),
            status: "pending",
            expireAt: now + seconds * 1000,
            createdAt: now,
            updatedAt: now,
          });
          await auditBackend(parts, tx, call, "sign_in_token.created", row.id, { userId });
          return row;
        });
        return { json: signInTokenJson(instance, row, token) };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/sign_in_tokens/:id/revoke",
      async handle(call) {
        const { instance, path, now } = call;
        const row = await store.transact("revoke sign-in token", async (tx) => {
          const row = await tx.get("sign_in_tokens", path.id!);
          if (row === null || row.instanceId !== instance.id) {
            throw refuse("resource_not_found", {}, `There is no sign-in token ${path.id}.`);
          }
          if (row.status !== "pending") throw refuse("sign_in_token_cannot_be_revoked_code");
          await auditBackend(parts, tx, call, "sign_in_token.revoked", row.id, { userId: row.userId });
          return tx.patch("sign_in_tokens", row, { status: "revoked", updatedAt: now });
        });
        return { json: signInTokenJson(instance, row, null) };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/testing_tokens",
      async handle(call) {
        const { instance, now } = call;
        const token = randomText(TOKEN_LENGTH, seams.random);
        const expireAt = now + TESTING_LIFETIME;
        await store.transact("create testing token", async (tx) => {
          for (const old of await tx.below("testing_tokens", "by_expiry", now, 100)) {
            await tx.remove("testing_tokens", old);
          }
          const id = publicId("tt", seams.random);
          const digest = digestOf(token);
          await tx.insert("testing_tokens", { id, instanceId: instance.id, digest, expireAt });
          await auditBackend(parts, tx, call, "testing_token.created", id);
        });
        // Seconds, as its clients take it.
        return { json: { object: "testing_token", token, expires_at: Math.floor(expireAt / 1000) } };
      },
    },
  ];
}

/** The wire format puts the ticket into an address: whoever asks for it is to hand that on (B §1.8). */
function signInTokenJson({ issuer }: Instance, row: SignInTokenRow, token: string | null) {
  return {
    object: "sign_in_token",
    id: row.id,
    user_id: row.userId,
    status: row.status,
    ...(token === null ? {} : { token, url: `${issuer}/sign-in?__clerk_ticket=${token}` }),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
