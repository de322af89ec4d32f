import { DatabaseError, type DatabaseErrorCode } from "../errors.ts";

/** What one transaction may use (R §2.5). Bytes are those of the size formula (P §4.2). */
export interface TransactionLimits {
  readonly documentsRead: number;
  readonly bytesRead: number;
  /** Distinct stretches of indexes, keys read by id included. */
  readonly databaseQueries: number;
  readonly documentsWritten: number;
  readonly bytesWritten: number;
}

export const DEFAULT_LIMITS: TransactionLimits = {
  documentsRead: 32_000,
  bytesRead: 16 * 1024 * 1024,
  databaseQueries: 4096,
  documentsWritten: 16_000,
  bytesWritten: 16 * 1024 * 1024,
};

/** For the system's own transactions (R §2.5). */
export const SYSTEM_LIMITS: TransactionLimits = {
  documentsRead: Number.POSITIVE_INFINITY,
  bytesRead: Number.POSITIVE_INFINITY,
  databaseQueries: Number.POSITIVE_INFINITY,
  documentsWritten: 40_000,
  bytesWritten: 128 * 1024 * 1024,
};

export type LimitName = keyof TransactionLimits;

const LIMITS: Readonly<Record<LimitName, { code: DatabaseErrorCode; what: string; advice: string }>> = {
  documentsRead: { code: "TooManyDocumentsRead", what: "documents read", advice: "read" },
  bytesRead: { code: "TooManyBytesRead", what: "bytes read", advice: "read" },
  databaseQueries: { code: "TooManyReads", what: "index ranges read", advice: "read" },
  documentsWritten: { code: "TooManyWrites", what: "documents written", advice: "write" },
  bytesWritten: { code: "TooManyBytesWritten", what: "bytes written", advice: "write" },
};

const READ_ADVICE =
  "Consider using smaller limits in your queries, paginating your queries, or using indexed queries with a selective index range expressions.";
const WRITE_ADVICE = "Consider splitting the work over several mutations, each scheduling the next.";

const NAMES = Object.keys(LIMITS) as LimitName[];

/** What a transaction has used so far, checked against what it may use. */
export class UsageMeter {
  readonly used: { -readonly [name in LimitName]: number } = {
    documentsRead: 0,
    bytesRead: 0,
    databaseQueries: 0,
    documentsWritten: 0,
    bytesWritten: 0,
  };
  #limits: TransactionLimits;

  constructor(limits: TransactionLimits) {
    this.#limits = limits;
  }

  /** Absolute bounds of `used` at the moment: those of the transaction, or narrower ones of a nested call. */
  get limits(): TransactionLimits {
    return this.#limits;
  }

  /** Throws the limit's error when `amount` more is too much. */
  add(name: LimitName, amount: number): void {
    const used = this.used[name] + amount;
    this.used[name] = used;
    if (used > this.#limits[name]) throw limitError(name, this.#limits[name]);
  }

  /** How many more documents a scan may bring before it is sure to fail. */
  get documentsLeft(): number {
    return Math.max(0, this.#limits.documentsRead - this.used.documentsRead);
  }

  /** Bounds a nested call by what it may use itself (R §1.9). Answers what to give to `restore`. */
  narrow(own: Partial<TransactionLimits>): TransactionLimits {
    const before = this.#limits;
    const narrowed: { -readonly [name in LimitName]: number } = { ...before };
    for (const name of NAMES) {
      const limit = own[name];
      if (limit !== undefined) narrowed[name] = Math.min(before[name], this.used[name] + limit);
    }
    this.#limits = narrowed;
    return before;
  }

  restore(limits: TransactionLimits): void {
    this.#limits = limits;
  }
}

function limitError(name: LimitName, limit: number): DatabaseError {
  const { code, what, advice } = LIMITS[name];
  return new DatabaseError(
    code,
    `Too many ${what} in a single function execution (limit: ${limit}). ${advice === "read" ? READ_ADVICE : WRITE_ADVICE}`,
  );
}

/** Limits of which more than `share` (0 to 1) is used, for warnings. */
export function nearLimits(
  used: Readonly<Record<LimitName, number>>,
  limits: TransactionLimits,
  share = 0.8,
): readonly {
  readonly name: LimitName;
  readonly what: string;
  readonly used: number;
  readonly limit: number;
}[] {
  if (!NAMES.some((name) => used[name] > limits[name] * share)) return NONE;
  return NAMES.filter((name) => Number.isFinite(limits[name]) && used[name] > limits[name] * share).map(
    (name) => ({ name, what: LIMITS[name].what, used: used[name], limit: limits[name] }),
  );
}

const NONE: readonly never[] = [];
