import type { Instance } from "../instances/index.ts";
import type { Reader, UserRow } from "../store/index.ts";
import { ownerOfEmail, ownerOfUsername } from "../users/find_user.ts";

/** What somebody typed to say who they are. */
export type Identifier =
  | { readonly kind: "email_address"; readonly key: string }
  | { readonly kind: "username"; readonly key: string };

/** How an instance reads an identifier: as an e-mail address when it looks like one, else as a username. */
export function readIdentifier({ settings }: Instance, text: string): Identifier {
  const key = text.trim().toLowerCase();
  if (!settings.username.enabled || (settings.emailAddress.enabled && key.includes("@"))) {
    return { kind: "email_address", key };
  }
  return { kind: "username", key };
}

/** The user whom an identifier means, or null. An e-mail address means its owner only once it is verified. */
export async function identify(
  reader: Reader,
  { id }: Instance,
  identifier: Identifier,
): Promise<UserRow | null> {
  switch (identifier.kind) {
    case "email_address":
      return ownerOfEmail(reader, id, identifier.key);
    case "username":
      return ownerOfUsername(reader, id, identifier.key);
    default:
      throw new Error(`No identifier: ${identifier satisfies never}`);
  }
}
