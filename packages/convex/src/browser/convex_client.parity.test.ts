import { ConvexClient as GenuineClient } from "convex-genuine/browser";
import { describe, expect, test } from "vitest";
import { makeFunctionReference } from "../server/api.ts";
import { ConvexClient } from "./convex_client.ts";
import { ScriptedServer, updated } from "./scripted_server/index.ts";

const list = makeFunctionReference<"query">("q:list");

for (const [make, Client] of [
  ["ours", ConvexClient],
  ["the genuine one", GenuineClient as unknown as typeof ConvexClient],
] as const) {
  describe(`ConvexClient, ${make}`, () => {
    const start = () => {
      const server = new ScriptedServer();
      const client = new Client("http://127.0.0.1:3210", {
        webSocketConstructor: server.WebSocket,
        logger: false,
      });
      server.socket.open();
      return { server, client };
    };

    test("calls back with each result, and soon with one that is known", async () => {
      const { server, client } = start();
      const seen: unknown[] = [];
      const late: unknown[] = [];
      const subscription = client.onUpdate(list, {}, (value) => seen.push(value));
      expect(subscription.getCurrentValue()).toBeUndefined();
      server.socket.sayTransition({ querySet: 2, ts: 1 }, [updated(0, "a")]);
      client.onUpdate(list, {}, (value) => late.push(value));
      await expect.poll(() => late).toEqual(["a"]);
      server.socket.sayTransition({ ts: 2 }, [updated(0, "b")]);
      subscription();
      server.socket.sayTransition({ ts: 3 }, [updated(0, "c")]);
      expect(seen).toEqual(["a", "b"]);
      expect(late).toEqual(["a", "b", "c"]);
      await client.close();
      expect(client.closed).toBe(true);
    });

    test("fetches a query once, from what is known or from the server", async () => {
      const { server, client } = start();
      const first = client.query(list, {});
      server.socket.sayTransition({ querySet: 2, ts: 1 }, [updated(0, "a")]);
      expect(await first).toBe("a");
      const failing = client.query(makeFunctionReference<"query">("q:bad"), {});
      server.socket.sayTransition({ querySet: 4, ts: 2 }, [
        { type: "QueryRemoved", queryId: 0 },
        { type: "QueryFailed", queryId: 1, errorMessage: "no", logLines: [], journal: null },
      ]);
      await expect(failing).rejects.toThrow("[CONVEX Q(q:bad)] no");
      await client.close();
    });

    test("a disabled client is silent and refuses calls", async () => {
      const client = new Client("http://127.0.0.1:3210", { disabled: true });
      expect(client.onUpdate(list, {}, () => {}).getCurrentValue()).toBeUndefined();
      await expect(client.query(list, {})).rejects.toThrow("disabled");
      await client.close();
    });

    test("shows a paginated query as one list", async () => {
      const { server, client } = start();
      type Shown = { results: string[]; status: string; loadMore: (n: number) => boolean };
      const seen: Shown[] = [];
      client.onPaginatedUpdate_experimental(list, {}, { initialNumItems: 1 }, (value) =>
        seen.push(value as unknown as Shown),
      );
      const added = () =>
        JSON.stringify(server.socket.heard().filter(({ type }) => type === "ModifyQuerySet"));
      expect(added()).toContain('"paginationOpts":{"cursor":null,"id":-1,"numItems":1}');
      const page = (items: string[], continueCursor: string, isDone: boolean) => ({
        page: items,
        continueCursor,
        isDone,
      });
      server.socket.sayTransition({ querySet: 2, ts: 1 }, [updated(0, page(["a"], "A", false))]);
      expect(seen.at(-1)).toMatchObject({ results: ["a"], status: "CanLoadMore" });
      expect(seen.at(-1)!.loadMore(2)).toBe(true);
      expect(added()).toContain('"paginationOpts":{"cursor":"A","id":-1,"numItems":2}');
      server.socket.sayTransition({ querySet: 3, ts: 2 }, [updated(1, page(["b"], "end", true))]);
      expect(seen.at(-1)).toMatchObject({ results: ["a", "b"], status: "Exhausted" });
      expect(seen.at(-1)!.loadMore(2)).toBe(false);
      await client.close();
    });
  });
}
