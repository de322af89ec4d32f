import * as genuine from "convex-genuine/react";
import { describe, expect, test } from "vitest";
import type { OptimisticLocalStore } from "../browser/sync/optimistic.ts";
import { makeFunctionReference } from "../server/api.ts";
import * as ours from "./optimistic_pages.ts";
import type { PaginatedQueryReference } from "./paginated_query_types.ts";

const list = makeFunctionReference<"query">("q:list") as PaginatedQueryReference;

type Page = {
  args: Record<string, unknown>;
  value: { page: unknown[]; isDone: boolean; continueCursor: string } | undefined;
};

/** Pages as a client holds them, changed in place. */
function storeOf(pages: Page[]): OptimisticLocalStore {
  return {
    getQuery: () => undefined,
    getAllQueries: () => pages as never,
    setQuery: (_query, args, value) => {
      pages.find((page) => page.args === args)!.value = value as unknown as Page["value"];
    },
  };
}

function pagesOf(channel: string, id: number, ...contents: number[][]): Page[] {
  return contents.map((page, index) => ({
    args: { channel, paginationOpts: { cursor: index === 0 ? null : `${index}`, numItems: 2, id } },
    value: { page, isDone: index === contents.length - 1 && page.length < 2, continueCursor: `${index + 1}` },
  }));
}

for (const [make, lib] of [
  ["ours", ours],
  ["the genuine one", genuine as unknown as typeof ours],
] as const) {
  describe(`optimistic changes of paginated lists, ${make}`, () => {
    const shown = (pages: Page[]) => pages.map(({ value }) => value?.page);
    const begin = () => [...pagesOf("a", 1, [1, 3], [5]), ...pagesOf("b", 2, [1, 3], [5, 7])];
    const options = (pages: Page[], item: number) => ({
      paginatedQuery: list,
      localQueryStore: storeOf(pages),
      item,
      argsToMatch: { channel: "a" },
    });

    test("update every item of the lists with the same arguments", () => {
      const pages = begin();
      lib.optimisticallyUpdateValueInPaginatedQuery(
        storeOf(pages),
        list,
        { channel: "a" },
        (n: number) => n * 10,
      );
      expect(shown(pages)).toEqual([[10, 30], [50], [1, 3], [5, 7]]);
    });

    test("insert at the top of matching lists", () => {
      const pages = begin();
      lib.insertAtTop(options(pages, 0));
      expect(shown(pages)).toEqual([[0, 1, 3], [5], [1, 3], [5, 7]]);
    });

    test("insert at the bottom of lists whose end is loaded", () => {
      const pages = begin();
      lib.insertAtBottomIfLoaded({ ...options(pages, 9), argsToMatch: {} });
      expect(shown(pages)).toEqual([
        [1, 3],
        [5, 9],
        [1, 3],
        [5, 7],
      ]);
    });

    for (const [item, expected] of [
      [0, [[0, 1, 3], [5]]],
      [2, [[1, 2, 3], [5]]],
      [
        6,
        [
          [1, 3],
          [5, 6],
        ],
      ],
    ] as const) {
      test(`insert ${item} where it belongs`, () => {
        const pages = begin();
        const sort = { sortOrder: "asc" as const, sortKeyFromItem: (n: number) => [n] };
        lib.insertAtPosition({ ...options(pages, item), ...sort });
        expect(shown(pages)).toEqual([...expected, [1, 3], [5, 7]]);
      });
    }

    test("insert nothing behind what is loaded", () => {
      const pages = pagesOf("b", 2, [7, 5], [3, 1]);
      const sort = { sortOrder: "desc" as const, sortKeyFromItem: (n: number) => n };
      lib.insertAtPosition({ ...options(pages, 0), ...sort, argsToMatch: {} });
      expect(shown(pages)).toEqual([
        [7, 5],
        [3, 1],
      ]);
      lib.insertAtPosition({ ...options(pages, 6), ...sort, argsToMatch: {} });
      expect(shown(pages)).toEqual([
        [7, 6, 5],
        [3, 1],
      ]);
    });
  });
}
