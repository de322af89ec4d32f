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

const MiB = 1024 * 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/**
 * Every limit and time-out of the backend with the environment variable that sets it. The defaults are the
 * documented numbers (P §1.2, §1.5, §4.2; R §2.5) where there are such. `tandem config` prints this table.
 */
export const LIMITS = {
  functionUserTime: rule(
    "TANDEM_FUNCTION_USER_TIME",
    1 * SECOND,
    "milliseconds",
    "A query's or mutation's own JavaScript",
  ),
  functionTotalTime: rule(
    "TANDEM_FUNCTION_TOTAL_TIME",
    15 * SECOND,
    "milliseconds",
    "A query or mutation with its database calls",
  ),
  actionTime: rule("TANDEM_ACTION_TIME", 30 * MINUTE, "milliseconds", "An action"),
  functionHeap: rule("TANDEM_FUNCTION_HEAP", 64 * MiB, "bytes", "Memory of a function"),
  documentsRead: rule("TANDEM_DOCUMENTS_READ", 32_000, "count", "Documents read by one query or mutation"),
  bytesRead: rule("TANDEM_BYTES_READ", 16 * MiB, "bytes", "Documents read by one query or mutation"),
  indexRanges: rule("TANDEM_INDEX_RANGES", 4096, "count", "Calls of get and query in one query or mutation"),
  documentsWritten: rule("TANDEM_DOCUMENTS_WRITTEN", 16_000, "count", "Documents written by one mutation"),
  bytesWritten: rule("TANDEM_BYTES_WRITTEN", 16 * MiB, "bytes", "Documents written by one mutation"),
  concurrentActions: rule("TANDEM_CONCURRENT_ACTIONS", 64, "count", "Actions running at once"),
  readLanes: rule(
    "TANDEM_READ_LANES",
    0,
    "count",
    "Threads that run queries; 0 chooses by the machine's cores",
  ),
  queuedMutations: rule("TANDEM_SOCKET_MUTATIONS", 1000, "count", "Mutations of one socket that wait"),
  inflightActions: rule("TANDEM_SOCKET_ACTIONS", 1000, "count", "Actions of one socket that run"),
  unsentTransitions: rule(
    "TANDEM_SOCKET_TRANSITIONS",
    2,
    "count",
    "Transitions of one socket that lie unsent",
  ),
  chunkBytes: rule("TANDEM_TRANSITION_CHUNK", 5_000_000, "bytes", "A part of a large transition"),
  frameBytes: rule("TANDEM_FRAME_SIZE", 64 * MiB, "bytes", "A frame that a socket accepts"),
  heartbeat: rule(
    "TANDEM_HEARTBEAT",
    15 * SECOND,
    "milliseconds",
    "Silence before a socket gets a ping message",
  ),
  socketPing: rule("TANDEM_SOCKET_PING", 5 * SECOND, "milliseconds", "Between WebSocket pings"),
  socketTimeout: rule(
    "TANDEM_SOCKET_TIMEOUT",
    120 * SECOND,
    "milliseconds",
    "Silence after which a socket is given up",
  ),
  catchUp: rule(
    "TANDEM_CATCH_UP",
    5 * SECOND,
    "milliseconds",
    "Wait for a timestamp that a client has seen elsewhere",
  ),
  queryCache: rule("TANDEM_QUERY_CACHE", 32 * MiB, "bytes", "Query results kept without a watcher"),
  timeDependentResult: rule(
    "TANDEM_TIME_DEPENDENT_RESULT",
    17 * SECOND,
    "milliseconds",
    "Age of a kept result that looked at the clock",
  ),
  logEntries: rule("TANDEM_LOG_ENTRIES", 1000, "count", "Executions kept for the log stream"),
  logPoll: rule("TANDEM_LOG_POLL", 60 * SECOND, "milliseconds", "A poll of the log stream"),
  httpTimeout: rule(
    "TANDEM_HTTP_TIMEOUT",
    300 * SECOND,
    "milliseconds",
    "An HTTP request to the function API",
  ),
  httpBody: rule("TANDEM_HTTP_BODY", 16 * MiB + 2000, "bytes", "Body of a call of the function API"),
  pushBody: rule("TANDEM_PUSH_BODY", 200 * MiB, "bytes", "Body of a push"),
  echoBody: rule("TANDEM_ECHO_BODY", 128 * MiB, "bytes", "Body of /echo"),
  providerTimeout: rule(
    "TANDEM_PROVIDER_TIMEOUT",
    10 * SECOND,
    "milliseconds",
    "Fetching a provider's discovery document or keys",
  ),
  retention: rule("TANDEM_RETENTION", 45 * SECOND, "milliseconds", "How far back snapshots can be read"),
  requestMemory: rule(
    "TANDEM_REQUEST_MEMORY",
    14 * 24 * 60 * MINUTE,
    "milliseconds",
    "How long a mutation's result is remembered for resends",
  ),
  environmentVariables: rule("TANDEM_ENV_COUNT", 512, "count", "Environment variables of a deployment"),
  environmentValue: rule("TANDEM_ENV_VALUE", 8192, "bytes", "Value of an environment variable"),
} as const satisfies Record<string, LimitRule>;

export type LimitName = keyof typeof LIMITS;
export type Limits = { readonly [name in LimitName]: number };

/** The limits in force: defaults, or what the variables say. Throws with the variable's name when one is no number. */
export function readLimits(variables: Readonly<Record<string, string | undefined>>): Limits {
  const entries = Object.entries(LIMITS).map(([name, { variable, byDefault, unit }]) => {
    const text = variables[variable];
    if (text === undefined || text === "") {
      return [name, byDefault];
    }
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) {
      throw new Error(
        `${variable} is "${text}": give a number of ${unit === "count" ? "things" : unit}, 0 or more.`,
      );
    }
    return [name, value];
  });
  return Object.fromEntries(entries) as Limits;
}
