/** What a limit counts. */
export type LimitUnit = "bytes" | "milliseconds" | "count";

export interface LimitRule {
  readonly variable: string;
  readonly byDefault: number;
  readonly unit: LimitUnit;
  readonly meaning: string;
}

const rule = (variable: string, byDefault: number, unit: LimitUnit, meaning: string): LimitRule => ({
  variable,
  byDefault,
  unit,
  meaning,
});

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Every limit and time-out of identity with the environment variable that sets it; `tandem config` prints it. */
export const LIMITS = {
  sessionLifetime: rule(
    "TANDEM_SESSION_LIFETIME",
    7 * DAY,
    "milliseconds",
    "A session, however much it is used",
  ),
  sessionInactivity: rule("TANDEM_SESSION_INACTIVITY", 7 * DAY, "milliseconds", "A session that is not used"),
  endedSessionMemory: rule(
    "TANDEM_ENDED_SESSION_MEMORY",
    30 * DAY,
    "milliseconds",
    "A session that has ended is still listed",
  ),
  auditMemory: rule(
    "TANDEM_AUDIT_MEMORY",
    365 * DAY,
    "milliseconds",
    "A line of the audit log; 0 keeps it for ever",
  ),
  sweepInterval: rule(
    "TANDEM_SWEEP_INTERVAL",
    1 * MINUTE,
    "milliseconds",
    "Between two sweeps of what is over",
  ),
  clientLifetime: rule("TANDEM_CLIENT_LIFETIME", 400 * DAY, "milliseconds", "A browser's cookie"),
  handshakeLifetime: rule(
    "TANDEM_HANDSHAKE_LIFETIME",
    1 * MINUTE,
    "milliseconds",
    "A handshake that the app's server has not fetched",
  ),
  sessionTokenLifetime: rule("TANDEM_SESSION_TOKEN_LIFETIME", 60 * SECOND, "milliseconds", "A session token"),
  attemptLifetime: rule(
    "TANDEM_ATTEMPT_LIFETIME",
    1 * DAY,
    "milliseconds",
    "A sign-in or sign-up that is not finished",
  ),
  codeLifetime: rule("TANDEM_CODE_LIFETIME", 10 * MINUTE, "milliseconds", "A code sent by e-mail"),
  codeAttempts: rule("TANDEM_CODE_ATTEMPTS", 5, "count", "Wrong attempts with one code"),
  codeInterval: rule("TANDEM_CODE_INTERVAL", 30 * SECOND, "milliseconds", "Between two codes to one address"),
  lockoutAttempts: rule(
    "TANDEM_LOCKOUT_ATTEMPTS",
    100,
    "count",
    "Wrong attempts before an account is locked",
  ),
  lockoutDuration: rule("TANDEM_LOCKOUT_DURATION", 1 * HOUR, "milliseconds", "For how long it is locked"),
  createsPerWindow: rule(
    "TANDEM_CREATES_PER_10S",
    20,
    "count",
    "Sign-ins and sign-ups begun from one address in 10 s",
  ),
  handshakesPerWindow: rule(
    "TANDEM_HANDSHAKES_PER_10S",
    100,
    "count",
    "Handshakes of browsers at one address in 10 s",
  ),
  attemptsPerWindow: rule("TANDEM_ATTEMPTS_PER_10S", 30, "count", "Attempts from one address in 10 s"),
  backendRequestsPerWindow: rule(
    "TANDEM_BACKEND_API_PER_10S",
    1000,
    "count",
    "Backend API requests of one key in 10 s",
  ),
  hashThreads: rule(
    "TANDEM_HASH_THREADS",
    0,
    "count",
    "Threads that hash passwords; 0 chooses by the machine's cores",
  ),
  hashMemory: rule("TANDEM_HASH_MEMORY", 19 * 1024 * 1024, "bytes", "Memory of one password hash (argon2id)"),
  hashPasses: rule("TANDEM_HASH_PASSES", 2, "count", "Passes of one password hash (argon2id)"),
  hashQueue: rule("TANDEM_HASH_QUEUE", 500, "count", "Password hashes that wait"),
  hashIdle: rule(
    "TANDEM_HASH_IDLE",
    20 * SECOND,
    "milliseconds",
    "A thread that hashes passwords is kept without work",
  ),
  mailTimeout: rule("TANDEM_MAIL_TIMEOUT", 10 * SECOND, "milliseconds", "The mail server's answer"),
  inboxMessages: rule("TANDEM_INBOX_MESSAGES", 200, "count", "Messages that the development inbox keeps"),
  bodyBytes: rule("TANDEM_IDENTITY_BODY", 256 * 1024, "bytes", "The body of a request"),
  signingKeyMemory: rule(
    "TANDEM_SIGNING_KEY_MEMORY",
    2 * DAY,
    "milliseconds",
    "A retired signing key is still published",
  ),
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof LIMITS;
export type Limits = { readonly [name in LimitName]: number };

/** The limits as the environment sets them. Throws, naming the variable, on what is no whole number. */
export function readLimits(environment: Record<string, string | undefined>): Limits {
  const entries = Object.entries(LIMITS).map(([name, { variable, byDefault }]) => {
    const text = environment[variable];
    if (text === undefined || text === "") return [name, byDefault];
    if (!/^\d+$/.test(text)) {
      throw new Error(`${variable} is "${text}": give a whole number.`);
    }
    return [name, Number(text)];
  });
  return Object.fromEntries(entries) as Limits;
}
