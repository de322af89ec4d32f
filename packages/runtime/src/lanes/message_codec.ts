import type { DocumentWrite, IndexWrite, ReadRange, TouchedKey } from "@tandem/engine";
import type { FunctionResult, LogLine, MutationCall, QueryCall, Usage } from "./lane.ts";
import type { FromLane, ToLane } from "./lane_host.ts";
import type { FailedMutation, RanMutation } from "./write_lane.ts";

/**
 * Messages between threads as one flat array of texts and numbers, since the cloning of messages costs by the
 * object: a mutation's report of some 20 objects 8 µs to send and 10 µs to take, flat 2 µs each.
 *
 * Every message begins with its kind; whatever is rare goes as the object that it is.
 */
export type PackedMessages = readonly unknown[];

const WHOLE = 0;
const QUERY = 1;
const MUTATION = 2;
const DURABLE = 3;
const RESULT = 4;
const REPORT = 5;

export function packToLane(messages: readonly ToLane[]): PackedMessages {
  const out: unknown[] = [];
  for (const message of messages) {
    if (message.kind === "query") {
      const { call } = message;
      out.push(QUERY, message.id, call.at, call.journal);
      packCall(out, call);
    } else if (message.kind === "mutation") {
      const { call } = message;
      const { once } = call;
      out.push(MUTATION, message.id, once?.sessionId ?? null, once?.requestId ?? 0);
      packCall(out, call);
    } else if (message.kind === "news" && message.news.kind === "durable") {
      out.push(DURABLE, message.news.ts, message.news.laneSequence);
    } else out.push(WHOLE, message);
  }
  return out;
}

export function unpackToLane(packed: PackedMessages, take: (message: ToLane) => void): void {
  const from = new Unpacker(packed);
  while (from.hasMore) {
    switch (from.number()) {
      case QUERY: {
        const id = from.number();
        const at = from.number();
        const journal = from.textOrNull();
        take({ kind: "query", id, call: { at, journal, ...unpackCall(from) } });
        break;
      }
      case MUTATION: {
        const id = from.number();
        const sessionId = from.textOrNull();
        const requestId = from.number();
        const once = sessionId === null ? null : { sessionId, requestId };
        take({ kind: "mutation", id, call: { once, ...unpackCall(from) } });
        break;
      }
      case DURABLE:
        take({ kind: "news", news: { kind: "durable", ts: from.number(), laneSequence: from.number() } });
        break;
      default:
        take(from.whole<ToLane>());
    }
  }
}

export function packFromLane(messages: readonly FromLane[]): PackedMessages {
  const out: unknown[] = [];
  for (const message of messages) {
    if (message.kind === "result") {
      const { result, logs, usage, reads, journal, usedIdentity, usedTime, usedRandom } = message.outcome;
      out.push(RESULT, message.id, journal, usedIdentity, usedTime, usedRandom);
      packOutcome(out, result, logs, usage);
      packReads(out, reads);
    } else if (message.kind === "report") {
      const { ran, failed } = message.report;
      out.push(REPORT, failed, ran.length);
      for (const one of ran) packRan(out, one);
    } else out.push(WHOLE, message);
  }
  return out;
}

export function unpackFromLane(packed: PackedMessages, take: (message: FromLane) => void): void {
  const from = new Unpacker(packed);
  while (from.hasMore) {
    switch (from.number()) {
      case RESULT: {
        const id = from.number();
        const journal = from.textOrNull();
        const usedIdentity = from.whole<boolean>();
        const usedTime = from.whole<boolean>();
        const usedRandom = from.whole<boolean>();
        const { result, logs, usage } = unpackOutcome(from);
        const reads = unpackReads(from);
        const outcome = { result, logs, usage, reads, journal, usedIdentity, usedTime, usedRandom };
        take({ kind: "result", id, outcome });
        break;
      }
      case REPORT: {
        const failed = from.whole<readonly FailedMutation[]>();
        const ran = from.list(unpackRan);
        take({ kind: "report", report: { ran, failed } });
        break;
      }
      default:
        take(from.whole<FromLane>());
    }
  }
}

/** Takes apart what was put together, in the same order. */
class Unpacker {
  readonly #values: PackedMessages;
  #at = 0;

  constructor(values: PackedMessages) {
    this.#values = values;
  }

  get hasMore(): boolean {
    return this.#at < this.#values.length;
  }

  number(): number {
    return this.#values[this.#at++] as number;
  }

  text(): string {
    return this.#values[this.#at++] as string;
  }

  textOrNull(): string | null {
    return this.#values[this.#at++] as string | null;
  }

  whole<T>(): T {
    return this.#values[this.#at++] as T;
  }

  /** A number, and that many of what `read` reads. */
  list<T>(read: (from: Unpacker) => T): T[] {
    const length = this.number();
    const out: T[] = [];
    for (let i = 0; i < length; i++) out.push(read(this));
    return out;
  }
}

function packCall(out: unknown[], call: QueryCall | MutationCall): void {
  const { version, environment, path, args, identity, requestId, internal } = call;
  out.push(version, environment, path, args, identity, requestId, internal);
}

function unpackCall(from: Unpacker) {
  return {
    version: from.text(),
    environment: from.text(),
    path: from.text(),
    args: from.text(),
    identity: from.whole<QueryCall["identity"]>(),
    requestId: from.text(),
    internal: from.whole<boolean>(),
  };
}

function packOutcome(out: unknown[], result: FunctionResult, logs: readonly LogLine[], usage: Usage): void {
  out.push(result.kind === "value" ? result.value : result, logs.length === 0 ? null : logs);
  const { documentsRead, bytesRead, documentsWritten, bytesWritten, databaseQueries } = usage;
  out.push(documentsRead, bytesRead, documentsWritten, bytesWritten, databaseQueries);
  out.push(usage.userTime, usage.memoryMegabytes);
}

function unpackOutcome(from: Unpacker): {
  result: FunctionResult;
  logs: readonly LogLine[];
  usage: Usage;
} {
  const result = from.whole<string | FunctionResult>();
  return {
    result: typeof result === "string" ? { kind: "value", value: result } : result,
    logs: from.whole<readonly LogLine[] | null>() ?? [],
    usage: {
      documentsRead: from.number(),
      bytesRead: from.number(),
      documentsWritten: from.number(),
      bytesWritten: from.number(),
      databaseQueries: from.number(),
      userTime: from.number(),
      memoryMegabytes: from.number(),
    },
  };
}

function packReads(out: unknown[], reads: readonly ReadRange[]): void {
  out.push(reads.length);
  // An absent end (one key) is not a `null` end (everything behind the start).
  for (const { indexId, start, end } of reads) out.push(indexId, start, end);
}

function unpackReads(from: Unpacker): ReadRange[] {
  return from.list(() => {
    const indexId = from.number();
    const start = from.text();
    const end = from.whole<string | null | undefined>();
    return end === undefined ? { indexId, start } : { indexId, start, end };
  });
}

function packRan(out: unknown[], ran: RanMutation): void {
  const { epoch, laneSequence, foreignSeen, catalogTs, writes, reads } = ran.transaction;
  out.push(ran.id, epoch, laneSequence, foreignSeen, catalogTs, writes.changesCatalog);
  out.push(writes.documents.length);
  for (const { tableId, id, document } of writes.documents) {
    // A document's own id is that of its write.
    if (document === null) out.push(tableId, id, null, 0);
    else out.push(tableId, id, document.json, document.size);
  }
  out.push(writes.indexEntries.length);
  for (const { indexId, key, documentId } of writes.indexEntries) out.push(indexId, key, documentId);
  out.push(writes.touched.length);
  for (const { indexId, key } of writes.touched) out.push(indexId, key);
  packReads(out, reads);
  packOutcome(out, ran.result, ran.logs, ran.usage);
}

function unpackRan(from: Unpacker): RanMutation {
  const id = from.number();
  const epoch = from.number();
  const laneSequence = from.number();
  const foreignSeen = from.number();
  const catalogTs = from.number();
  const changesCatalog = from.whole<boolean>();
  const documents = from.list(unpackDocument);
  const indexEntries = from.list(unpackEntry);
  const touched = from.list(unpackTouched);
  const reads = unpackReads(from);
  const { result, logs, usage } = unpackOutcome(from);
  const writes = { documents, indexEntries, touched, changesCatalog };
  return {
    id,
    transaction: { epoch, laneSequence, foreignSeen, catalogTs, writes, reads },
    result,
    logs,
    usage,
  };
}

function unpackDocument(from: Unpacker): DocumentWrite {
  const tableId = from.number();
  const id = from.text();
  const json = from.textOrNull();
  const size = from.number();
  return { tableId, id, document: json === null ? null : { id, json, size } };
}

function unpackEntry(from: Unpacker): IndexWrite {
  return { indexId: from.number(), key: from.text(), documentId: from.textOrNull() };
}

function unpackTouched(from: Unpacker): TouchedKey {
  return { indexId: from.number(), key: from.text() };
}
