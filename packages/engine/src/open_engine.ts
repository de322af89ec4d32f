import type { Engine, EngineSnapshot, HostTransaction, TransactOptions } from "./engine.ts";
import { ConflictError, DatabaseError, EngineClosedError, OutOfRetentionError } from "./errors.ts";
import { backfillIndex } from "./indexes/backfill.ts";
import type { Commits, NewestState } from "./log/commits.ts";
import { Committer, type CommitterParts } from "./log/committer.ts";
import { Dropped } from "./log/dropped.ts";
import { DEFAULT_RETENTION, Retention, type RetentionConfig, type Timers } from "./log/retention.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import type { Persistence, Store } from "./persistence/persistence.ts";
import { Subscriptions } from "./subscriptions/subscriptions.ts";
import { CatalogHistory } from "./tables/catalog_history.ts";
import { loadCatalog } from "./tables/catalog_image.ts";
import type { Timestamp } from "./timestamp.ts";
import { DEFAULT_LIMITS, SYSTEM_LIMITS, type TransactionLimits } from "./transaction/limits.ts";
import { Overlay } from "./transaction/overlay.ts";
import { snapshotTransaction } from "./transaction/snapshot_transaction.ts";
import { type Randomness, Transaction } from "./transaction/transaction.ts";

/** What an engine is opened with, wherever its transactions are committed. */
export interface EngineSettings {
  readonly clock: { nowMicroseconds(): Timestamp };
  readonly random: Randomness;
  readonly timers: Timers;
  /** For host transactions that are not the system's own. */
  readonly limits?: TransactionLimits;
  readonly retention?: Partial<RetentionConfig>;
  /** An invariant is broken, nothing more is written: report and end the process. */
  readonly fatal: (error: unknown) => void;
  /** Something went wrong that repairs itself. Default: nothing is said. */
  readonly warn?: (message: string, cause: unknown) => void;
}

export interface EngineParts extends EngineSettings {
  readonly persistence: Persistence;
}

/** What whoever commits is given by the engine. */
export type CommitsParts = Pick<CommitterParts, "head" | "catalog" | "window" | "durable" | "fatal">;

/** For how long commits are remembered for validation and late subscribers: 10 s, in microseconds. */
export const REMEMBERED = 10_000_000;

/** After so many lost attempts a host transaction gives up; only bodies that wait for something can lose twice. */
const MAX_ATTEMPTS = 50;

/** Opens the database that `persistence` holds; an empty one is a database without tables. */
export function openEngine(parts: EngineParts): Promise<Engine> {
  const { persistence, clock } = parts;
  return openEngineOver(parts, persistence, (given) => new Committer({ ...given, persistence, clock }));
}

/** As {@link openEngine}, with transactions committed by whatever `openCommits` makes. */
export async function openEngineOver(
  parts: EngineSettings,
  store: Store,
  openCommits: (parts: CommitsParts) => Commits,
): Promise<Engine> {
  const { clock, random, timers, fatal } = parts;
  const head = await store.head();
  const catalog = await loadCatalog(store, head);
  const history = new CatalogHistory(catalog);
  const subscriptions = new Subscriptions();
  const listeners = new Set<(ts: Timestamp) => void>();
  const waiters = new Set<{ ts: Timestamp; resolve: () => void; reject: (error: Error) => void }>();
  const dropped = new Dropped(catalog, head);
  const retention = new Retention({
    store,
    config: { ...DEFAULT_RETENTION, ...parts.retention },
    clock,
    timers,
    head,
    dropped,
    warn: parts.warn ?? (() => {}),
  });

  const commits = openCommits({
    head,
    catalog,
    window: REMEMBERED,
    fatal,
    durable(batch, ts) {
      history.advance(batch, commits.durableCatalog);
      dropped.advance(commits.durableCatalog, ts);
      history.forget(retention.horizon);
      retention.advanced(ts);
      for (const waiter of waiters) {
        if (waiter.ts > ts) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
      subscriptions.publish(batch);
      for (const listener of [...listeners]) listener(ts);
    },
  });

  /** Runs `body` once, on what is on disk or, after a conflict, on the newest state there is. */
  async function attempt<T>(
    options: TransactOptions,
    body: (tx: HostTransaction) => MaybePromise<T>,
    newest: NewestState | null,
  ): Promise<{ value: T; ts: Timestamp } | { conflict: string | null }> {
    const durable = newest?.durable ?? commits.durable;
    let overlay: Overlay | null = null;
    if (newest !== null) {
      overlay = new Overlay();
      for (const writes of newest.afloat) overlay.put(writes.documents, writes.indexEntries);
    }
    const limits = options.limits ?? (options.system ? SYSTEM_LIMITS : (parts.limits ?? DEFAULT_LIMITS));
    const tx = new Transaction({
      namespace: options.namespace ?? "",
      system: options.system ?? false,
      limits,
      base: { reader: store, at: durable },
      overlay,
      catalog: newest?.catalog ?? commits.durableCatalog,
      write: { begin: clock.nowMicroseconds(), random },
    });
    const running = body(tx);
    const value = running instanceof Promise ? await running : running;
    const snapshot = newest?.accepted ?? durable;
    const finished = { ...tx.finish(), snapshot, catalogTs: tx.catalogTs, reads: tx.reads };
    const outcome = await commits.commit(finished, newest?.token);
    return outcome.kind === "committed" ? { value, ts: outcome.ts } : { conflict: outcome.table };
  }

  const engine: Engine = {
    get durable() {
      return commits.durable;
    },

    get catalog() {
      return commits.durableCatalog;
    },

    get oldestSnapshot() {
      return Math.max(retention.horizon, history.oldest);
    },

    snapshot(options = {}): EngineSnapshot {
      const at = options.at ?? commits.durable;
      if (at > commits.durable) {
        throw new DatabaseError(
          "SnapshotInFuture",
          `A snapshot at ${at} is ahead of what is on disk, ${commits.durable}: wait for it first.`,
        );
      }
      const catalogThen = at < retention.horizon ? null : history.at(at);
      if (catalogThen === null) {
        throw new OutOfRetentionError(
          `The state at ${at} is no longer held: the oldest one is ${engine.oldestSnapshot}. Read at a newer one.`,
        );
      }
      return snapshotTransaction(store, catalogThen, at, {
        namespace: options.namespace ?? "",
        limits: SYSTEM_LIMITS,
      });
    },

    async transact(options, body) {
      let table: string | null = null;
      for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
        const result = await (tries === 0
          ? attempt(options, body, null)
          : commits.onNewest((newest) => attempt(options, body, newest)));
        if (!("conflict" in result)) return result;
        table = result.conflict;
      }
      throw new ConflictError(
        `"${options.source}" lost against other transactions ${MAX_ATTEMPTS} times${table === null ? "" : `, last on the table "${table}"`}, and was given up. Make it shorter, or let it touch less.`,
      );
    },

    openLane(news) {
      return commits.openLane(news);
    },

    subscribe(reads, since, changed) {
      const { durable, recent } = commits;
      const late =
        since >= durable
          ? null
          : since < recent.floor
            ? { ts: durable }
            : recent.firstTouching(reads, since, durable);
      if (late === null) return subscriptions.add(reads, since, changed);
      // In this very call: a caller that took the answer for valid in between would serve it at a newer timestamp.
      changed(late.ts);
      return { cancel() {} };
    },

    onDurable(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    waitFor(ts) {
      if (ts <= commits.durable) return Promise.resolve();
      return new Promise((resolve, reject) => waiters.add({ ts, resolve, reject }));
    },

    async backfill(indexId, progress = () => {}) {
      const source = {
        get durable() {
          return commits.durable;
        },
        get catalog() {
          return commits.durableCatalog;
        },
      };
      const isComplete = await backfillIndex(indexId, source, store, progress);
      if (!isComplete) return false;
      const { value } = await engine.transact({ source: "backfill", system: true }, (tx) => {
        const index = tx.catalog.indexById(indexId);
        if (index === null) return false;
        if (index.state === "backfilling") tx.editor.setIndexState(indexId, "ready");
        return true;
      });
      return value;
    },

    async close() {
      await commits.close();
      await retention.close();
      for (const { reject } of waiters) reject(new EngineClosedError("The database was closed."));
      waiters.clear();
      await store.close();
    },
  };
  return engine;
}
