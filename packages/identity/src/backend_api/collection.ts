import type { Answer, Call, Params } from "../http/index.ts";

const DEFAULT_LIMIT = 10;
const MOST_ITEMS = 500;

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Which part of a collection is asked for (B §1.3). */
export function pageOf(query: Params): Page {
  return {
    limit: query.integer("limit", 1, MOST_ITEMS) ?? DEFAULT_LIMIT,
    offset: query.integer("offset", 0, Number.MAX_SAFE_INTEGER) ?? 0,
  };
}

/** A page of a collection: in an envelope with the count when that is asked for, else a bare array (B §1.3). */
export function answerCollection(call: Call, page: readonly unknown[], totalCount: number): Answer {
  return call.query.flag("paginated") === true
    ? { json: { data: page, total_count: totalCount } }
    : { json: page };
}

/** Of everything that a collection has, the page that is asked for. */
export function answerPage(call: Call, all: readonly unknown[]): Answer {
  const { limit, offset } = pageOf(call.query);
  return answerCollection(call, all.slice(offset, offset + limit), all.length);
}

/** What is said of something that is no more. */
export function deletedJson(object: string, id: string) {
  return { object, id, deleted: true };
}
