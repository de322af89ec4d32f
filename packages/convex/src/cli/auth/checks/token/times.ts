import type { AuthInfo } from "@tandem/protocol";
import type { ClockReading } from "../../clock_reading.ts";
import { type Finding, fault, warning } from "../../finding.ts";
import type { Claims } from "./claims.ts";
import { getTemplateToken } from "./remedy.ts";

/** Is it valid now by the deployment's clock, which is `clock` ahead of `here` (milliseconds since 1970)? */
export function checkTimes(
  { exp, nbf, iat }: Claims,
  provider: AuthInfo | undefined,
  clock: ClockReading | undefined,
  here: number,
): Finding[] {
  const earliest = (here + (clock?.least ?? 0)) / 1000;
  const latest = (here + (clock?.most ?? 0)) / 1000;
  const by = `by the deployment's clock`;
  if (typeof exp !== "number" || typeof iat !== "number") {
    return [
      fault("token_without_times", "The token does not say when it was issued and expires (`iat`, `exp`).", {
        remedy: getTemplateToken,
      }),
    ];
  }
  if (earliest >= exp) {
    return [
      fault("token_expired", `The token has expired ${duration(earliest - exp)} ago, ${by}.`, {
        meaning: "Tokens of a session live for about a minute.",
        remedy: "Copy a fresh one. If it is fresh, set the clocks right.",
      }),
    ];
  }
  const begins = Math.max(typeof nbf === "number" ? nbf : 0, iat);
  if (begins > latest) {
    const text = `The token becomes valid only in ${duration(begins - latest)}, ${by}.`;
    const remedy = "Let the machine whose time is wrong set its clock by the network (NTP).";
    // Of an OpenID Connect token only the expiry counts (P §5.3); others may be 5 s early (P §5.4).
    const isRefused = provider?.type === "customJwt" && begins - latest > 5;
    return [
      isRefused
        ? fault("token_not_yet_valid", text, { meaning: "The deployment refuses it until then.", remedy })
        : warning("token_not_yet_valid", text, {
            meaning: "The deployment takes it all the same, but the issuer's clock is ahead of its own.",
            remedy,
          }),
    ];
  }
  if (exp - iat <= 2) {
    return [
      fault("token_short_lived", `The token lives for ${exp - iat} s.`, {
        meaning: "The client takes only tokens that live for more than 2 s.",
        remedy: "Raise the lifetime of the JWT template; 60 s is usual.",
      }),
    ];
  }
  return [];
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} minutes` : `${Math.round(whole / 3600)} hours`;
}
