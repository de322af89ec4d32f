import { keyedDigest } from "../digest.ts";
import { fault, IdentityError, refuseUntil } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import { publicId } from "../public_id.ts";
import type { AddressGuardRow, Reader, Writer } from "../store/index.ts";

type Changes = Partial<Pick<AddressGuardRow, "sentAt" | "failedAttempts" | "lockedUntil">>;

/** What is remembered of an address (in lower case), or null. */
export function guardOf(
  { instanceSecret }: Pick<Parts, "instanceSecret">,
  reader: Reader,
  instance: Instance,
  address: string,
): Promise<AddressGuardRow | null> {
  return reader.first("address_guards", "by_digest", [instance.id, addressDigest(instanceSecret, address)]);
}

/** Remembers something of an address, until it can be of no more use. */
export async function guard(
  { instanceSecret, seams, limits }: Parts,
  tx: Writer,
  instance: Instance,
  address: string,
  changes: Changes,
): Promise<void> {
  const digest = addressDigest(instanceSecret, address);
  const { lockoutDuration, codeLifetime, codeInterval } = limits;
  const expireAt = seams.clock.now() + Math.max(lockoutDuration, codeLifetime, codeInterval);
  const row = await tx.first("address_guards", "by_digest", [instance.id, digest]);
  if (row !== null) {
    await tx.patch("address_guards", row, { ...changes, expireAt });
    return;
  }
  await tx.insert("address_guards", {
    id: publicId("adg", seams.random),
    instanceId: instance.id,
    digest,
    sentAt: null,
    failedAttempts: 0,
    lockedUntil: null,
    ...changes,
    expireAt,
  });
}

/** What a code is for: whoever has just asked for one to sign in may ask for one to reset the password at once. */
export type CodePurpose = "sign_in" | "sign_up" | "reset_password" | "email_address";

/** Where a code goes, and what for. */
export interface CodeTarget {
  readonly address: string;
  readonly purpose: CodePurpose;
}

/**
 * Notes that a code is sent to an address. Counted by the address and not by the attempt: else many attempts begun at
 * once would be as many codes to guess, and as many messages in a stranger's mailbox. Throws
 * `verification_code_too_many_requests` when the last was sent less than `interval` milliseconds ago, or while
 * {@link countWrongCode} has too many.
 */
export async function noteCodeSent(
  parts: Parts,
  tx: Writer,
  instance: Instance,
  target: CodeTarget,
  interval: number,
  now: number,
): Promise<void> {
  const guarded = guardedBy(target);
  const { sentAt = null, lockedUntil = null } = (await guardOf(parts, tx, instance, guarded)) ?? {};
  if (lockedUntil !== null && lockedUntil > now) {
    const text = "There were too many wrong codes for this address. Ask for another one later.";
    const meta = { param_name: "code" };
    const code = "verification_code_too_many_requests";
    throw new IdentityError([fault(code, meta, text)], Math.ceil((lockedUntil - now) / 1000));
  }
  if (sentAt !== null && sentAt + interval > now) {
    throw refuseUntil("verification_code_too_many_requests", (sentAt + interval - now) / 1000);
  }
  await guard(parts, tx, instance, guarded, { sentAt: now });
}

/**
 * Counts a wrong code of an address that nobody has proved to be theirs, where no account counts it. Who goes on
 * guessing gets no more codes for a while, and so has nothing to guess.
 */
export async function countWrongCode(
  parts: Parts,
  tx: Writer,
  instance: Instance,
  target: CodeTarget,
  now: number,
): Promise<void> {
  const { lockoutAttempts, lockoutDuration } = parts.limits;
  const guarded = guardedBy(target);
  const failedAttempts = ((await guardOf(parts, tx, instance, guarded))?.failedAttempts ?? 0) + 1;
  const changes =
    failedAttempts < lockoutAttempts
      ? { failedAttempts }
      : { failedAttempts: 0, lockedUntil: now + lockoutDuration };
  await guard(parts, tx, instance, guarded, changes);
}

/** Takes back a note of {@link noteCodeSent}, for a code that was not sent after all. */
export async function forgetCodeSent(
  parts: Parts,
  tx: Writer,
  instance: Instance,
  { sentAt, ...target }: CodeTarget & { readonly sentAt: number },
): Promise<void> {
  const guarded = guardedBy(target);
  const row = await guardOf(parts, tx, instance, guarded);
  if (row?.sentAt === sentAt) await guard(parts, tx, instance, guarded, { sentAt: null });
}

/** What is remembered of an address by purpose. No address has a space in it. */
function guardedBy({ address, purpose }: CodeTarget): string {
  return `${purpose} ${address}`;
}

function addressDigest(instanceSecret: string, address: string): string {
  return keyedDigest(instanceSecret, "address", address);
}
