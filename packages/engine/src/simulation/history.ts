import type { Timestamp } from "../timestamp.ts";

/** What a client did and saw, in its own words: keys and values, nothing of the engine's. */
export type Operation =
  /** `null`: nothing was there. A list is read as its elements. */
  | { readonly kind: "read"; readonly key: string; readonly value: Observed }
  /** `null` removes the key. Values are unique over the whole history. */
  | { readonly kind: "write"; readonly key: string; readonly value: number | null }
  | { readonly kind: "append"; readonly key: string; readonly value: number }
  /** Every key of the table whose place lies in `[low, high)`, with its value. */
  | {
      readonly kind: "predicate";
      readonly low: number;
      readonly high: number;
      readonly rows: readonly { readonly key: string; readonly value: number }[];
    };

export type Observed = number | readonly number[] | null;

export type Ending =
  /** The client was told so. */
  | { readonly kind: "committed"; readonly ts: Timestamp }
  /** The client was told that nothing happened. */
  | { readonly kind: "failed" }
  /** The client will never know. */
  | { readonly kind: "unknown" };

export interface RecordedTransaction {
  readonly id: number;
  /** Who ran it, for messages. */
  readonly by: string;
  /** The server it was run on. Another server may lag behind in what it reads. */
  readonly node: number;
  /** Of the attempt that counts; earlier attempts' operations are gone, their values are in `attempted`. */
  readonly operations: readonly Operation[];
  /** Moments on the history's own time line, which no server sees. */
  readonly began: number;
  readonly ended: number;
  readonly ending: Ending;
}

/** Everything that clients did in one run, with when they began and when they knew the outcome. */
export class History {
  readonly #transactions: OpenTransaction[] = [];
  #moment = 0;
  #value = 0;
  readonly #attempted = new Map<number, number>();

  /** A value that nobody has written yet. */
  freshValue(transaction: OpenTransaction): number {
    this.#value++;
    this.#attempted.set(this.#value, transaction.id);
    return this.#value;
  }

  begin(by: string, node = 0): OpenTransaction {
    const transaction = new OpenTransaction(this.#transactions.length, by, node, ++this.#moment);
    this.#transactions.push(transaction);
    return transaction;
  }

  end(transaction: OpenTransaction, ending: Ending): void {
    if (transaction.ending.kind !== "unknown") return;
    transaction.ending = ending;
    transaction.ended = ++this.#moment;
  }

  get transactions(): readonly RecordedTransaction[] {
    return this.#transactions;
  }

  /** Which transaction has tried to write each value, in whichever attempt. */
  get attempted(): ReadonlyMap<number, number> {
    return this.#attempted;
  }
}

export class OpenTransaction implements RecordedTransaction {
  readonly id: number;
  readonly by: string;
  readonly node: number;
  readonly began: number;
  ended = Number.POSITIVE_INFINITY;
  ending: Ending = { kind: "unknown" };
  operations: Operation[] = [];

  constructor(id: number, by: string, node: number, began: number) {
    this.id = id;
    this.by = by;
    this.node = node;
    this.began = began;
  }

  /** A new attempt: what the last one saw does not count. */
  restart(): void {
    this.operations = [];
  }

  record(operation: Operation): void {
    this.operations.push(operation);
  }
}
