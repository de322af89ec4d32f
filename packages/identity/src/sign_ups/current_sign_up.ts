import type { ClientRow, Reader, SignUpRow } from "../store/index.ts";

/** The sign-up that is under way at a browser, or was completed last; null when its time is over. */
export async function currentSignUp(
  reader: Reader,
  client: ClientRow,
  now: number,
): Promise<SignUpRow | null> {
  const signUp = client.signUpId === null ? null : await reader.get("sign_ups", client.signUpId);
  return signUp === null || signUp.abandonAt <= now ? null : signUp;
}
