import { keyedDigest, sameSecret } from "../digest.ts";
import { type IdentityError, refuse, refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Parts } from "../parts.ts";
import type { Verification } from "../store/index.ts";

/** What test addresses take (F §8.1). */
const TEST_CODE = "424242";

/** Nothing is sent to such an address, and its code is known: for tests, where the instance allows it. */
export function isTestAddress({ settings }: Instance, emailAddress: string): boolean {
  return settings.testMode && /\+clerk_test(?:\+[^@]*)?@/.test(emailAddress);
}

/** A code of six digits, each equally likely. */
export function newCode(
  { seams: { random } }: Pick<Parts, "seams">,
  instance: Instance,
  emailAddress: string,
): string {
  if (isTestAddress(instance, emailAddress)) return TEST_CODE;
  for (;;) {
    const bytes = random.bytes(4);
    const number = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    // The greatest multiple of a million below 2^32: what lies above would favour the first codes.
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, "0");
  }
}

/** A verification that waits for `code`. `subject` is the attempt it belongs to: in another one the code is worth nothing. */
export function awaitCode(
  { instanceSecret, limits }: Pick<Parts, "instanceSecret" | "limits">,
  { code, subject, strategy, now }: { code: string; subject: string; strategy: string; now: number },
): Verification {
  return {
    status: "unverified",
    strategy,
    attempts: 0,
    expireAt: now + limits.codeLifetime,
    codeDigest: codeDigest(instanceSecret, subject, code),
    sentAt: now,
  };
}

/** What came of an attempt: the verification as it is now, and what to tell when it is not verified. */
export interface CodeAttempt<V extends Verification> {
  readonly verification: V;
  readonly refusal: IdentityError | null;
  /** Was a code compared, and found wrong? */
  readonly wrong: boolean;
}

/**
 * Compares a code. Refusals (F §4.5): `verification_missing`, `verification_already_verified`,
 * `verification_expired`, `verification_failed`, `form_code_incorrect`. With `impossible` no code is right.
 */
export function attemptCode<V extends Verification>(
  { instanceSecret, limits }: Pick<Parts, "instanceSecret" | "limits">,
  verification: V | null,
  {
    code,
    subject,
    now,
    impossible = false,
  }: { code: string; subject: string; now: number; impossible?: boolean },
): CodeAttempt<V> {
  if (verification === null || verification.codeDigest === null) {
    if (verification?.status === "verified") throw refuse("verification_already_verified");
    if (verification?.status === "failed") throw refuse("verification_failed");
    if (verification?.status === "expired") throw refuse("verification_expired");
    throw refuse("verification_missing");
  }
  if (verification.expireAt !== null && verification.expireAt <= now) {
    return {
      verification: { ...verification, status: "expired", codeDigest: null },
      refusal: refuse("verification_expired"),
      wrong: false,
    };
  }
  const attempts = verification.attempts + 1;
  const right = sameSecret(verification.codeDigest, codeDigest(instanceSecret, subject, code)) && !impossible;
  if (right) {
    return {
      verification: { ...verification, attempts, status: "verified", codeDigest: null },
      refusal: null,
      wrong: false,
    };
  }
  const failed = attempts >= limits.codeAttempts;
  return {
    verification: failed
      ? { ...verification, attempts, status: "failed", codeDigest: null }
      : { ...verification, attempts },
    refusal: failed ? refuse("verification_failed") : refuseField("form_code_incorrect", "code"),
    wrong: true,
  };
}

function codeDigest(instanceSecret: string, subject: string, code: string): string {
  return keyedDigest(instanceSecret, `code ${subject}`, code);
}
