import { type Begun, clientOf } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { ClientRow, Reader, SignInRow, UserRow } from "../store/index.ts";
import { type Identifier, readIdentifier } from "./identifier.ts";

export interface OwnSignIn {
  readonly client: ClientRow;
  readonly signIn: SignInRow;
}

/**
 * The sign-in that the path names (or that the request has begun), when the caller began it and it is their newest. Throws 404 `resource_not_found`
 * for what is not there or is over, 403 `resource_forbidden` for an older one (F §4.3).
 */
export async function ownSignIn(reader: Reader, call: Call, begun?: Begun): Promise<OwnSignIn> {
  const client =
    begun === undefined ? await clientOf(reader, call) : await reader.get("clients", begun.clientId);
  const signIn = await reader.get("sign_ins", begun?.id ?? call.path.id!);
  if (client === null || signIn === null || signIn.clientId !== client.id || signIn.abandonAt <= call.now) {
    throw refuse("resource_not_found");
  }
  if (client.signInId !== signIn.id) throw refuse("resource_forbidden");
  return { client, signIn };
}

/** Likewise, with whom it is about. Throws `client_state_invalid` unless it waits for a first factor. */
export async function identifiedSignIn(
  reader: Reader,
  call: Call,
  begun?: Begun,
): Promise<OwnSignIn & { readonly user: UserRow | null; readonly identifier: Identifier }> {
  const own = await ownSignIn(reader, call, begun);
  const { signIn } = own;
  if (signIn.status !== "needs_first_factor" || signIn.identifier === null) {
    throw refuse("client_state_invalid");
  }
  const user = signIn.userId === null ? null : await reader.get("users", signIn.userId);
  if (signIn.userId !== null && user === null) throw refuse("sign_in_identification_or_user_deleted");
  return { ...own, user, identifier: readIdentifier(call.instance, signIn.identifier) };
}
