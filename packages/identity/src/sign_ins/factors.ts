import { createHmac } from "node:crypto";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { randomText } from "../public_id.ts";
import type { EmailAddressRow, Reader, SignInRow } from "../store/index.ts";
import { isOwned } from "../users/find_user.ts";
import { readIdentifier } from "./identifier.ts";
import { maskedAddress } from "./masked_address.ts";

/** A way to prove who one is (F §4.4), and to whom its code goes. */
export interface FirstFactor {
  readonly strategy: "password" | "email_code" | "reset_password_email_code";
  readonly email: {
    readonly id: string;
    readonly address: string;
    /** What people are shown of it. */
    readonly shown: string;
    readonly primary: boolean;
  } | null;
}

/**
 * The ways that are open to a sign-in. Where nobody may find out whether an account exists, they follow from the
 * identifier and the settings alone: those of an account that is there are those of one that is not.
 */
export async function firstFactors(
  { instanceSecret }: Pick<Parts, "instanceSecret">,
  reader: Reader,
  instance: Instance,
  signIn: SignInRow,
): Promise<FirstFactor[]> {
  const { settings } = instance;
  if (signIn.identifier === null) return [];
  if (settings.enumerationProtection) {
    const identifier = readIdentifier(instance, signIn.identifier);
    const password = settings.password.enabled ? [{ strategy: "password", email: null } as const] : [];
    if (identifier.kind === "username") return password;
    const id = concealedId(instanceSecret, instance.id, identifier.key);
    return [...password, ...codeFactors(instance, [typed(id, signIn.identifier, true)])];
  }
  const user = signIn.userId === null ? null : await reader.get("users", signIn.userId);
  if (user === null) return [];
  const emails = (await reader.list("email_addresses", "by_user", [user.id])).filter(isOwned);
  const described = emails.map(({ id, emailAddress }) => {
    const primary = id === user.primaryEmailAddressId;
    return signIn.identifier?.trim().toLowerCase() === emailAddress
      ? typed(id, signIn.identifier, primary)
      : { id, address: emailAddress, shown: maskedAddress(emailAddress), primary };
  });
  return [
    ...(settings.password.enabled && user.passwordDigest !== null
      ? [{ strategy: "password", email: null } as const]
      : []),
    ...codeFactors(instance, described),
  ];
}

/** Pages look for the factor of the very text that was typed (F §4.4). */
function typed(id: string, identifier: string, primary: boolean): NonNullable<FirstFactor["email"]> {
  return { id, address: identifier, shown: identifier, primary };
}

function codeFactors(
  { settings }: Instance,
  emails: readonly NonNullable<FirstFactor["email"]>[],
): FirstFactor[] {
  if (!settings.emailAddress.enabled) return [];
  return [
    ...(settings.emailAddress.codeSignIn
      ? emails.map((email) => ({ strategy: "email_code", email }) as const)
      : []),
    ...(settings.password.enabled
      ? emails.map((email) => ({ strategy: "reset_password_email_code", email }) as const)
      : []),
  ];
}

/** The factor on the wire. */
export function factorJson({ strategy, email }: FirstFactor): Record<string, unknown> {
  if (email === null) return { strategy };
  return { strategy, email_address_id: email.id, safe_identifier: email.shown, primary: email.primary };
}

/** The e-mail address that a factor's code goes to, by the text of the factor. Null when nobody owns it. */
export async function recipientOf(
  reader: Reader,
  userId: string | null,
  factor: FirstFactor,
): Promise<EmailAddressRow | null> {
  if (userId === null || factor.email === null) return null;
  const key = factor.email.address.trim().toLowerCase();
  const emails = await reader.list("email_addresses", "by_user", [userId]);
  return emails.find((row) => row.emailAddress === key && isOwned(row)) ?? null;
}

/** An id that an address always has and that tells nothing: the same whether an account has the address or not. */
function concealedId(instanceSecret: string, instanceId: string, key: string): string {
  let round = 0;
  const bytes = (length: number): Uint8Array =>
    createHmac("sha512", Buffer.from(instanceSecret, "hex"))
      .update(`concealed address\0${instanceId}\0${key}\0${round++}`)
      .digest()
      .subarray(0, length);
  return `idn_${randomText(27, { bytes })}`;
}
