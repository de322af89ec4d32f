import type { ClientRow, Reader, SignInRow } from "../store/index.ts";

/** The sign-in that is under way at a browser, or was completed last; null when its time is over. */
export async function currentSignIn(
  reader: Reader,
  client: ClientRow,
  now: number,
): Promise<SignInRow | null> {
  const signIn = client.signInId === null ? null : await reader.get("sign_ins", client.signInId);
  if (signIn === null || signIn.abandonAt <= now) return null;
  return signIn;
}
