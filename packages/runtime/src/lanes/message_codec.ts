import type { PublishedCommit, ReadRange, TouchedKey } from "@tandem/engine";
import type { FunctionResult, LogLine, MutationCall, QueryCall, Usage } from "./lane.ts";
import type { FromDatabaseThread, ToDatabaseThread } from "./lane_host.ts";

/**
 * Messages between threads as one flat array of texts and numbers, since the cloning of messages costs by the
 * object: a report of some 20 objects 8 µs to send and 10 µs to take, flat 2 µs each.
 *
 * Every message begins with its kind; whatever is rare goes as the object that it is.
 */
export type PackedMessages = readonly unknown[];

type Message = ToDatabaseThread | FromDatabaseThread;

const WHOLE = 0;
const QUERY = 1;
const MUTATION = 2;
const RESULT = 3;
const OUTCOME = 4;
const DURABLE = 5;

export function packMessages(messages: readonly Message[]): PackedMessages {
  const out: unknown[] = [];
  for (const message of messages) pack(out, message);
  return out;
}

/** Hands over the messages in the order they were packed; `T` is what the other side sends. */
export function unpackMessages<T extends Message>(packed: PackedMessages, take: (message: T) => void): void {
  const from = new Unpacker(packed);
  while (from.hasMore) take(unpack(from) as T);
}

function pack(out: unknown[], message: Message): void {
  switch (message.kind) {
    case "query": {
      const { id, call } = message;
      out.push(QUERY, id, call.at, call.journal);
      packCall(out, call);
      return;
    }
    case "mutation": {
      const { id, call } = message;
      out.push(MUTATION, id, call.once?.sessionId ?? null, call.once?.requestId ?? 0);
      packCall(out, call);
      return;
    }
    case "result": {
      const { result, logs, usage, reads, journal, usedIdentity, usedTime, usedRandom } = message.outcome;
      out.push(RESULT, message.id, journal, usedIdentity, usedTime, usedRandom);
      packOutcome(out, result, logs, usage);
      packReads(out, reads);
      return;
    }
    case "outcome": {
      const { result, logs, usage, ts } = message.outcome;
      out.push(OUTCOME, message.id, ts);
      packOutcome(out, result, logs, usage);
      return;
    }
    case "durable":
      out.push(DURABLE, message.ts, message.commits.length);
      for (const commit of message.commits) packCommit(out, commit);
      return;
    default:
      out.push(WHOLE, message);
  }
}

function unpack(from: Unpacker): Message {
  switch (from.number()) {
    case QUERY: {
      const id = from.number();
      const at = from.number();
      const journal = from.textOrNull();
      return { kind: "query", id, call: { at, journal, ...unpackCall(from) } };
    }
    case MUTATION: {
      const id = from.number();
      const sessionId = from.textOrNull();
      const requestId = from.number();
      const once = sessionId === null ? null : { sessionId, requestId };
      return { kind: "mutation", id, call: { once, ...unpackCall(from) } };
    }
    case RESULT: {
      const id = from.number();
      const journal = from.textOrNull();
      const usedIdentity = from.whole<boolean>();
      const usedTime = from.whole<boolean>();
      const usedRandom = from.whole<boolean>();
      const { result, logs, usage } = unpackOutcome(from);
      const reads = unpackReads(from);
      const outcome = { result, logs, usage, reads, journal, usedIdentity, usedTime, usedRandom };
      return { kind: "result", id, outcome };
    }
    case OUTCOME: {
      const id = from.number();
      const ts = from.whole<number | null>();
      return { kind: "outcome", id, outcome: { ts, ...unpackOutcome(from) } };
    }
    case DURABLE: {
      const ts = from.number();
      return { kind: "durable", ts, commits: from.list(unpackCommit) };
    }
    default:
      return from.whole<Message>();
  }
}

function packCommit(out: unknown[], { ts, touched, changesCatalog, documents }: PublishedCommit): void {
  out.push(ts, changesCatalog ? documents : null, touched.length);
  for (const { indexId, key } of touched) out.push(indexId, key);
}

function unpackCommit(from: Unpacker): PublishedCommit {
  const ts = from.number();
  const documents = from.whole<PublishedCommit["documents"] | null>();
  const touched = from.list(unpackTouched);
  return { ts, touched, changesCatalog: documents !== null, documents: documents ?? [] };
}

function unpackTouched(from: Unpacker): TouchedKey {
  return { indexId: from.number(), key: from.text() };
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
