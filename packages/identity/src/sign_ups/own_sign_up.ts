import { type Begun, clientOf } from "../clients/browser.ts";
import { refuse } from "../errors/index.ts";
import type { Call } from "../http/index.ts";
import type { ClientRow, Reader, SignUpRow } from "../store/index.ts";

export interface OwnSignUp {
  readonly client: ClientRow;
  readonly signUp: SignUpRow;
}

/** The sign-up that the path names, when the caller began it and it is their newest. Throws as `ownSignIn` does. */
export async function ownSignUp(reader: Reader, call: Call, begun?: Begun): Promise<OwnSignUp> {
  const client =
    begun === undefined ? await clientOf(reader, call) : await reader.get("clients", begun.clientId);
  const signUp = await reader.get("sign_ups", begun?.id ?? call.path.id!);
  if (client === null || signUp === null || signUp.clientId !== client.id || signUp.abandonAt <= call.now) {
    throw refuse("resource_not_found");
  }
  if (client.signUpId !== signUp.id) throw refuse("resource_forbidden");
  return { client, signUp };
}

/** Likewise; throws `client_state_invalid` for one that is complete. */
export async function openSignUp(reader: Reader, call: Call, begun?: Begun): Promise<OwnSignUp> {
  const own = await ownSignUp(reader, call, begun);
  if (own.signUp.status !== "missing_requirements") throw refuse("client_state_invalid");
  return own;
}
