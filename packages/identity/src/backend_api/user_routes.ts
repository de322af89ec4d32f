import { after } from "../clients/browser.ts";
import type { Call, Route } from "../http/index.ts";
import { checkFields } from "../http/known_fields.ts";
import type { Parts } from "../parts.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { deleteUser, mergeMetadata, metadataText } from "../users/index.ts";
import { auditBackend, BY_BACKEND } from "./audit.ts";
import { changeUser, createUserByBackend } from "./change_user.ts";
import { answerCollection, deletedJson, pageOf } from "./collection.ts";
import { countUsers, pageOfUsers } from "./find_users.ts";
import { readUserFilter } from "./user_filter.ts";
import { backendUserJson } from "./user_json.ts";
import { userOf } from "./user_of.ts";
import { readUserOrder } from "./user_order.ts";

const METADATA = {
  public_metadata: "publicMetadata",
  private_metadata: "privateMetadata",
  unsafe_metadata: "unsafeMetadata",
} as const;

/** Users by the Backend API (B §1.4, §1.5). */
export function userRoutes(parts: Parts): Route[] {
  const { store, limits } = parts;
  const show = async (reader: Reader, { instance, now }: Call, user: UserRow) => ({
    json: await backendUserJson(reader, limits, instance, user, now),
  });
  return [
    {
      audience: "backend",
      method: "GET",
      path: "/v1/users",
      async handle(call) {
        const { instance, query, now } = call;
        const reader = store.read();
        const search = { reader, instance, filter: readUserFilter(query) };
        const page = await pageOfUsers(search, readUserOrder(query), pageOf(query));
        // Always bare: its clients ask for the count beside it (B §1.3).
        return {
          json: await Promise.all(page.map((user) => backendUserJson(reader, limits, instance, user, now))),
        };
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/users/count",
      async handle({ instance, query }) {
        const search = { reader: store.read(), instance, filter: readUserFilter(query) };
        return { json: { object: "total_count", total_count: await countUsers(search) } };
      },
    },
    {
      audience: "backend",
      method: "POST",
      path: "/v1/users",
      async handle(call) {
        const user = await createUserByBackend(parts, call);
        return show(store.read(), call, user);
      },
    },
    {
      audience: "backend",
      method: "GET",
      path: "/v1/users/:id",
      async handle(call) {
        const reader = store.read();
        return show(reader, call, await userOf(reader, call));
      },
    },
    {
      audience: "backend",
      method: "PATCH",
      path: "/v1/users/:id",
      async handle(call) {
        const user = await changeUser(parts, call);
        return show(store.read(), call, user);
      },
    },
    {
      audience: "backend",
      method: "DELETE",
      path: "/v1/users/:id",
      async handle(call) {
        const id = await store.transact("delete user", async (tx) => {
          const user = await userOf(tx, call);
          await deleteUser(parts, tx, user, { actor: BY_BACKEND, ipAddress: call.ipAddress });
          return user.id;
        });
        return { json: deletedJson("user", id) };
      },
    },
    metadataRoute(parts, "PATCH"),
    metadataRoute(parts, "PUT"),
    // What no user of this server has.
    ...["organization_memberships", "organization_invitations"].map(
      (what): Route => ({
        audience: "backend",
        method: "GET",
        path: `/v1/users/:id/${what}`,
        async handle(call) {
          await userOf(store.read(), call);
          return { json: { data: [], total_count: 0 } };
        },
      }),
    ),
    {
      audience: "backend",
      method: "GET",
      path: "/v1/users/:id/oauth_access_tokens/:provider",
      async handle(call) {
        await userOf(store.read(), call);
        return answerCollection(call, [], 0);
      },
    },
  ];
}

/** PATCH merges into what is there; PUT replaces each field that is sent, by null too (B §1.4). */
function metadataRoute(parts: Parts, method: "PATCH" | "PUT"): Route {
  return {
    audience: "backend",
    method,
    path: "/v1/users/:id/metadata",
    async handle(call) {
      checkFields(call.body, new Set(Object.keys(METADATA)));
      const sent = (Object.keys(METADATA) as (keyof typeof METADATA)[]).filter((name) => call.body.has(name));
      for (const name of sent) call.body.object(name);
      const user = await parts.store.transact("user metadata", async (tx) => {
        const user = await userOf(tx, call);
        const changed: { -readonly [F in (typeof METADATA)[keyof typeof METADATA]]?: string } = {};
        for (const name of sent) {
          const field = METADATA[name];
          const value = call.body.object(name) ?? null;
          const next = method === "PUT" ? value : mergeMetadata(JSON.parse(user[field]), value ?? {});
          changed[field] = metadataText(next, name);
        }
        await auditBackend(parts, tx, call, "user.metadata_changed", user.id, { fields: sent });
        return tx.patch("users", user, { ...changed, updatedAt: after(user.updatedAt, call.now) });
      });
      return { json: await backendUserJson(parts.store.read(), parts.limits, call.instance, user, call.now) };
    },
  };
}
