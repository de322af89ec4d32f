import type {
  CheckAuthorizationParams,
  ReverificationConfig,
  ReverificationLevel,
} from "./types/authorization.ts";

/** What is known of the one who asks. */
export type AuthorizationFacts = {
  userId: string | null | undefined;
  orgId: string | null | undefined;
  orgRole: string | null | undefined;
  orgPermissions: readonly string[] | null | undefined;
  /** Minutes since the first and second factor; -1: never. */
  factorVerificationAge: readonly [number, number] | null | undefined;
  /** The token's `fea`: comma-separated `scope:name`. */
  features: string | undefined;
  /** The token's `pla`. */
  plans: string | undefined;
};

const PRESETS: Record<
  Extract<ReverificationConfig, string>,
  { level: ReverificationLevel; afterMinutes: number }
> = {
  strict_mfa: { level: "multi_factor", afterMinutes: 10 },
  strict: { level: "second_factor", afterMinutes: 10 },
  moderate: { level: "second_factor", afterMinutes: 60 },
  lax: { level: "second_factor", afterMinutes: 1440 },
};

/**
 * Whether everything that is asked holds (F §7.4). Nothing asked, something
 * unknown or malformed: no.
 */
export function isAuthorized(facts: AuthorizationFacts, asked: CheckAuthorizationParams): boolean {
  if (!facts.userId) {
    return false;
  }
  const answers: boolean[] = [];
  if (asked.role !== undefined) {
    answers.push(!!facts.orgId && !!facts.orgRole && inOrg(facts.orgRole) === inOrg(asked.role));
  }
  if (asked.permission !== undefined) {
    answers.push(!!facts.orgId && !!facts.orgPermissions?.includes(inOrg(asked.permission)));
  }
  if (asked.feature !== undefined) {
    answers.push(isEntitled(facts.features, asked.feature));
  }
  if (asked.plan !== undefined) {
    answers.push(isEntitled(facts.plans, asked.plan));
  }
  if (asked.reverification !== undefined) {
    answers.push(isRecent(facts.factorVerificationAge, asked.reverification));
  }
  return answers.length > 0 && answers.every(Boolean);
}

function inOrg(key: string): string {
  return key.startsWith("org:") ? key : `org:${key}`;
}

function isEntitled(claim: string | undefined, asked: string): boolean {
  const [name, scope] = asked.split(":").reverse() as [string, string?];
  const letters =
    scope === undefined ? "ou" : { o: "o", org: "o", organization: "o", u: "u", user: "u" }[scope];
  if (!claim || letters === undefined) {
    return false;
  }
  return claim.split(",").some((entry) => {
    const [scopes, granted] = entry.trim().split(":");
    return granted === name && [...letters].some((letter) => scopes!.includes(letter));
  });
}

function isRecent(age: AuthorizationFacts["factorVerificationAge"], asked: ReverificationConfig): boolean {
  const config = typeof asked === "string" ? PRESETS[asked] : asked;
  if (!age || !config || !(config.afterMinutes > 0)) {
    return false;
  }
  const [first, second] = age;
  const enrolled = second !== -1;
  const recent = (minutes: number): boolean => minutes !== -1 && config.afterMinutes > minutes;
  switch (config.level) {
    case "first_factor":
      return recent(first);
    case "second_factor":
      return recent(enrolled ? second : first);
    case "multi_factor":
      return recent(first) && (!enrolled || recent(second));
    default:
      return false;
  }
}
