import type { UserRow } from "../../store/index.ts";
import type { Browser } from "../browser.ts";
import type { RawReply } from "../raw_request.ts";
import { isSignedIn, type Target } from "../target.ts";

/** A password that nobody has. */
export const WRONG_PASSWORD = "not the password at all";

/** One that could be anybody's. */
export const GOOD_PASSWORD = "purple monsoon teacup";

/** The path of a sign-in that begins at this browser. */
export async function beginSignIn(browser: Browser, identifier: string): Promise<string> {
  const { body } = await browser.post("/v1/client/sign_ins", { identifier });
  return `/v1/client/sign_ins/${body.response.id}`;
}

/** The path of a sign-up that begins at this browser. */
export async function beginSignUp(
  browser: Browser,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const { body } = await browser.post("/v1/client/sign_ups", fields);
  return `/v1/client/sign_ups/${body.response.id}`;
}

export function prepareCode(browser: Browser, signIn: string, strategy = "email_code"): Promise<RawReply> {
  return browser.post(`${signIn}/prepare_first_factor`, { strategy });
}

export function attemptCode(
  browser: Browser,
  signIn: string,
  code: string,
  strategy = "email_code",
): Promise<RawReply> {
  return browser.post(`${signIn}/attempt_first_factor`, { strategy, code });
}

/** Signs in with a password; the browser is that person's afterwards. */
export async function signIn(browser: Browser, identifier: string, password: string): Promise<RawReply> {
  const reply = await browser.post("/v1/client/sign_ins", { identifier, password });
  if (!isSignedIn(reply)) throw new Error(`No sign-in: ${reply.text}`);
  return reply;
}

/** Can this browser have a token for the session? */
export async function mintsToken(browser: Browser, sessionId: string): Promise<boolean> {
  const { body } = await browser.post(`/v1/client/sessions/${sessionId}/tokens`);
  return typeof body?.jwt === "string";
}

/** Six digits that are not the code. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}

/** An hour's lock of an account, by its operator. */
export function operatorLock({ clock }: Target): UserRow["lock"] {
  return { kind: "operator", until: clock.now() + 60 * 60_000 };
}

export function errorCode({ body }: Pick<RawReply, "body">): string | undefined {
  return body?.errors?.[0]?.code;
}

/** Changes the victim's account behind the server's back. */
export async function changeVictim(
  { parts, victim }: Target,
  changes: Partial<Omit<UserRow, "_id" | "id">>,
): Promise<void> {
  await parts.store.transact("test", async (tx) => {
    await tx.patch("users", (await tx.get("users", victim.userId))!, changes);
  });
}
