import { refuseField } from "../errors/index.ts";
import type { Params } from "../http/index.ts";
import type { EmailAddressRow, UserRow } from "../store/index.ts";

/** A user with the addresses they have; none where nobody looks at them. */
export interface FoundUser {
  readonly user: UserRow;
  readonly emailAddresses: readonly EmailAddressRow[];
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

/** An order of users: that of an index, in which they can be read; or one that all have to be read for. */
export type UserOrder =
  | { readonly kind: "created"; readonly direction: "asc" | "desc" }
  | {
      readonly kind: "sorted";
      readonly looksAtAddresses: boolean;
      readonly compare: (one: FoundUser, other: FoundUser) => number;
    };

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
  if (field === "created_at") return { kind: "created", direction: sign === "-" ? "desc" : "asc" };
  const key = ORDERS[field]!;
  const direction = sign === "-" ? -1 : 1;
  const compare = (one: FoundUser, other: FoundUser) => {
    const [left, right] = [key(one), key(other)];
    if (left === right) return 0;
    // Who has none comes last either way.
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right ? -direction : direction;
  };
  return { kind: "sorted", looksAtAddresses: field === "email_address", compare };
}
