import type { UserResource } from "@tandem/clerk-js";

/** How a user is called, best known first: full name, username, address. Empty when nothing is known. */
export function displayName(user: UserResource): string {
  return user.fullName || user.username || user.primaryEmailAddress?.emailAddress || "";
}

/** What else tells users apart, beside {@link displayName}: the address or the username; empty when there is nothing. */
export function secondaryName(user: UserResource): string {
  const name = displayName(user);
  return (
    [user.primaryEmailAddress?.emailAddress, user.username].find((other) => !!other && other !== name) ?? ""
  );
}
