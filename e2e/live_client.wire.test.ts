import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture, setVariables } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";
import { watch } from "./harness/watch.ts";

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

describe.each(clientPackages)("$name over WebSocket", ({ name, browser, values, server, api }) => {
  const open = () => new browser.ConvexClient(tandem.backendUrl, { logger: false });
  const list = `ws ${name}`;

  test("a query's result follows every change, for everyone who watches", async () => {
    const [writer, reader] = [open(), open()];
    const seen = watch(reader, api.items.list, { list });
    await seen.until((items) => items.length === 0);
    await writer.mutation(api.items.add, { list, n: 1 });
    await seen.until((items) => items.length === 1);
    await writer.mutation(api.items.rename, { list, n: 1, text: "new" });
    await seen.until((items) => items[0]?.text === "new");
    await writer.mutation(api.items.remove, { list, n: 1 });
    await seen.until((items) => seen.results.indexOf(items) > 0 && items.length === 0);
    await Promise.all([writer.close(), reader.close()]);
  });

  test("whoever awaits a mutation sees it in the queries that they watch", async () => {
    const client = open();
    const own = `${list} own writes`;
    const seen = watch(client, api.items.list, { list: own });
    await seen.until(() => true);
    for (let n = 0; n < 20; n++) {
      await client.mutation(api.items.add, { list: own, n });
      expect(seen.results.at(-1)?.length).toBe(n + 1);
    }
    await client.close();
  });

  test("all queries of a client show one state at any time", async () => {
    const [writer, reader] = [open(), open()];
    const pair = `${list} pair`;
    const base = new browser.BaseConvexClient(tandem.backendUrl, () => check(), { logger: false });
    const first = base.subscribe("halves:all", {});
    const second = base.subscribe("counters:read", { name: pair });
    const seen: unknown[] = [];
    let reached = () => {};
    const done = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const check = () => {
      const halves = base.localQueryResult("halves:all", {}) as
        | { pair: string; left: number; right: number }[]
        | undefined;
      const mine = halves?.find((half) => half.pair === pair);
      if (mine !== undefined) {
        seen.push(mine);
        expect(mine.left).toBe(mine.right);
        if (mine.left === 30) reached();
      }
    };
    await Promise.all(Array.from({ length: 30 }, () => writer.mutation(api.halves.raise, { pair })));
    await done;
    expect(seen.length).toBeGreaterThan(0);
    first.unsubscribe();
    second.unsubscribe();
    await Promise.all([base.close(), writer.close(), reader.close()]);
  });

  test("mutations of one client run in the order of the calls", async () => {
    const client = open();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => client.mutation(api.counters.increment, { name: list })),
    );
    expect(results).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await client.close();
  });

  test("pages stay whole and live while items come and go", async () => {
    const client = open();
    const paged = `${list} paged`;
    await client.mutation(api.items.addMany, { list: paged, from: 0, count: 10 });
    const page = (cursor: string | null) =>
      watch(client, api.items.page, { list: paged, paginationOpts: { numItems: 4, cursor } });
    const first = page(null);
    const one = await first.until(() => true);
    expect(one.page.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
    expect(one.isDone).toBe(false);
    const second = page(one.continueCursor);
    const two = await second.until(() => true);
    expect(two.page.map(({ n }) => n)).toEqual([4, 5, 6, 7]);
    const third = page(two.continueCursor);
    expect(await third.until(() => true)).toMatchObject({ isDone: true, page: [{ n: 8 }, { n: 9 }] });

    // A page keeps its bounds: what is put between its ends makes it longer, and no other page changes.
    await client.mutation(api.items.add, { list: paged, n: 1.5 });
    expect((await first.until(({ page }) => page.length === 5)).page.map(({ n }) => n)).toEqual([
      0, 1, 1.5, 2, 3,
    ]);
    await client.mutation(api.items.remove, { list: paged, n: 3 });
    expect((await first.until(({ page }) => page.at(-1)?.n === 2)).continueCursor).toBe(one.continueCursor);
    expect(second.results.length).toBe(1);
    await client.close();
  });

  test("a cursor of another query is refused", async () => {
    const client = open();
    const paged = `${list} cursor`;
    await client.mutation(api.items.addMany, { list: paged, from: 0, count: 4 });
    const { continueCursor } = await client.query(api.items.page, {
      list: paged,
      paginationOpts: { numItems: 2, cursor: null },
    });
    await expect(
      client.query(api.items.page, {
        list: "other",
        paginationOpts: { numItems: 2, cursor: continueCursor },
      }),
    ).rejects.toThrow("InvalidCursor");
    await expect(
      client.query(api.items.page, { list: paged, paginationOpts: { numItems: 2, cursor: "garbage" } }),
    ).rejects.toThrow("InvalidCursor");
    await client.close();
  });

  test("an optimistic change shows at once and gives way to the truth", async () => {
    const client = open();
    const hoped = `${list} optimistic`;
    const seen = watch(client, api.items.list, { list: hoped });
    await seen.until(() => true);
    const done = client.mutation(
      api.items.add,
      { list: hoped, n: 1 },
      {
        optimisticUpdate: (store, args) => {
          const items = store.getQuery(api.items.list, { list: hoped }) ?? [];
          store.setQuery(api.items.list, { list: hoped }, [...items, { n: args.n, text: "hoped for" }]);
        },
      },
    );
    await seen.until((items) => items[0]?.text === "hoped for");
    await done;
    expect(seen.results.at(-1)).toEqual([{ n: 1, text: "item 1" }]);

    const failing = client.mutation(
      api.failing.afterWriting,
      { list: hoped },
      { optimisticUpdate: (store) => store.setQuery(api.items.list, { list: hoped }, []) },
    );
    await seen.until((items) => seen.results.indexOf(items) > 1 && items.length === 0);
    await expect(failing).rejects.toThrow();
    await seen.until((items) => items === seen.results.at(-1) && items.length === 1);
    await client.close();
  });

  test("a query that fails says why, with data, and recovers when the reason is gone", async () => {
    const client = open();
    const low = `${list} low`;
    await client.mutation(api.items.add, { list: low, n: 5 });
    const seen = watch(client, api.failing.whileLow, { list: low });
    const error = await seen.error();
    expect(error).toBeInstanceOf(values.ConvexError);
    expect((error as InstanceType<typeof values.ConvexError>).data).toEqual({ code: "low", n: 5 });
    await client.mutation(api.items.remove, { list: low, n: 5 });
    expect(await seen.until(() => true)).toBe("fine");
    await client.close();
  });

  test("mutations and actions that fail carry their data", async () => {
    const client = open();
    const data = { code: "too_low", limit: 5n, seen: [1, "two", null] };
    await expect(client.mutation(api.failing.afterWriting, { list })).rejects.toMatchObject({ data });
    await expect(client.action(api.failing.inAction, {})).rejects.toMatchObject({ data });
    await client.close();
  });

  test("actions of one client run side by side", async () => {
    const client = open();
    expect(
      await Promise.all(Array.from({ length: 20 }, (_, n) => client.action(api.acting.double, { n }))),
    ).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n));
    await client.close();
  });

  test("what a function logs is shown to the client that called it", async () => {
    const lines: string[] = [];
    const keep = (...parts: unknown[]) => lines.push(parts.join(" "));
    const client = new browser.ConvexClient(tandem.backendUrl, {
      logger: { logVerbose: keep, log: keep, warn: keep, error: keep },
    });
    await client.action(api.acting.double, { n: 21 });
    expect(lines.join("\n")).toMatch(/CONVEX A\(acting:double\).*\[WARN\].*'doubling' 21/s);
    await client.close();
  });

  test("a variable that is changed changes the queries that read it", async () => {
    const client = open();
    const seen = watch(client, api.values.variable, {});
    await seen.until((value) => value === "hello");
    await setVariables(tandem, { GREETING: `good day, ${name}` });
    await seen.until((value) => value === `good day, ${name}`);
    await setVariables(tandem, { GREETING: "hello" });
    await seen.until((value) => value === "hello" && seen.results.length >= 3);
    await client.close();
  });

  test("a push does not interrupt: sockets stay, requests go on, queries run again", async () => {
    const client = open();
    const pushed = `${list} pushed`;
    const seen = watch(client, api.items.list, { list: pushed });
    await seen.until(() => true);
    const before = client.connectionState().connectionCount;
    let pushing = true;
    const push = pushFixture(tandem).finally(() => {
      pushing = false;
    });
    let written = 0;
    while (pushing) {
      await client.mutation(api.items.add, { list: pushed, n: written });
      written += 1;
    }
    await push;
    await seen.until((items) => items.length === written);
    expect(client.connectionState().connectionCount).toBe(before);
    await client.close();
  });

  test("functions may be named as text", async () => {
    const client = open();
    const query = server.makeFunctionReference<"query", { name: string }, number>("counters:read");
    expect(await client.query(query, { name: "absent" })).toBe(0);
    await client.close();
  });
});
