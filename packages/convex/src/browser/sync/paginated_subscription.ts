import type { Value } from "@tandem/values";
import type { BaseConvexClient } from "./base_client.ts";
import type { QueryToken } from "./function_path.ts";
import {
  addPage,
  advance,
  firstPage,
  isInvalidCursor,
  joinPages,
  type PageResult,
  type Pages,
  type PaginatedQueryResult,
} from "./pagination.ts";

/** Among lists outside of React there is one list per query and arguments (P §2.6). */
const SHARED_ID = -1;

type PageSubscription = { queryToken: QueryToken; unsubscribe: () => void };

/** A live list over the pages of a query, outside of React. */
export class PaginatedSubscription {
  #client: BaseConvexClient;
  #name: string;
  #pages: Pages;
  #subscriptions = new Map<number, PageSubscription>();

  constructor(client: BaseConvexClient, name: string, args: Record<string, Value>, initialNumItems: number) {
    this.#client = client;
    this.#name = name;
    this.#pages = firstPage(args, initialNumItems, SHARED_ID);
    this.#subscribe();
  }

  /** Whether one of these queries is a page of this list. */
  includes(tokens: ReadonlySet<QueryToken>): boolean {
    return [...this.#subscriptions.values()].some(({ queryToken }) => tokens.has(queryToken));
  }

  /** Acts on what the pages' results call for. To be called when one of them has changed. */
  advance(): void {
    try {
      this.#pages = advance(this.#pages, this.#resultOf);
      this.#subscribe();
    } catch (error) {
      if (!(error instanceof Error && isInvalidCursor(error))) return;
      const { userArgs, initialNumItems, id } = this.#pages;
      this.unsubscribe();
      this.#pages = firstPage(userArgs, initialNumItems, id);
      this.#subscribe();
    }
  }

  /**
   * The list as it is known now; `undefined` while its first page is loading.
   *
   * @throws the error of the first page that failed
   */
  current(): PaginatedQueryResult<Value> | undefined {
    const { items, status, cursor } = joinPages(this.#pages, this.#resultOf, false);
    if (status === "LoadingFirstPage") return undefined;
    let asked = false;
    return {
      results: items,
      status,
      loadMore: (numItems) => {
        if (asked || status !== "CanLoadMore" || cursor === undefined) return false;
        asked = true;
        this.#pages = addPage(this.#pages, cursor, numItems);
        this.#subscribe();
        return true;
      },
    };
  }

  unsubscribe(): void {
    for (const { unsubscribe } of this.#subscriptions.values()) unsubscribe();
    this.#subscriptions.clear();
  }

  #resultOf = (key: number): PageResult | undefined => {
    const subscription = this.#subscriptions.get(key);
    return (
      subscription &&
      (this.#client.localQueryResultByToken(subscription.queryToken) as PageResult | undefined)
    );
  };

  #subscribe(): void {
    for (const [key, args] of this.#pages.args) {
      if (!this.#subscriptions.has(key))
        this.#subscriptions.set(key, this.#client.subscribe(this.#name, args));
    }
    for (const [key, { unsubscribe }] of this.#subscriptions) {
      if (this.#pages.args.has(key)) continue;
      unsubscribe();
      this.#subscriptions.delete(key);
    }
  }
}
