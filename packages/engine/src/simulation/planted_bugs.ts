import type { AnomalyKind } from "./checkers/anomaly.ts";
import type { PlantedBug } from "./planted_bug.ts";

export interface EngineBug extends PlantedBug {
  /** At least one of these must be among what the checkers find. */
  readonly shows: readonly AnomalyKind[];
}

const at = (path: string) => new URL(`../${path}`, import.meta.url);

/** Bugs that databases have had, one change of one line each. */
export const ENGINE_BUGS: readonly EngineBug[] = [
  {
    name: "host transactions commit without a look at what they have read",
    file: at("log/committer.ts"),
    find: "if (overtaken !== null) return Promise.resolve(this.#conflict(overtaken));",
    replace: "void overtaken;",
    shows: ["lost update", "write skew"],
  },
  {
    name: "single keys are validated, but not ranges",
    file: at("transaction/read_set.ts"),
    find: "for (const range of index.ranges) {",
    replace: "for (const range of [] as typeof index.ranges) {",
    shows: ["phantom"],
  },
  {
    name: "ranges are validated, but not single keys",
    file: at("transaction/read_set.ts"),
    find: "if (index.points.has(key)) return true;",
    replace: "",
    shows: ["lost update", "write skew"],
  },
  {
    name: "a scan that found nothing leaves no read behind",
    file: at("transaction/read_transaction.ts"),
    find: "    if (found.length < wanted) {\n      this.#recordRange(indexId, asked, order);",
    replace:
      "    if (found.length < wanted) {\n      if (found.length > 0) this.#recordRange(indexId, asked, order);",
    shows: ["phantom", "missed change"],
  },
  {
    name: "commits are acknowledged before they are on disk",
    file: at("log/committer.ts"),
    find: "appending = this.#parts.persistence.append(this.#durable, commits);",
    replace:
      "void this.#parts.persistence.append(this.#durable, commits).catch(() => {});\n      appending = Promise.resolve({ appended: true });",
    shows: ["lost write", "stale read"],
  },
  {
    name: "lanes do not hear of commits from outside",
    file: at("log/committer.ts"),
    find: 'if (other !== lane) other.tell({ kind: "foreign", sequence, ts, writes });',
    replace: "void other;",
    shows: ["lost update", "write skew", "stale read"],
  },
  {
    name: "a lane keeps what was refused in its overlay",
    file: at("transaction/lane_view.ts"),
    find: 'commit.kind === "own" && commit.epoch <= epoch && commit.laneSequence >= laneSequence,',
    replace: "commit.epoch === -1,",
    shows: ["aborted read"],
  },
  {
    name: "after a failed append a lane keeps what an earlier epoch had on its way to disk",
    file: at("transaction/lane_view.ts"),
    find: "commit.epoch <= epoch",
    replace: "commit.epoch === epoch",
    shows: ["aborted read"],
  },
  {
    name: "a lane keeps foreign commits that were withdrawn",
    file: at("transaction/lane_view.ts"),
    find: 'this.#drop((commit) => commit.kind === "foreign" && gone.has(commit.sequence));',
    replace: "void gone;",
    shows: ["aborted read", "lost update"],
  },
  {
    name: "a transaction that read commits afloat is kept when they are dropped",
    file: at("log/committer.ts"),
    find: 'if (drops !== this.#drops) return Promise.resolve({ kind: "conflict", table: null });',
    replace: "void drops;",
    shows: ["aborted read"],
  },
  {
    name: "transactions of another thread are validated from when they arrive",
    file: at("database_thread/database_host.ts"),
    find: "return this.#committer.commit(transaction).then(",
    replace: "return this.#committer.commit({ ...transaction, snapshot: this.#committer.durable }).then(",
    shows: ["lost update", "write skew"],
  },
  {
    name: "another thread does not hear of every commit",
    file: at("database_thread/remote_commits.ts"),
    find: "this.#parts.durable(commits, ts);",
    replace: "this.#parts.durable(commits.slice(1), ts);",
    shows: ["missed change"],
  },
  {
    name: "snapshots read the newest state instead of their own",
    file: at("open_engine.ts"),
    find: "return snapshotTransaction(store, catalogThen, at, {",
    replace: "return snapshotTransaction(store, catalogThen, Number.MAX_SAFE_INTEGER, {",
    shows: ["read skew", "phantom", "timestamp order"],
  },
  {
    name: "transactions are kept although indexes have changed under them",
    file: at("log/committer.ts"),
    find: "if (tx.catalogTs < this.#catalogTs || tx.snapshot",
    replace: "if (tx.snapshot",
    shows: ["phantom", "timestamp order", "lost write"],
  },
  {
    name: "commits of other nodes are not validated against",
    file: at("log/committer.ts"),
    find: "const overtaken = this.recent.firstTouching(reads, before) ?? gone.firstTouching(reads, 0);",
    replace: "const overtaken = gone.firstTouching(reads, 0);",
    shows: ["lost update", "write skew"],
  },
  {
    name: "subscriptions to the end of an index are not told",
    file: at("indexes/interval_map.ts"),
    find: "if (node.end === null || key < node.end) for (const value of node.values) into.add(value);",
    replace: "if (node.end !== null && key < node.end) for (const value of node.values) into.add(value);",
    shows: ["missed change"],
  },
  {
    name: "who subscribes late is not told of what has happened meanwhile",
    file: at("open_engine.ts"),
    find: "since >= durable\n          ? null",
    replace: "since >= 0\n          ? null",
    shows: ["missed change"],
  },
  {
    name: "subscribers are not told when their index is dropped",
    file: at("tables/catalog_editor.ts"),
    find: "this.#edit([row, ...this.#wakeReaders(index)]);",
    replace: "this.#edit([row]);",
    shows: ["missed change"],
  },
];
