import { type ClockReading, certainDifference } from "../clock_reading.ts";
import type { Examination } from "../examination.ts";
import { type Finding, fault, good, warning } from "../finding.ts";
import { issuerOf } from "../provider.ts";
import type { IssuerVisit } from "./issuer.ts";

const noticeableMs = 5000;
const harmfulMs = 60_000;

/** Do the clocks of the issuers, of the deployment and of this machine agree? */
export function checkClocks({ deploymentClock }: Examination, visits: readonly IssuerVisit[]): Finding[] {
  const issuers = visits.flatMap(({ provider, clock }) =>
    clock === undefined ? [] : [{ who: `the issuer ${issuerOf(provider)}`, clock }],
  );
  const findings: Finding[] = [];
  if (deploymentClock !== undefined) {
    findings.push(...compare("the deployment", deploymentClock, "this machine"));
    for (const { who, clock } of issuers) {
      findings.push(...compare(who, clock, "the deployment", deploymentClock));
    }
  }
  for (const { who, clock } of issuers) findings.push(...compare(who, clock, "this machine"));
  if (findings.length > 0 || (issuers.length === 0 && deploymentClock === undefined)) return findings;
  const all = [
    ...(issuers.length === 0 ? [] : [issuers.length === 1 ? "the issuer" : "the issuers"]),
    ...(deploymentClock === undefined ? [] : ["the deployment"]),
  ];
  return [
    good(
      "clocks_agree",
      `The clocks of ${[...all, "this machine"].join(", ").replace(/, ([^,]*)$/, " and $1")} agree.`,
    ),
  ];
}

function compare(who: string, clock: ClockReading, whose: string, other?: ClockReading): Finding[] {
  const difference = certainDifference(clock, other);
  if (difference <= noticeableMs) return [];
  const isAhead = clock.least > (other?.most ?? 0);
  const text = `The clock of ${who} is ${seconds(difference)} ${isAhead ? "ahead of" : "behind"} that of ${whose}.`;
  const about = {
    meaning: "Tokens live for about a minute: by the wrong clock they are over too early, or not valid yet.",
    remedy: "Let the machine whose time is wrong set its clock by the network (NTP).",
  };
  return [difference > harmfulMs ? fault("clock_wrong", text, about) : warning("clock_differs", text, about)];
}

function seconds(milliseconds: number): string {
  return `at least ${Math.floor(milliseconds / 1000)} s`;
}
