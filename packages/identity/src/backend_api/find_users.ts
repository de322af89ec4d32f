import { refuseField } from "../errors/index.ts";
import type { Params } from "../http/index.ts";
import type { Instance } from "../instances/index.ts";
import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";

/** Values that one filter takes. */
const MOST_VALUES = 100;

type TimeField = "createdAt" | "lastActiveAt" | "lastSignInAt";

/** Which users are asked for (B §1.4): all conditions have to hold, of the values of one any. */
export interface UserFilter {
  readonly emailAddresses: ReadonlySet<string>;
  readonly usernames: ReadonlySet<string>;
  readonly externalIds: ReadonlySet<string>;
  readonly userIds: ReadonlySet<string>;
  readonly exceptUserIds: ReadonlySet<string>;
  /** Part of an address, a name or an id, in lower case. */
  readonly query: string | null;
  readonly times: readonly { readonly field: TimeField; readonly after?: number; readonly before?: number }[];
  /** Asked for by something that no user of this server has: a telephone, a wallet, an organization. */
  readonly isImpossible: boolean;
}

export function readUserFilter(query: Params): UserFilter {
  const ids = values(query, "user_id").map(plusOf);
  return {
    emailAddresses: lower(values(query, "email_address")),
    usernames: lower(values(query, "username")),
    externalIds: new Set(values(query, "external_id").map((id) => plusOf(id))),
    userIds: new Set(ids.filter((id) => !id.startsWith("-"))),
    exceptUserIds: new Set(ids.filter((id) => id.startsWith("-")).map((id) => id.slice(1))),
    query: query.text("query")?.trim().toLowerCase() || null,
    times: [
      { field: "createdAt", ...times(query, "created_at_after", "created_at_before") },
      { field: "lastActiveAt", ...times(query, "last_active_at_after", "last_active_at_before") },
      { field: "lastActiveAt", ...times(query, "last_active_at_since", null) },
      { field: "lastSignInAt", ...times(query, "last_sign_in_at_after", "last_sign_in_at_before") },
    ],
    isImpossible: ["phone_number", "web3_wallet", "organization_id"].some(
      (name) => values(query, name).length > 0,
    ),
  };
}

/** A user with the addresses they have: what filters and orders look at. */
export interface FoundUser {
  readonly user: UserRow;
  readonly emailAddresses: readonly EmailAddressRow[];
}

/** The users whom a filter finds, the newest first. By index where it names whom it wants. */
export async function* findUsers(
  reader: Reader,
  instance: Instance,
  filter: UserFilter,
): AsyncGenerator<FoundUser> {
  if (filter.isImpossible) return;
  for await (const user of candidates(reader, instance, filter)) {
    if (!matchesUser(user, filter)) continue;
    const emailAddresses = await reader.list("email_addresses", "by_user", [user.id]);
    if (matchesAddresses(user, emailAddresses, filter)) yield { user, emailAddresses };
  }
}

async function* candidates(
  reader: Reader,
  instance: Instance,
  { userIds, emailAddresses, externalIds }: UserFilter,
): AsyncGenerator<UserRow> {
  const named = new Map<string, UserRow>();
  const add = (user: UserRow | null) => {
    if (user !== null && user.instanceId === instance.id) named.set(user.id, user);
  };
  if (userIds.size > 0) {
    for (const id of userIds) add(await reader.get("users", id));
  } else if (emailAddresses.size > 0) {
    for (const address of emailAddresses) {
      for (const row of await reader.list("email_addresses", "by_address", [instance.id, address])) {
        add(await reader.get("users", row.userId));
      }
    }
  } else if (externalIds.size > 0) {
    for (const id of externalIds) add(await reader.first("users", "by_external_id", [instance.id, id]));
  } else {
    yield* reader.all("users", "by_instance", [instance.id], "desc");
    return;
  }
  yield* [...named.values()].sort((one, other) => other.createdAt - one.createdAt);
}

function matchesUser(user: UserRow, filter: UserFilter): boolean {
  const { userIds, exceptUserIds, usernames, externalIds } = filter;
  return (
    (userIds.size === 0 || userIds.has(user.id)) &&
    !exceptUserIds.has(user.id) &&
    (usernames.size === 0 || (user.usernameKey !== null && usernames.has(user.usernameKey))) &&
    (externalIds.size === 0 || (user.externalId !== null && externalIds.has(user.externalId))) &&
    filter.times.every(({ field, after, before }) => {
      if (after === undefined && before === undefined) return true;
      const time = user[field];
      return (
        time !== null && (after === undefined || time > after) && (before === undefined || time < before)
      );
    })
  );
}

function matchesAddresses(
  user: UserRow,
  rows: readonly EmailAddressRow[],
  { emailAddresses, query }: UserFilter,
): boolean {
  if (emailAddresses.size > 0 && !rows.some((row) => emailAddresses.has(row.emailAddress))) return false;
  if (query === null) return true;
  const names = [user.firstName, user.lastName].filter((name) => name !== null).join(" ");
  return [user.id, user.externalId, user.username, names, ...rows.map((row) => row.emailAddress)].some(
    (text) => text?.toLowerCase().includes(query) ?? false,
  );
}

const ORDERS: Record<string, (found: FoundUser) => string | number | null> = {
  created_at: ({ user }) => user.createdAt,
  updated_at: ({ user }) => user.updatedAt,
  email_address: ({ user, emailAddresses }) =>
    emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)?.emailAddress ?? null,
  web3wallet: () => null,
  first_name: ({ user }) => user.firstName?.toLowerCase() ?? null,
  last_name: ({ user }) => user.lastName?.toLowerCase() ?? null,
  phone_number: () => null,
  username: ({ user }) => user.usernameKey,
  last_active_at: ({ user }) => user.lastActiveAt,
  last_sign_in_at: ({ user }) => user.lastSignInAt,
};

/** An order of users; null for the one that they are found in anyway, the newest first. */
export type UserOrder = ((one: FoundUser, other: FoundUser) => number) | null;

/** `order_by`: a field, with `-` before it for the greatest first. A `+` may have become a space on its way. */
export function readUserOrder(query: Params): UserOrder {
  const text = query.text("order_by") ?? "-created_at";
  const [, sign, field] = /^([+ -]?)([a-z0-9_]+)$/.exec(text) ?? [];
  if (field === undefined || !Object.hasOwn(ORDERS, field)) {
    throw refuseField(
      "form_param_value_invalid",
      "order_by",
      `Users cannot be ordered by "${text}": give one of ${Object.keys(ORDERS).join(", ")}, with - before it to turn the order around.`,
    );
  }
  if (field === "created_at" && sign === "-") return null;
  const key = ORDERS[field]!;
  const direction = sign === "-" ? -1 : 1;
  return (one, other) => {
    const [left, right] = [key(one), key(other)];
    if (left === right) return 0;
    // Who has none comes last either way.
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -direction : direction;
  };
}

function values(query: Params, name: string): string[] {
  const list = query.list(name).filter((value) => value !== "");
  if (list.length > MOST_VALUES) {
    throw refuseField("form_param_value_too_large", name, `"${name}" takes at most ${MOST_VALUES} values.`);
  }
  return list;
}

function lower(list: readonly string[]): Set<string> {
  return new Set(list.map((value) => value.trim().toLowerCase()));
}

/** Ids may be marked with a plus, which is a space by now if its sender did not encode it. */
function plusOf(id: string): string {
  return id.replace(/^[+ ]/, "");
}

function times(query: Params, after: string, before: string | null): { after?: number; before?: number } {
  const from = query.integer(after, 0, Number.MAX_SAFE_INTEGER);
  const to = before === null ? undefined : query.integer(before, 0, Number.MAX_SAFE_INTEGER);
  return { ...(from === undefined ? {} : { after: from }), ...(to === undefined ? {} : { before: to }) };
}
