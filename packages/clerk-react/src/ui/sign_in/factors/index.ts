import type { SignInFirstFactor } from "@tandem/clerk-js";
import { emailCode } from "./email_code.tsx";
import type { FactorKind } from "./factor_kind.ts";
import { password } from "./password.tsx";
import { resetPasswordEmailCode } from "./reset_password_email_code.tsx";

/** The strategies that this user interface knows. One more is one more file and one more line. */
const KINDS: readonly FactorKind[] = [password, emailCode, resetPasswordEmailCode];

/** A factor that the server offers, with the kind that knows how to ask for it. */
export interface OfferedFactor {
  readonly factor: SignInFirstFactor;
  readonly kind: FactorKind;
}

/** The factors that can be asked for here, the preferred one first; among addresses the identifier goes first. */
export function offeredFactors(
  factors: readonly SignInFirstFactor[] | null,
  preference: "password" | "otp",
  identifier: string | null,
): OfferedFactor[] {
  const offered = (factors ?? []).flatMap((factor) => {
    const kind = KINDS.find(({ strategy }) => strategy === factor.strategy);
    return kind === undefined ? [] : [{ factor, kind }];
  });
  const isOther = ({ factor }: OfferedFactor): number =>
    "safeIdentifier" in factor && factor.safeIdentifier === identifier ? 0 : 1;
  return offered.sort(
    (left, right) =>
      left.kind.rank[preference] - right.kind.rank[preference] || isOther(left) - isOther(right),
  );
}

/** What tells the ways of one account apart. */
export function keyOf({ factor }: OfferedFactor): string {
  return "emailAddressId" in factor ? `${factor.strategy} ${factor.emailAddressId}` : factor.strategy;
}
