import { type JSONValue, jsonToConvex, parsedToConvex, type Value } from "@tandem/values";
import type { PaginationOptions, PaginationResult } from "../pagination.ts";
import { requireArgument, requireCount } from "./check_argument.ts";
import type { ExpressionNode } from "./expression.ts";
import { type Operand, operandJson } from "./expression.ts";
import { filterExpressions } from "./filter_expressions.ts";
import { IndexRangeSteps } from "./index_range.ts";
import { SearchFilterSteps } from "./search_filter.ts";
import { asyncSyscall, asyncSyscallOfJson, syscall } from "./syscall.ts";
import { abiVersion } from "./version.ts";

type Document = { [field: string]: Value };
type Order = "asc" | "desc";

/** A query as it is sent (R §1.7). */
type QueryJson = {
  source:
    | { type: "FullTableScan"; tableName: string; order: Order | null }
    | { type: "IndexRange"; indexName: string; range: unknown[]; order: Order | null }
    | { type: "Search"; indexName: string; filters: unknown[] };
  operators: ({ filter: JSONValue } | { limit: number })[];
};

/** The host's answer when it is asked for the next document. With `done` it has closed the query too (R §1.5). */
type Step = { value: JSONValue; done: boolean };

/** The host's limit (R §1.7). */
const maxOperators = 256;

/** Tells a query from a value, whichever copy of this package made it. */
const queryBrand = Symbol.for("tandem.query");

/** Whether a value is a query: a function that returns one has forgotten to read it. */
export function isQuery(value: unknown): boolean {
  return typeof value === "object" && value !== null && queryBrand in value;
}

/** Where a query's life stands; it passes through these once. */
type State =
  /** Not sent yet; may be chained or read. */
  | { is: "preparing"; query: QueryJson }
  /** Taken over by the query that an operator returned. */
  | { is: "chained" }
  /** Open at the host, which hands out one document at a time. */
  | { is: "reading"; queryId: number }
  /** Read to its end, or given up. */
  | { is: "consumed" };

// Shared: these two say nothing of the query that is in them.
const chained: State = /* @__PURE__ */ Object.freeze({ is: "chained" });
const consumed: State = /* @__PURE__ */ Object.freeze({ is: "consumed" });

/** A query over a table, sent to the host when it is read. */
export class DatabaseQuery implements AsyncIterator<Document> {
  private state: State;
  private readonly tableName: string;

  constructor(query: QueryJson, tableName: string) {
    this.state = { is: "preparing", query };
    this.tableName = tableName;
  }

  get [queryBrand](): true {
    return true;
  }

  order(order: Order): DatabaseQuery {
    requireArgument(order, 1, "order", "order");
    const query = this.handOver();
    const { source } = query;
    if (source.type === "Search")
      throw new Error("A search is always ordered by relevance. Remove `.order()`.");
    if (source.order !== null) throw new Error("This query has an order already. Call `.order()` once.");
    source.order = order;
    return new DatabaseQuery(query, this.tableName);
  }

  filter(predicate: (q: typeof filterExpressions) => Operand | ExpressionNode): DatabaseQuery {
    requireArgument(predicate, 1, "filter", "predicate");
    const query = this.handOver();
    if (query.operators.length >= maxOperators) {
      throw new Error(`A query may have ${maxOperators} operators. Join conditions with \`q.and(…)\`.`);
    }
    query.operators.push({ filter: operandJson(predicate(filterExpressions)) });
    return new DatabaseQuery(query, this.tableName);
  }

  limit(n: number): DatabaseQuery {
    requireArgument(n, 1, "limit", "n");
    const query = this.handOver();
    query.operators.push({ limit: n });
    return new DatabaseQuery(query, this.tableName);
  }

  [Symbol.asyncIterator](): this {
    if (this.state.is === "reading") throw new Error("This query is being read already. Begin a new one.");
    this.open();
    return this;
  }

  async next(): Promise<IteratorResult<Document, undefined>> {
    const { value, done } = (await asyncSyscall("1.0/queryStreamNext", { queryId: this.open() })) as Step;
    if (done) this.state = consumed;
    return { value: parsedToConvex(value), done } as IteratorResult<Document, undefined>;
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    if (this.state.is === "reading") syscall("1.0/queryCleanup", { queryId: this.state.queryId });
    this.state = consumed;
    return Promise.resolve({ value: undefined, done: true });
  }

  async paginate(options: PaginationOptions): Promise<PaginationResult<Document>> {
    requireArgument(options, 1, "paginate", "options");
    if (typeof options?.numItems !== "number" || options.numItems < 0) {
      throw new Error(
        `\`paginate\` needs a number, 0 or more, in \`numItems\` of its options, but got ${String(options?.numItems)}.`,
      );
    }
    const { page, isDone, continueCursor, splitCursor, pageStatus } = (await asyncSyscall("1.0/queryPage", {
      query: this.handOver(),
      cursor: options.cursor,
      endCursor: options.endCursor ?? null,
      pageSize: options.numItems,
      maximumRowsRead: options.maximumRowsRead ?? null,
      maximumBytesRead: options.maximumBytesRead,
      version: abiVersion,
    })) as PaginationResult<JSONValue>;
    const documents = page.map((json) => parsedToConvex(json) as Document);
    return { page: documents, isDone, continueCursor, splitCursor, pageStatus } as PaginationResult<Document>;
  }

  async collect(): Promise<Document[]> {
    if (this.state.is === "reading") throw new Error("This query is being read already. Begin a new one.");
    const argsJson = JSON.stringify({ queryId: this.open() });
    const documents: Document[] = [];
    for (;;) {
      const { value, done } = (await asyncSyscallOfJson("1.0/queryStreamNext", argsJson)) as Step;
      if (done) break;
      documents.push(parsedToConvex(value) as Document);
    }
    this.state = consumed;
    return documents;
  }

  async take(n: number): Promise<Document[]> {
    requireArgument(n, 1, "take", "n");
    requireCount(n, 1, "take", "n");
    return this.limit(n).collect();
  }

  async first(): Promise<Document | null> {
    return (await this.take(1))[0] ?? null;
  }

  async unique(): Promise<Document | null> {
    const [only, other] = await this.take(2);
    if (other !== undefined) {
      throw new Error(
        `unique() query returned more than one result from table ${this.tableName}: ${only?._id} and ${other._id}, at least. Use \`.first()\`, or narrow the query.`,
      );
    }
    return only ?? null;
  }

  /** The number of this query at the host, which is told of it at the first call. */
  private open(): number {
    const { state } = this;
    if (state.is === "reading") return state.queryId;
    if (state.is === "preparing") {
      const { queryId } = syscall("1.0/queryStream", { query: state.query, version: abiVersion }) as {
        queryId: number;
      };
      this.state = { is: "reading", queryId };
      return queryId;
    }
    throw new Error(
      state.is === "chained"
        ? "This query was continued by an operator, and only what that returned can be read."
        : "This query has been read to its end. Begin a new one.",
    );
  }

  /** Hands over what is to be sent, to the one that continues this query. */
  private handOver(): QueryJson {
    if (this.state.is !== "preparing") {
      throw new Error(
        "This query was continued or read already, and can be continued only once. Begin a new one.",
      );
    }
    const { query } = this.state;
    this.state = chained;
    return query;
  }
}

/** What `db.query(table)` returns: a query of which it is not said yet how the table is read. */
export class TableQuery {
  private readonly tableName: string;

  constructor(tableName: string) {
    this.tableName = tableName;
  }

  get [queryBrand](): true {
    return true;
  }

  fullTableScan(): DatabaseQuery {
    const { tableName } = this;
    return new DatabaseQuery(
      { source: { type: "FullTableScan", tableName, order: null }, operators: [] },
      tableName,
    );
  }

  withIndex(name: string, range?: (q: IndexRangeSteps) => IndexRangeSteps): DatabaseQuery {
    requireArgument(name, 1, "withIndex", "indexName");
    const bounds = range === undefined ? [] : range(new IndexRangeSteps([])).export();
    const indexName = `${this.tableName}.${name}`;
    const source = { type: "IndexRange" as const, indexName, range: bounds, order: null };
    return new DatabaseQuery({ source, operators: [] }, this.tableName);
  }

  withSearchIndex(name: string, filter: (q: SearchFilterSteps) => SearchFilterSteps): DatabaseQuery {
    requireArgument(name, 1, "withSearchIndex", "indexName");
    requireArgument(filter, 2, "withSearchIndex", "searchFilter");
    const filters = filter(new SearchFilterSteps([])).export();
    const source = { type: "Search" as const, indexName: `${this.tableName}.${name}`, filters };
    return new DatabaseQuery({ source, operators: [] }, this.tableName);
  }

  /** Not among the public types: the number of documents, where the host knows it (R §1.5). */
  async count(): Promise<number> {
    return jsonToConvex((await asyncSyscall("1.0/count", { table: this.tableName })) as JSONValue) as number;
  }

  order(order: Order): DatabaseQuery {
    return this.fullTableScan().order(order);
  }

  filter(predicate: (q: typeof filterExpressions) => Operand): DatabaseQuery {
    return this.fullTableScan().filter(predicate);
  }

  limit(n: number): DatabaseQuery {
    return this.fullTableScan().limit(n);
  }

  collect(): Promise<Document[]> {
    return this.fullTableScan().collect();
  }

  take(n: number): Promise<Document[]> {
    return this.fullTableScan().take(n);
  }

  paginate(options: PaginationOptions): Promise<PaginationResult<Document>> {
    return this.fullTableScan().paginate(options);
  }

  first(): Promise<Document | null> {
    return this.fullTableScan().first();
  }

  unique(): Promise<Document | null> {
    return this.fullTableScan().unique();
  }

  [Symbol.asyncIterator](): DatabaseQuery {
    return this.fullTableScan()[Symbol.asyncIterator]();
  }
}
