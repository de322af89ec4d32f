import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

describe.each(clientPackages)("$name over HTTP", ({ name, browser, values, api, internal }) => {
  const open = () => new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
  const list = `http ${name}`;

  test("reads what it has written", async () => {
    const client = open();
    expect(await client.query(api.items.list, { list })).toEqual([]);
    const id = await client.mutation(api.items.add, { list, n: 1 });
    expect(id).toMatch(/^[0-9a-z]{31,37}$/);
    expect(await client.query(api.items.list, { list })).toEqual([{ n: 1, text: "item 1" }]);
  });

  test("mutations called at once run one after another, in order", async () => {
    const client = open();
    const results = await Promise.all(
      Array.from({ length: 10 }, () => client.mutation(api.counters.increment, { name: list })),
    );
    expect(results).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test("every kind of value comes back as it was sent", async () => {
    const sent = {
      nothing: null,
      flags: [true, false],
      numbers: [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 60],
      integers: [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
      texts: ["", "ä €  𝄞", "\u0000"],
      bytes: new Uint8Array([0, 1, 255]).buffer,
      nested: { "a key": [{}, [], [[]]] },
    };
    const back = await open().query(api.values.echo, { value: sent });
    expect(back).toEqual(sent);
    expect(Object.is((back as typeof sent).numbers[1], -0)).toBe(true);
  });

  test("errors carry the data that the function gave them, and its place", async () => {
    const error = await open()
      .query(api.failing.withData, {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(values.ConvexError);
    const { data, message } = error as InstanceType<typeof values.ConvexError>;
    expect(data).toEqual({ code: "too_low", limit: 5n, seen: [1, "two", null] });
    expect(message).toMatch(/^\[Request ID: [0-9a-f]{16}\] Server Error\nUncaught ConvexError: /);
    expect(message).toContain("convex/failing.ts:");
  });

  test("an ordinary error is an Error that names what was thrown", async () => {
    const error = await open()
      .query(api.failing.plainly, {})
      .catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(values.ConvexError);
    expect((error as Error).message).toContain("Uncaught TypeError: the query has a fault");
  });

  test("a mutation that fails leaves nothing behind", async () => {
    const client = open();
    const failed = `${list} failed`;
    await expect(client.mutation(api.failing.afterWriting, { list: failed })).rejects.toThrow("too_low");
    expect(await client.query(api.items.list, { list: failed })).toEqual([]);
  });

  test("arguments and results that break their validators are refused", async () => {
    const client = open();
    await expect(client.query(api.items.list, { list: 5 as unknown as string })).rejects.toThrow(
      "ArgumentValidationError",
    );
    await expect(client.query(api.failing.wrongReturn, {})).rejects.toThrow("ReturnsValidationError");
  });

  test("internal functions look as if they were not there", async () => {
    const client = open();
    const hidden = internal.nested.count as unknown as typeof api.items.list;
    await expect(client.query(hidden, { list })).rejects.toThrow(
      "Could not find public function for 'nested:count'",
    );
    await expect(client.query("nested:absent" as unknown as typeof hidden, { list })).rejects.toThrow(
      "Could not find public function for 'nested:absent'",
    );
  });

  test("a function called as something that it is not is refused", async () => {
    const wrong = api.items.list as unknown as typeof api.items.add;
    await expect(open().mutation(wrong, { list, n: 0 })).rejects.toThrow(
      /Trying to execute items(\.js)?:list as Mutation, but it is defined as Query/,
    );
  });

  test("queries filter and order, and call other queries", async () => {
    const client = open();
    const filtered = `${list} filtered`;
    await client.mutation(api.items.addMany, { list: filtered, from: 0, count: 6 });
    expect(await client.query(api.items.above, { list: filtered, n: 2 })).toEqual([5, 4, 3]);
    expect(await client.query(api.nested.countTwice, { list: filtered })).toBe(12);
  });

  test("a nested mutation that fails takes only its own writes back", async () => {
    const client = open();
    const nested = `${list} nested`;
    expect(await client.mutation(api.nested.putThree, { list: nested })).toEqual({
      caught: { code: "put_failed", n: 2 },
      seen: 2,
    });
    expect((await client.query(api.items.list, { list: nested })).map(({ n }) => n)).toEqual([1, 3]);
  });

  test("actions ask other servers and keep what these say", async () => {
    const other = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () =>
        response
          .writeHead(201, { "content-type": "application/json" })
          .end(JSON.stringify({ n: 7, text: `asked with ${request.method} ${body}` })),
      );
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    try {
      const client = open();
      const acted = `${list} acted`;
      const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
      expect(await client.action(api.acting.fetchAndKeep, { url, list: acted })).toEqual({
        status: 201,
        kept: 1,
      });
      expect(await client.query(api.items.list, { list: acted })).toEqual([
        { n: 7, text: `asked with POST {"list":"${acted}"}` },
      ]);
      await expect(client.action(api.failing.inAction, {})).rejects.toBeInstanceOf(values.ConvexError);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  test("consistent queries see one state, however much is written meanwhile", async () => {
    const client = open();
    const consistent = `${list} consistent`;
    expect(await client.consistentQuery(api.counters.read, { name: consistent })).toBe(0);
    await open().mutation(api.counters.increment, { name: consistent });
    expect(await client.consistentQuery(api.counters.read, { name: consistent })).toBe(0);
    expect(await client.query(api.counters.read, { name: consistent })).toBe(1);
  });

  test("functions see the deployment's variables", async () => {
    expect(await open().query(api.values.variable, {})).toBe("hello");
  });

  test("a token that no provider vouches for is refused with the reason", async () => {
    const client = open();
    client.setAuth("not a token");
    await expect(client.query(api.identity.whoami, {})).rejects.toThrow("Could not parse JWT payload");
    client.clearAuth();
    expect(await client.query(api.identity.whoami, {})).toBeNull();
  });
});

describe("functions bundled with the genuine convex/server", () => {
  test("run as those bundled with ours do", async () => {
    const genuine = await startTandem();
    try {
      await pushFixture(genuine, { convex: "convex-genuine" });
      const { browser, values, api } = clientPackages[1]!;
      const client = new browser.ConvexHttpClient(genuine.backendUrl, { logger: false });
      await client.mutation(api.items.addMany, { list: "g", from: 0, count: 5 });
      expect((await client.query(api.items.list, { list: "g" })).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
      expect(await client.query(api.items.above, { list: "g", n: 2 })).toEqual([4, 3]);
      expect(await client.query(api.nested.countTwice, { list: "g" })).toBe(10);
      const page = await client.query(api.items.page, {
        list: "g",
        paginationOpts: { numItems: 2, cursor: null },
      });
      expect(page).toMatchObject({ isDone: false, page: [{ n: 0 }, { n: 1 }] });
      await expect(client.query(api.failing.withData, {})).rejects.toBeInstanceOf(values.ConvexError);
      expect(await client.action(api.acting.double, { n: 4 })).toBe(8);
      expect(await client.mutation(api.nested.putThree, { list: "nested" })).toMatchObject({ seen: 2 });
    } finally {
      await genuine.stop();
    }
  });
});
