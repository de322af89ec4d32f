import type { Verification } from "../store/index.ts";

/** A verification as pages see it (F §4.5): nothing of its code. */
export function verificationJson(verification: Verification, now: number) {
  const { status, strategy, attempts, expireAt } = verification;
  const expired = status === "unverified" && expireAt !== null && expireAt <= now;
  return {
    object: objectOf(strategy),
    status: expired ? ("expired" as const) : status,
    strategy,
    attempts,
    expire_at: expireAt,
  };
}

function objectOf(strategy: string): string {
  switch (strategy) {
    case "password":
      return "verification_password";
    case "ticket":
      return "verification_ticket";
    case "admin":
      return "verification_admin";
    default:
      return "verification_otp";
  }
}
