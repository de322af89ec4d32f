import type { SessionRow } from "../store/index.ts";

const MINUTE = 60_000;

/** Minutes since the first and the second factor were verified, -1 for never: `fva` and `factor_verification_age`. */
export function factorAges(session: SessionRow, now: number): [number, number] {
  const age = (at: number | null) => (at === null ? -1 : Math.max(0, Math.floor((now - at) / MINUTE)));
  return [age(session.firstFactorVerifiedAt), age(session.secondFactorVerifiedAt)];
}
