import type { Commit } from "../../log/commit.ts";
import type { Timestamp } from "../../timestamp.ts";
import type { History, Observed, Operation, RecordedTransaction } from "../history.ts";
import type { Anomaly, AnomalyKind } from "./anomaly.ts";
import { type Dependency, DependencyGraph } from "./dependency_graph.ts";
import { identityOf, type Version, Versions } from "./versions.ts";

/** A transaction that the log holds, or that read and was answered. */
interface Committed {
  readonly transaction: RecordedTransaction;
  readonly ts: Timestamp;
  readonly writes: boolean;
}

/**
 * Checks a history against the log it left: strict serialisability, by the cycles in its dependency graph, and
 * everything that can be seen in single reads. Answers what is wrong; nothing, when a serial order explains it.
 */
export function checkHistory(history: History, commits: readonly Commit[]): Anomaly[] {
  return new HistoryCheck(history, new Versions(commits)).run();
}

class HistoryCheck {
  readonly #history: History;
  readonly #versions: Versions;
  readonly #anomalies: Anomaly[] = [];
  readonly #committed = new Map<number, Committed>();
  /** By key and value. */
  readonly #position = new Map<string, number>();
  /** Who took a key away, by key and position. */
  readonly #removers = new Map<string, number>();
  readonly #graph = new DependencyGraph();

  constructor(history: History, versions: Versions) {
    this.#history = history;
    this.#versions = versions;
    for (const key of versions.keys) {
      for (const [position, { value }] of versions.of(key).entries()) {
        const identity = identityOf(value);
        if (identity !== null) this.#position.set(`${key}=${identity}`, position);
      }
    }
  }

  run(): Anomaly[] {
    for (const transaction of this.#history.transactions) this.#settle(transaction);
    this.#listsAgree();
    this.#orderWrites();
    for (const committed of this.#committed.values()) this.#reads(committed);
    this.#orderInTime();
    this.#cycles();
    return this.#anomalies;
  }

  #found(kind: AnomalyKind, text: string, ...transactions: RecordedTransaction[]): void {
    this.#anomalies.push({ kind, text: [text, ...transactions.map(describe)].join("\n  ") });
  }

  /** Finds out whether a transaction happened, and whether its client was told the truth about it. */
  #settle(transaction: RecordedTransaction): void {
    const { ending } = transaction;
    const finals = finalWrites(transaction.operations);
    const at = ending.kind === "committed" ? ending.ts : this.#firstInstalled(finals);
    const installed: Timestamp[] = [];
    const missing: string[] = [];
    for (const [key, value] of finals) {
      const ts = this.#installed(key, value, at);
      if (ts === null) missing.push(`${key}=${value}`);
      else installed.push(ts);
    }
    switch (ending.kind) {
      case "failed":
        // A removal carries no value of its own, so that it may be somebody else's.
        for (const [key, value] of finals) {
          if (value === null || this.#installed(key, value, null) === null) continue;
          this.#found(
            "resurrected write",
            `${key}=${value} is in the log although it was refused.`,
            transaction,
          );
        }
        return;
      case "committed":
        if (missing.length > 0) {
          this.#found("lost write", `Not in the log: ${missing.join(", ")}.`, transaction);
          return;
        }
        break;
      case "unknown":
        // Did it happen? Its values tell; a removal alone might be somebody else's.
        if (at === null) return;
        if (missing.length > 0) {
          this.#found(
            "lost write",
            `Only a part is in the log, missing: ${missing.join(", ")}.`,
            transaction,
          );
          return;
        }
        break;
      default:
        ending satisfies never;
    }
    const ts = at!;
    for (const other of installed) {
      if (other === ts) continue;
      this.#found("timestamp order", `Told of ${ts}, but in the log at ${other}.`, transaction);
    }
    this.#committed.set(transaction.id, { transaction, ts, writes: finals.size > 0 });
    for (const [key, value] of finals) {
      if (value !== null) continue;
      this.#removers.set(`${key}@${this.#versions.positionAt(key, ts)}`, transaction.id);
    }
  }

  /** When the log has it that `key` became `value`; a removal only counts `at` that moment. */
  #installed(key: string, value: number | null, at: Timestamp | null): Timestamp | null {
    const versions = this.#versions.of(key);
    if (value === null)
      return versions.some((version) => version.value === null && version.ts === at) ? at : null;
    const position = this.#position.get(`${key}=${value}`);
    return position === undefined ? null : versions[position]!.ts;
  }

  #firstInstalled(finals: ReadonlyMap<string, number | null>): Timestamp | null {
    for (const [key, value] of finals) {
      const ts = value === null ? null : this.#installed(key, value, null);
      if (ts !== null) return ts;
    }
    return null;
  }

  /** Of all lists that were read, each must be the beginning of the final one. */
  #listsAgree(): void {
    for (const { transaction } of this.#committed.values()) {
      for (const operation of transaction.operations) {
        if (operation.kind !== "read" || !Array.isArray(operation.value)) continue;
        const longest = this.#longestList(operation.key);
        const seen = operation.value as readonly number[];
        if (seen.every((element, i) => element === longest[i])) continue;
        const strange = seen.find((element, i) => element !== longest[i])!;
        const writer = this.#history.attempted.get(strange);
        const isOwn = writer === transaction.id;
        if (isOwn) continue;
        const isCommitted = writer !== undefined && this.#committed.has(writer);
        this.#found(
          isCommitted ? "lost update" : "aborted read",
          `${operation.key} was read as [${seen}], but came to be [${longest}].`,
          transaction,
        );
      }
    }
  }

  #longestList(key: string): readonly number[] {
    const versions = this.#versions.of(key);
    const last = versions[versions.length - 1]!.value;
    return Array.isArray(last) ? (last as readonly number[]) : [];
  }

  #writer(key: string, position: number): number | null {
    const value = identityOf(this.#versions.of(key)[position]!.value);
    const id = value === null ? this.#removers.get(`${key}@${position}`) : this.#history.attempted.get(value);
    return id === undefined || !this.#committed.has(id) ? null : id;
  }

  #orderWrites(): void {
    for (const key of this.#versions.keys) {
      const count = this.#versions.of(key).length;
      for (let position = 2; position < count; position++) {
        const earlier = this.#writer(key, position - 1);
        const later = this.#writer(key, position);
        if (earlier !== null && later !== null) this.#graph.add(earlier, later, "ww", key);
      }
    }
  }

  #reads({ transaction, ts, writes }: Committed): void {
    const own = new Map<string, Observed>();
    const at = writes ? ts - 1 : ts;
    for (const operation of transaction.operations) {
      switch (operation.kind) {
        case "write":
          own.set(operation.key, operation.value);
          break;
        case "append": {
          const { key } = operation;
          const before = own.get(key) ?? this.#versions.of(key)[this.#versions.positionAt(key, at)]!.value;
          own.set(key, [...(Array.isArray(before) ? before : []), operation.value]);
          break;
        }
        case "read":
          if (own.has(operation.key)) {
            if (identityOf(own.get(operation.key)!) === identityOf(operation.value)) break;
            this.#found("own write unseen", `${operation.key} was read as ${operation.value}.`, transaction);
            break;
          }
          this.#readKey(transaction, operation.key, operation.value, at);
          break;
        case "predicate":
          this.#readPredicate(transaction, operation, own, at);
          break;
        default:
          operation satisfies never;
      }
    }
  }

  #readKey(transaction: RecordedTransaction, key: string, value: Observed, at: Timestamp): void {
    const position = this.#seenPosition(transaction, key, value, at);
    if (position === null) return;
    this.#depend(transaction, key, position, "rw");
    if (position === this.#versions.positionAt(key, at)) return;
    const expected = this.#versions.of(key)[this.#versions.positionAt(key, at)]!.value;
    this.#found("timestamp order", `${key} was read as ${value}, at ${at} it was ${expected}.`, transaction);
  }

  /** Which version was read; `null`, with the reason reported, when it is none. */
  #seenPosition(
    transaction: RecordedTransaction,
    key: string,
    value: Observed,
    at: Timestamp,
  ): number | null {
    const identity = identityOf(value);
    if (identity === null) return this.#absentPosition(key, at, (version) => version.value === null);
    const position = this.#position.get(`${key}=${identity}`);
    if (position !== undefined) return position;
    const writer = this.#history.attempted.get(identity);
    if (writer === undefined) {
      this.#found("garbage read", `${key} was read as ${value}, which nobody has written.`, transaction);
      return null;
    }
    const kind = this.#committed.has(writer) ? "intermediate read" : "aborted read";
    this.#found(kind, `${key} was read as ${value}.`, transaction, this.#history.transactions[writer]!);
    return null;
  }

  /** The version that "not there" refers to: of several, the one that speaks best for the reader. */
  #absentPosition(key: string, at: Timestamp, isAbsent: (version: Version) => boolean): number {
    const versions = this.#versions.of(key);
    for (let position = this.#versions.positionAt(key, at); position >= 0; position--) {
      if (isAbsent(versions[position]!)) return position;
    }
    return 0;
  }

  #readPredicate(
    transaction: RecordedTransaction,
    { low, high, rows }: Extract<Operation, { kind: "predicate" }>,
    own: ReadonlyMap<string, Observed>,
    at: Timestamp,
  ): void {
    const seen = new Map<string, number>();
    for (const { key, value } of rows) {
      if (seen.has(key)) this.#found("garbage read", `A range held ${key} twice.`, transaction);
      seen.set(key, value);
    }
    const isIn = (place: number | null) => place !== null && place >= low && place < high;
    const keys = new Set<string>(seen.keys());
    for (const key of this.#versions.keys) {
      if (this.#versions.of(key).some(({ place }) => isIn(place))) keys.add(key);
    }
    for (const key of keys) {
      const value = seen.get(key) ?? null;
      if (own.has(key)) {
        const mine = own.get(key)!;
        // Where its own row stands now, the transaction alone knows; its value must be the one it wrote.
        if (value !== null && value !== mine) {
          this.#found("own write unseen", `${key} was read as ${value} in [${low}, ${high}).`, transaction);
        }
        continue;
      }
      const versions = this.#versions.of(key);
      const current = this.#versions.positionAt(key, at);
      let position: number | null;
      if (value === null) {
        position = this.#absentPosition(key, at, (version) => !isIn(version.place));
      } else {
        position = this.#seenPosition(transaction, key, value, at);
      }
      if (position === null) continue;
      const shown = isIn(versions[current]!.place) ? versions[current]!.value : null;
      if (identityOf(shown) !== value) {
        this.#found(
          "timestamp order",
          `${key} was read as ${value} in [${low}, ${high}), at ${at} it was ${shown}.`,
          transaction,
        );
      }
      // The first later version that the predicate would have shown differently.
      let next = position + 1;
      while (value === null && next < versions.length && !isIn(versions[next]!.place)) next++;
      if (next >= versions.length) {
        if (value !== null) this.#depend(transaction, key, position, "rw");
        continue;
      }
      const changesPresence = (value === null) !== !isIn(versions[next]!.place);
      if (value !== null) this.#readFrom(transaction, key, position);
      const writer = this.#writer(key, next);
      if (writer !== null) {
        this.#graph.add(transaction.id, writer, changesPresence ? "rw-predicate" : "rw", key);
      }
    }
  }

  #depend(transaction: RecordedTransaction, key: string, position: number, kind: "rw"): void {
    this.#readFrom(transaction, key, position);
    if (position + 1 >= this.#versions.of(key).length) return;
    const overwriter = this.#writer(key, position + 1);
    if (overwriter !== null) this.#graph.add(transaction.id, overwriter, kind, key);
  }

  #readFrom(transaction: RecordedTransaction, key: string, position: number): void {
    if (position === 0) return;
    const writer = this.#writer(key, position);
    if (writer !== null) this.#graph.add(writer, transaction.id, "wr", key);
  }

  /** Who began after somebody's end was known comes behind them. */
  #orderInTime(): void {
    const all = [...this.#committed.values()];
    for (const { transaction: earlier } of all) {
      if (earlier.ending.kind !== "committed") continue;
      for (const { transaction: later, writes } of all) {
        if (earlier.ended >= later.began) continue;
        // What only reads may lag behind other servers' commits.
        if (writes || earlier.node === later.node) this.#graph.add(earlier.id, later.id, "realtime", "");
      }
    }
  }

  #cycles(): void {
    const report = (kind: AnomalyKind, cycle: readonly Dependency[]) => {
      const path = cycle
        .map(({ from, kind: edge, key, to }) => `#${from} -${edge} ${key}-> #${to}`)
        .join(", ");
      this.#found(kind, path, ...cycle.map(({ from }) => this.#history.transactions[from]!));
    };
    const lost = this.#graph.lostUpdates();
    for (const cycle of lost) report("lost update", cycle);
    const circles = this.#graph.cycles(["ww", "wr"]);
    for (const cycle of circles) report("circular information flow", cycle);
    const items = this.#graph.cycles(["ww", "wr", "rw"]);
    for (const cycle of items) {
      const overtaken = cycle.filter(({ kind }) => kind === "rw").length;
      if (overtaken > 0) report(overtaken === 1 ? "read skew" : "write skew", cycle);
    }
    const predicates = this.#graph.cycles(["ww", "wr", "rw", "rw-predicate"]);
    for (const cycle of predicates) {
      if (cycle.some(({ kind }) => kind === "rw-predicate")) report("phantom", cycle);
    }
    if (lost.length + circles.length + items.length + predicates.length > 0) return;
    const timed = this.#graph.cycles(["ww", "wr", "rw", "rw-predicate", "realtime"]);
    for (const cycle of timed) report("stale read", cycle);
  }
}

/** What each key was left as; a list's is its last element. */
function finalWrites(operations: readonly Operation[]): Map<string, number | null> {
  const finals = new Map<string, number | null>();
  for (const operation of operations) {
    if (operation.kind === "write" || operation.kind === "append") finals.set(operation.key, operation.value);
  }
  return finals;
}

function describe({ id, by, node, operations, ending }: RecordedTransaction): string {
  const said = operations.map((operation) => {
    switch (operation.kind) {
      case "read":
        return `read ${operation.key}=${operation.value === null ? "nothing" : `[${operation.value}]`}`;
      case "write":
        return `wrote ${operation.key}=${operation.value ?? "nothing"}`;
      case "append":
        return `appended ${operation.value} to ${operation.key}`;
      case "predicate":
        return `saw ${operation.rows.map(({ key, value }) => `${key}=${value}`).join(" ") || "nothing"} in [${operation.low}, ${operation.high})`;
      default:
        return operation satisfies never;
    }
  });
  const outcome = ending.kind === "committed" ? `committed at ${ending.ts}` : ending.kind;
  return `#${id} (${by}, node ${node}, ${outcome}): ${said.join("; ")}`;
}
