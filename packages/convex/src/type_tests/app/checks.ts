// Types that an app sees, held against what they must be; and code that must not compile.
import type {
  AnyDataModel,
  ArgsAndOptions,
  FunctionArgs,
  FunctionReference,
  FunctionReturnType,
  GenericQueryCtx,
  GenericTableInfo,
  OptionalRestArgs,
  PaginationOptions,
  PaginationResult,
  RegisteredQuery,
  UserIdentity,
  WithOptionalSystemFields,
} from "@tandem/convex/server";
import {
  createFunctionHandle,
  cronJobs,
  defineTable,
  httpRouter,
  makeFunctionReference,
} from "@tandem/convex/server";
import { v } from "@tandem/convex/values";
import { api, components, internal } from "./api.ts";
import { type attachment, schema } from "./schema.ts";
import {
  type DataModel,
  type Doc,
  httpAction,
  type Id,
  type MutationCtx,
  mutation,
  type QueryCtx,
  query,
} from "./server.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(...verdict: Equal<A, B> extends true ? [] : ["differs"]): void;

// References: arguments and results.
same<FunctionArgs<typeof api.messages.list>, { atLeast?: number; channel: Id<"channels"> }>();
same<
  FunctionReturnType<typeof api.messages.list>,
  { _id: Id<"messages">; body: string; author: string | null }[]
>();
same<FunctionReturnType<typeof api.messages.page>, PaginationResult<Doc<"messages">>>();
same<FunctionArgs<typeof api.messages.search>, { text: string }>();
same<FunctionReturnType<typeof api.messages.search>, string[]>();
same<FunctionReturnType<typeof api.messages.ping>, "pong">();
same<FunctionReturnType<typeof api.messages.edit>, null>();
same<FunctionReturnType<typeof internal.messages.clear>, null>();
same<FunctionReturnType<typeof api.messages.send>, Id<"messages">>();
same<FunctionArgs<typeof api.admin.users.store>, { name: string }>();
same<FunctionReturnType<typeof api.admin.users.store>, Id<"users"> | null>();
same<OptionalRestArgs<typeof internal.messages.clear>, [args?: Record<string, never>]>();
same<OptionalRestArgs<typeof api.admin.users.store>, [args: { name: string }]>();
same<ArgsAndOptions<typeof api.admin.users.store, { o: 1 }>, [args: { name: string }, options?: { o: 1 }]>();
same<keyof typeof api, "messages" | "admin">();
same<keyof typeof api.admin.users, "store" | "default">();
same<keyof typeof internal, "messages">();
same<keyof typeof internal.messages, "inCity" | "clear" | "notify">();
same<keyof typeof api.messages, "list" | "page" | "send" | "edit" | "search" | "ping" | "bare">();

// Documents.
same<
  Doc<"channels">,
  { _id: Id<"channels">; _creationTime: number; raw?: ArrayBuffer; name: string; counter: bigint }
>();
same<Doc<"messages">["editedAt"], number | null>();
same<Extract<Doc<"events">, { type: "joined" }>["user"], Id<"users">>();
same<Doc<"users">["roles"], ("admin" | "member")[]>();
same<DataModel["users"]["indexes"]["by_city"], ["address.city", "name", "_creationTime"]>();
same<DataModel["messages"]["indexes"]["by_id"], ["_id"]>();
same<keyof DataModel["messages"]["indexes"], "by_channel" | "by_author" | "by_id" | "by_creation_time">();
same<keyof DataModel["messages"]["searchIndexes"], "search_body">();
same<
  Extract<DataModel["users"]["fieldPaths"], `address${string}`>,
  "address" | "address.city" | "address.geo" | "address.geo.lat" | "address.geo.lng"
>();
same<
  WithOptionalSystemFields<Doc<"channels">>,
  { raw?: ArrayBuffer; name: string; counter: bigint; _id?: Id<"channels">; _creationTime?: number }
>();
same<UserIdentity["email"], string | undefined>();
same<PaginationOptions["cursor"], string | null>();

// Wrappers and generic code, as libraries for apps write them.
export async function firstOf<Info extends GenericTableInfo>(
  ctx: GenericQueryCtx<{ table: Info }>,
): Promise<Info["document"] | null> {
  return ctx.db.query("table").first();
}
export function loose(ctx: GenericQueryCtx<AnyDataModel>): Promise<unknown> {
  return ctx.db
    .query("whatever")
    .withIndex("by_creation_time", (q) => q.gt("_creationTime", 0))
    .collect();
}
export const wrapped: RegisteredQuery<"public", { id: string }, Promise<unknown>> = query({
  args: { id: v.string() },
  handler: async (_ctx, { id }) => id,
});
export type Page = FunctionReference<
  "query",
  "public",
  { paginationOpts: PaginationOptions },
  PaginationResult<unknown>
>;
export const paged: FunctionReference<
  "query",
  "public",
  { channel: Id<"channels">; paginationOpts: PaginationOptions },
  PaginationResult<unknown>
> = api.messages.page;
export const narrowed = schema.tables.messages.validator.fields.attachment;
export const http = httpRouter();
http.route({
  path: "/hook",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    await ctx.runMutation(internal.messages.clear, {});
    return new Response(await request.text());
  }),
});
export const crons = cronJobs();
crons.daily("clear", { hourUTC: 4 }, internal.messages.clear);
crons.interval("store", { minutes: 5 }, api.admin.users.store, { name: "x" });

// Conditions that the types let through: what an expression yields is not held against its place.
export function lenient(ctx: QueryCtx): unknown {
  ctx.db.query("users").filter((q) => q.add(1, 2));
  return ctx.db.query("messages").filter((q) => q.eq(q.field("body"), q.field("likes")));
}

export async function calls(ctx: MutationCtx, message: Id<"messages">): Promise<void> {
  const made = makeFunctionReference<"query", { n: number }, string>("a:b");
  const text: string = await ctx.runQuery(made, { n: 1 });
  const handle = await createFunctionHandle(api.admin.users.store);
  const stored: Id<"users"> | null = await ctx.runMutation(handle, { name: text });
  await ctx.runMutation(components.mail!.outbox!.send!, { stored });
  await ctx.scheduler.runAt(new Date(), internal.messages.notify, { id: message });
  const metrics = await ctx.meta.getTransactionMetrics();
  const used: number = metrics.bytesRead.used;
  await ctx.storage.getUrl(String(used));
}

export async function refused(ctx: QueryCtx, write: MutationCtx, user: Id<"users">): Promise<void> {
  // @ts-expect-error a query has no way to write
  ctx.db.insert("channels", { name: "x", counter: 0n });
  // @ts-expect-error there is no such table
  ctx.db.query("nowhere");
  // @ts-expect-error there is no such index
  ctx.db.query("users").withIndex("by_nothing");
  // @ts-expect-error a staged index cannot be queried
  ctx.db.query("messages").withIndex("later");
  // @ts-expect-error the fields of an index come in their order
  ctx.db.query("messages").withIndex("by_channel", (q) => q.eq("likes", 1));
  // @ts-expect-error the field is a string
  ctx.db.query("users").withIndex("by_token", (q) => q.eq("tokenIdentifier", 1));
  // @ts-expect-error a bound ends the equalities
  ctx.db.query("users").withIndex("by_city", (q) => q.gt("address.city", "a").eq("name", "b"));
  // @ts-expect-error there is no such field
  ctx.db.query("users").filter((q) => q.eq(q.field("age"), 1));
  // @ts-expect-error an order is chosen once
  ctx.db.query("users").order("asc").order("desc");
  const found = ctx.db.query("messages").withSearchIndex("search_body", (q) => q.search("body", "x"));
  // @ts-expect-error a search goes by relevance
  found.order("asc");
  // @ts-expect-error the index does not filter by this field
  ctx.db.query("messages").withSearchIndex("search_body", (q) => q.search("body", "x").eq("likes", 1));
  // @ts-expect-error a condition is a boolean
  ctx.db.query("users").filter(() => 1);
  // @ts-expect-error the id is of another table
  ctx.db.get("messages", user);
  // @ts-expect-error a field is missing
  write.db.insert("channels", { name: "x" });
  // @ts-expect-error a field is of the wrong type
  write.db.insert("channels", { name: "x", counter: 0 });
  // @ts-expect-error the server sets the id
  write.db.insert("channels", { name: "x", counter: 0n, _id: "c" });
  // @ts-expect-error a field keeps its type
  write.db.patch(user, { name: 1 });
  // @ts-expect-error system tables are read only
  write.db.insert("_storage", {});
  // @ts-expect-error an internal function is not in the public API
  api.messages.clear;
  // @ts-expect-error a public function is not in the internal API
  internal.messages.list;
  // @ts-expect-error what is no function of the backend is not in the API
  api.admin.users.newUser;
  // @ts-expect-error arguments are required
  write.runMutation(api.admin.users.store);
  // @ts-expect-error the argument is of the wrong type
  write.runMutation(api.admin.users.store, { name: 1 });
  // @ts-expect-error a mutation is no query
  write.runQuery(api.admin.users.store, { name: "x" });
  // @ts-expect-error a query runs no mutations
  ctx.runMutation(api.admin.users.store, { name: "x" });
  // @ts-expect-error queries are not scheduled
  write.scheduler.runAfter(0, api.messages.search, { text: "x" });
  // @ts-expect-error an id of another table is no file
  write.storage.getUrl(user);
  // @ts-expect-error tokens have a lifetime
  write.auth.signJwt({});
  // @ts-expect-error the issuer is the host's to set
  write.auth.signJwt({ claims: { iss: "me" }, expiresInSeconds: 1 });
}

// @ts-expect-error the handler returns what its validator forbids
mutation({ args: {}, returns: v.string(), handler: async () => 1 });
// @ts-expect-error the validator has no such argument
query({ args: { a: v.string() }, handler: async (_ctx, { b }) => b });
// @ts-expect-error the index is over a field that the table does not have
defineTable({ a: v.string() }).index("by_b", ["b"]);
// @ts-expect-error tables hold objects
defineTable(v.string());
// @ts-expect-error a table that is not in the schema
schema.doc("nowhere");
// @ts-expect-error a job runs at an interval in one unit
crons.interval("both", { minutes: 1, hours: 1 }, internal.messages.clear);
// @ts-expect-error routes have a method that can be routed
http.route({ path: "/x", method: "TRACE", handler: httpAction(async () => new Response()) });
// @ts-expect-error a link has a URL
export const link: typeof attachment.type = { kind: "link" };
