import { refuseField } from "../errors/index.ts";
import type { Params } from "../http/index.ts";
import type { EmailAddressRow, UserRow } from "../store/index.ts";

/** Values that one filter takes. */
const MOST_VALUES = 100;

type TimeField = "createdAt" | "lastActiveAt" | "lastSignInAt";

/** Milliseconds; neither is itself among what is asked for. */
export interface TimeBounds {
  readonly after?: number;
  readonly before?: number;
}

/** Which users are asked for (B §1.4): all conditions have to hold, of the values of one any. */
export interface UserFilter {
  readonly emailAddresses: ReadonlySet<string>;
  readonly usernames: ReadonlySet<string>;
  readonly externalIds: ReadonlySet<string>;
  readonly userIds: ReadonlySet<string>;
  readonly exceptUserIds: ReadonlySet<string>;
  /** Part of an address, a name or an id, in lower case. */
  readonly query: string | null;
  readonly created: TimeBounds;
  readonly times: readonly (TimeBounds & { readonly field: TimeField })[];
  /** Asked for by something that no user of this server has: a telephone, a wallet, an organization. */
  readonly isImpossible: boolean;
}

/** Reads the filters of a request (B §1.4). Throws `form_param_…` for values that none takes. */
export function readUserFilter(query: Params): UserFilter {
  const ids = values(query, "user_id").map(plusOf);
  const created = times(query, "created_at_after", "created_at_before");
  return {
    emailAddresses: lower(values(query, "email_address")),
    usernames: lower(values(query, "username")),
    externalIds: new Set(values(query, "external_id").map((id) => plusOf(id))),
    userIds: new Set(ids.filter((id) => !id.startsWith("-"))),
    exceptUserIds: new Set(ids.filter((id) => id.startsWith("-")).map((id) => id.slice(1))),
    query: query.text("query")?.trim().toLowerCase() || null,
    created,
    times: [
      { field: "createdAt", ...created },
      { field: "lastActiveAt", ...times(query, "last_active_at_after", "last_active_at_before") },
      { field: "lastActiveAt", ...times(query, "last_active_at_since", null) },
      { field: "lastSignInAt", ...times(query, "last_sign_in_at_after", "last_sign_in_at_before") },
    ],
    isImpossible: ["phone_number", "web3_wallet", "organization_id"].some(
      (name) => values(query, name).length > 0,
    ),
  };
}

/** Does a user fit, as far as their own row says? */
export function matchesUser(user: UserRow, filter: UserFilter): boolean {
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

/** Do conditions look at addresses? Whoever asks for none of that need not read them. */
export function looksAtAddresses({ emailAddresses, query }: UserFilter): boolean {
  return emailAddresses.size > 0 || query !== null;
}

/** Does a user fit, as far as their addresses and names say? */
export function matchesAddresses(
  user: UserRow,
  rows: readonly EmailAddressRow[],
  { emailAddresses, query }: UserFilter,
): boolean {
  if (emailAddresses.size > 0 && !rows.some((row) => emailAddresses.has(row.emailAddress))) return false;
  return query === null || matchesNames(user, query) || rows.some((row) => row.emailAddress.includes(query));
}

/** Is it part of a user's names or ids? In lower case. */
export function matchesNames(user: UserRow, query: string): boolean {
  const names = [user.firstName, user.lastName].filter((name) => name !== null).join(" ");
  return [user.id, user.externalId, user.username, names].some(
    (text) => text?.toLowerCase().includes(query) ?? false,
  );
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

function times(query: Params, after: string, before: string | null): TimeBounds {
  const from = query.integer(after, 0, Number.MAX_SAFE_INTEGER);
  const to = before === null ? undefined : query.integer(before, 0, Number.MAX_SAFE_INTEGER);
  return { ...(from === undefined ? {} : { after: from }), ...(to === undefined ? {} : { before: to }) };
}
