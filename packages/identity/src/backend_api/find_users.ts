import type { Instance } from "../instances/index.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { ownerOfUsername } from "../users/index.ts";
import type { Page } from "./collection.ts";
import {
  looksAtAddresses,
  matchesAddresses,
  matchesNames,
  matchesUser,
  type UserFilter,
} from "./user_filter.ts";
import type { FoundUser, UserOrder } from "./user_order.ts";

/** Where users are looked for. */
interface Search {
  readonly reader: Reader;
  readonly instance: Instance;
  readonly filter: UserFilter;
}

/**
 * A page of the users whom a filter finds. By id, e-mail address, username and external id they are looked up, at the
 * cost of those alone. Otherwise, in the order of `created_at`, users are read until the page is full: without other
 * filters, offset + limit of them. Every other order reads all users whom the bounds of `created_at` leave, and keeps
 * offset + limit of them at a time. A `query` reads all addresses of the instance besides.
 */
export async function pageOfUsers(
  search: Search,
  order: UserOrder,
  { limit, offset }: Page,
): Promise<UserRow[]> {
  let found: FoundUser[] = [];
  if (order.kind === "created") {
    let passed = 0;
    for await (const one of findUsers(search, order.direction, false)) {
      if (passed++ < offset) continue;
      found.push(one);
      if (found.length >= limit) break;
    }
    return found.map(({ user }) => user);
  }
  const end = offset + limit;
  const keepFirst = () => {
    found = found.sort(order.compare).slice(0, end);
  };
  for await (const one of findUsers(search, "desc", order.looksAtAddresses)) {
    found.push(one);
    if (found.length >= 2 * end) keepFirst();
  }
  keepFirst();
  return found.slice(offset).map(({ user }) => user);
}

/** How many users a filter finds. Reads all whom the bounds of `created_at` leave, unless they are looked up. */
export async function countUsers(search: Search): Promise<number> {
  let count = 0;
  for await (const _ of findUsers(search, "desc", false)) count++;
  return count;
}

async function* findUsers(
  search: Search,
  direction: "asc" | "desc",
  withAddresses: boolean,
): AsyncGenerator<FoundUser> {
  const { reader, instance, filter } = search;
  if (filter.isImpossible) return;
  const named = await namedUsers(search);
  const sign = direction === "asc" ? 1 : -1;
  const candidates =
    named?.sort((one, other) => sign * (one.createdAt - other.createdAt)) ??
    reader.all("users", "by_instance", [instance.id], direction, filter.created);
  const isInAddress =
    named === null && filter.query !== null && !withAddresses
      ? await usersOfAddresses(search, filter.query)
      : null;
  for await (const user of candidates) {
    if (!matchesUser(user, filter)) continue;
    if (isInAddress !== null) {
      if (isInAddress.has(user.id) || matchesNames(user, filter.query!)) yield { user, emailAddresses: [] };
      continue;
    }
    const emailAddresses =
      withAddresses || looksAtAddresses(filter)
        ? await reader.list("email_addresses", "by_user", [user.id])
        : [];
    if (matchesAddresses(user, emailAddresses, filter)) yield { user, emailAddresses };
  }
}

/** The ids of users one of whose addresses has a text in it: all addresses are read in one go, not user by user. */
async function usersOfAddresses({ reader, instance }: Search, text: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const row of reader.all("email_addresses", "by_address", [instance.id])) {
    if (row.emailAddress.includes(text)) ids.add(row.userId);
  }
  return ids;
}

/** The users whom a filter names, each once; null for a filter that names nobody. */
async function namedUsers({
  reader,
  instance: { id: instanceId },
  filter: { userIds, emailAddresses, usernames, externalIds },
}: Search): Promise<UserRow[] | null> {
  const named = new Map<string, UserRow>();
  const add = (user: UserRow | null) => {
    if (user !== null && user.instanceId === instanceId) named.set(user.id, user);
  };
  if (userIds.size > 0) {
    for (const id of userIds) add(await reader.get("users", id));
  } else if (emailAddresses.size > 0) {
    for (const address of emailAddresses) {
      for await (const row of reader.all("email_addresses", "by_address", [instanceId, address])) {
        add(await reader.get("users", row.userId));
      }
    }
  } else if (externalIds.size > 0) {
    for (const id of externalIds) add(await reader.first("users", "by_external_id", [instanceId, id]));
  } else if (usernames.size > 0) {
    for (const name of usernames) add(await ownerOfUsername(reader, instanceId, name));
  } else {
    return null;
  }
  return [...named.values()];
}
