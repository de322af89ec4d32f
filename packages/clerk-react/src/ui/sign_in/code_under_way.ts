import type { SignInResource } from "@tandem/clerk-js";

/**
 * Whether a code of this strategy has been sent and may still be entered: then reloading the page, or coming back to
 * it, sends no second one.
 */
export function codeIsUnderWay(signIn: SignInResource, strategy: string): boolean {
  const { firstFactorVerification: verification } = signIn;
  return (
    verification.strategy === strategy &&
    verification.status === "unverified" &&
    verification.expireAt !== null &&
    verification.expireAt.getTime() > Date.now()
  );
}
