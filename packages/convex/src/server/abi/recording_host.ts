// For tests: a host in memory that answers the calls of R §1 and writes down each one that it gets.

type Row = { _id: string; _creationTime: number; [field: string]: unknown };
type Json = Record<string, unknown>;

/** One call as the host saw it. */
export type RecordedCall = { by: "syscall" | "asyncSyscall" | "jsSyscall"; op: string; args: unknown };

/** What running a function came to. */
export type Outcome = { result: unknown } | { error: { name: string; message: string; data?: unknown } };

/** Thrown to make the host reject like R §1.3 says: text, and data of a ConvexError when there is some. */
export class HostRejection extends Error {
  readonly data?: unknown;

  constructor(message: string, data?: unknown) {
    super(message);
    if (data !== undefined) this.data = data;
  }
}

/** Answers that do not depend on the tables: the same on every call. */
const fixedAnswers: Record<string, unknown> = {
  "1.0/getUserIdentity": { tokenIdentifier: "https://issuer|u1", issuer: "https://issuer", subject: "u1" },
  "1.0/signJwt": "header.claims.signature",
  "1.0/storageGenerateUploadUrl": "http://127.0.0.1:3210/api/storage/upload?token=t",
  "1.0/storageGetUrl": "http://127.0.0.1:3210/api/storage/file",
  "1.0/storageGetMetadata": { storageId: "file", sha256: "00", size: 1, contentType: null },
  "1.0/storageDelete": null,
  "1.0/storageStore": "file",
  "1.0/storageGet": { blob: "AQID", contentType: "text/plain" },
  "1.0/schedule": "job1",
  "1.0/cancel_job": null,
  "1.0/actions/schedule": "job2",
  "1.0/actions/cancel_job": null,
  "1.0/runUdf": { big: { $integer: "AQAAAAAAAAA=" } },
  "1.0/actions/query": [1, 2],
  "1.0/actions/mutation": null,
  "1.0/actions/action": { $bytes: "AQID" },
  "1.0/actions/vectorSearch": { results: [{ _id: "d1", _score: 0.5 }] },
  "1.0/createFunctionHandle": "function://1#messages:list",
  "1.0/getTransactionMetrics": { bytesRead: { used: 1, remaining: 2 } },
  "1.0/getFunctionMetadata": { name: "messages:list", componentPath: "", more: "ignored" },
  "1.0/getDeploymentMetadata": { name: "local", class: "s256" },
  "1.0/getRequestMetadata": {
    ip: null,
    userAgent: null,
    requestId: "r1",
    scheduledFunctionId: null,
    authToken: null,
  },
  "1.0/getSnapshotTs": { $integer: "AQAAAAAAAAA=" },
  "1.0/createServiceToken": "token",
  "1.0/getServiceUrl": "https://service",
  "1.0/auditLog": null,
};

export class RecordingHost {
  readonly calls: RecordedCall[] = [];
  private readonly rows = new Map<string, Row>();
  private readonly open = new Map<number, Row[]>();
  private made = 0;
  private opened = 0;

  syscall = (op: string, argsJson: string): string => {
    if (this.isNeedlessCleanup(op, argsJson)) return "false";
    const args = this.record("syscall", op, argsJson);
    switch (op) {
      case "1.0/queryStream":
        this.open.set(++this.opened, this.select(args.query as Json));
        return JSON.stringify({ queryId: this.opened });
      case "1.0/queryCleanup":
        return JSON.stringify(this.open.delete(args.queryId as number));
      case "1.0/db/normalizeId":
        return JSON.stringify({ id: this.rows.has(args.idString as string) ? args.idString : null });
      default:
        return JSON.stringify(this.fixed(op));
    }
  };

  asyncSyscall = async (op: string, argsJson: string): Promise<string> => {
    const args = this.record("asyncSyscall", op, argsJson);
    return JSON.stringify(this.answer(op, args) ?? null);
  };

  jsSyscall = (op: string, args: Json): unknown => {
    this.calls.push({ by: "jsSyscall", op, args });
    switch (op) {
      case "requestFromConvexJson": {
        const { url, method } = args.convexJson as { url: string; method: string };
        return new Request(url, { method });
      }
      case "convexJsonFromResponse":
        return { headerPairs: [], status: (args.response as Response).status, streamId: null };
      case "storage/storeBlob":
        return Promise.resolve("file");
      case "storage/getBlob":
        return Promise.resolve(null);
      default:
        throw new HostRejection(`Unknown operation ${op}`);
    }
  };

  /** A query that has ended is closed already (R §1.5): one more clean-up changes nothing, and is not written down. */
  private isNeedlessCleanup(op: string, argsJson: string): boolean {
    return op === "1.0/queryCleanup" && !this.open.has((JSON.parse(argsJson) as { queryId: number }).queryId);
  }

  private record(by: "syscall" | "asyncSyscall", op: string, argsJson: string): Json {
    const args = JSON.parse(argsJson) as Json;
    this.calls.push({ by, op, args });
    return args;
  }

  private answer(op: string, args: Json): unknown {
    switch (op) {
      case "1.0/get":
        return this.rows.get(args.id as string);
      case "1.0/insert": {
        const _id = `${args.table}:${++this.made}`;
        this.rows.set(_id, { _id, _creationTime: this.made, ...(args.value as object) });
        return { _id };
      }
      case "1.0/shallowMerge":
      case "1.0/replace":
      case "1.0/remove": {
        const row = this.rows.get(args.id as string);
        if (!row) throw new HostRejection(`Document ${String(args.id)} does not exist`);
        if (op === "1.0/remove") this.rows.delete(row._id);
        else if (op === "1.0/replace") this.rows.set(row._id, { ...(args.value as Row), _id: row._id });
        else this.rows.set(row._id, { ...row, ...(args.value as object) });
        return row;
      }
      case "1.0/queryStreamNext": {
        const next = this.open.get(args.queryId as number)?.shift();
        if (next === undefined) this.open.delete(args.queryId as number);
        return { value: next ?? null, done: next === undefined };
      }
      case "1.0/queryPage": {
        if (args.cursor === "bad") {
          throw new HostRejection("InvalidCursor: not of this query", { paginationError: "InvalidCursor" });
        }
        const page = this.select(args.query as Json).slice(0, args.pageSize as number);
        return { page, isDone: false, continueCursor: "c1", splitCursor: null, pageStatus: null };
      }
      case "1.0/count":
        return this.rows.size;
      default:
        return this.fixed(op);
    }
  }

  private fixed(op: string): unknown {
    if (!(op in fixedAnswers)) throw new HostRejection(`Unknown async operation ${op}`);
    return fixedAnswers[op];
  }

  /** All rows of the table, cut by the limits: what a query says beyond that is for the real host to judge. */
  private select(query: Json): Row[] {
    const source = query.source as { tableName?: string; indexName?: string };
    const table = source.tableName ?? source.indexName?.split(".")[0];
    let rows = [...this.rows.values()].filter((row) => row._id.startsWith(`${table}:`));
    for (const operator of query.operators as { limit?: number }[]) {
      if (operator.limit !== undefined) rows = rows.slice(0, operator.limit);
    }
    return rows;
  }
}

/** Runs something with a host in place, and takes it away again. */
export async function withHost(host: RecordingHost, act: () => Promise<unknown>): Promise<Outcome> {
  const world = globalThis as { Convex?: RecordingHost };
  world.Convex = host;
  try {
    return { result: await act() };
  } catch (thrown) {
    const { name, message, data } = thrown as { name: string; message: string; data?: unknown };
    return { error: { name, message, ...(data === undefined ? {} : { data }) } };
  } finally {
    delete world.Convex;
  }
}
