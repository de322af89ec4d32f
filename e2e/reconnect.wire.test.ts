import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { connectionIs } from "./harness/connection.ts";
import { pushFixture } from "./harness/push.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";
import { tcpProxy } from "./harness/tcp_proxy.ts";
import { watch } from "./harness/watch.ts";

let tandem: Tandem;
beforeAll(async () => {
  tandem = await startTandem();
  await pushFixture(tandem);
});
afterAll(() => tandem.stop());

describe.each(clientPackages)("$name when the connection is lost", ({ name, browser, api }) => {
  const open = (url: string) => new browser.ConvexClient(url, { logger: false });

  test("a mutation whose answer was lost on the way is applied exactly once", async () => {
    await using proxy = await tcpProxy(tandem.backendUrl);
    const [client, witness] = [open(proxy.url), open(tandem.backendUrl)];
    const counter = `replay ${name}`;
    const seen = watch(witness, api.counters.read, { name: counter });
    await client.query(api.counters.read, { name: counter });
    for (let round = 1; round <= 3; round++) {
      proxy.holdAnswers();
      const answer = client.mutation(api.counters.increment, { name: counter });
      // The server has applied it, and the client cannot know.
      await seen.until((value) => value === round);
      proxy.cut();
      expect(await answer).toBe(round);
    }
    expect(await witness.query(api.counters.read, { name: counter })).toBe(3);
    expect(seen.results).toEqual([0, 1, 2, 3]);
    await Promise.all([client.close(), witness.close()]);
  });

  test("mutations that are called while it is down are sent when it is back, in order", async () => {
    await using proxy = await tcpProxy(tandem.backendUrl);
    const client = open(proxy.url);
    const counter = `down ${name}`;
    await client.query(api.counters.read, { name: counter });
    proxy.interrupt();
    const answers = Promise.all(
      Array.from({ length: 5 }, () => client.mutation(api.counters.increment, { name: counter })),
    );
    expect(client.connectionState().hasInflightRequests).toBe(true);
    proxy.repair();
    expect(await answers).toEqual([1, 2, 3, 4, 5]);
    await client.close();
  });

  test("queries show what changed meanwhile", async () => {
    await using proxy = await tcpProxy(tandem.backendUrl);
    const [client, other] = [open(proxy.url), open(tandem.backendUrl)];
    const counter = `meanwhile ${name}`;
    const seen = watch(client, api.counters.read, { name: counter });
    await seen.until((value) => value === 0);
    proxy.interrupt();
    await connectionIs(client, ({ isWebSocketConnected }) => !isWebSocketConnected);
    await other.mutation(api.counters.increment, { name: counter });
    proxy.repair();
    await seen.until((value) => value === 1);
    await Promise.all([client.close(), other.close()]);
  });

  test("a page of a list keeps its bounds", async () => {
    await using proxy = await tcpProxy(tandem.backendUrl);
    const [client, other] = [open(proxy.url), open(tandem.backendUrl)];
    const list = `page ${name}`;
    await other.mutation(api.items.addMany, { list, from: 0, count: 6 });
    const seen = watch(client, api.items.page, { list, paginationOpts: { numItems: 3, cursor: null } });
    const { continueCursor } = await seen.until(() => true);
    proxy.interrupt();
    await connectionIs(client, ({ isWebSocketConnected }) => !isWebSocketConnected);
    await other.mutation(api.items.add, { list, n: 0.5 });
    proxy.repair();
    const later = await seen.until(({ page }) => page.length === 4);
    expect(later.page.map(({ n }) => n)).toEqual([0, 0.5, 1, 2]);
    expect(later.continueCursor).toBe(continueCursor);
    await Promise.all([client.close(), other.close()]);
  });

  test("an action that was under way fails, and is not run again", async () => {
    await using proxy = await tcpProxy(tandem.backendUrl);
    const client = open(proxy.url);
    await client.action(api.acting.double, { n: 1 });
    proxy.holdAnswers();
    const answer = client.action(api.acting.double, { n: 2 });
    const failed = expect(answer).rejects.toThrow("Connection lost while action was in flight");
    await connectionIs(client, ({ inflightActions }) => inflightActions === 1);
    proxy.cut();
    await failed;
    expect(await client.action(api.acting.double, { n: 3 })).toBe(6);
    await client.close();
  });

  test("a restart of the server is survived: queries stay live, mutations under way arrive once", async () => {
    const client = open(tandem.backendUrl);
    const counter = `restart ${name}`;
    const seen = watch(client, api.counters.read, { name: counter });
    expect(await client.mutation(api.counters.increment, { name: counter })).toBe(1);
    const stopped = tandem.end("SIGTERM");
    const meanwhile = Array.from({ length: 5 }, () =>
      client.mutation(api.counters.increment, { name: counter }),
    );
    expect(await stopped).toBe(0);
    await tandem.start();
    expect(await Promise.all(meanwhile)).toEqual([2, 3, 4, 5, 6]);
    await seen.until((value) => value === 6);
    expect(seen.errors).toEqual([]);
    await client.close();
  });

  test("a result larger than 5 MB arrives whole, in chunks", async () => {
    const client = open(tandem.backendUrl);
    const seen = watch(client, api.values.big, { bytes: 12 * 1024 * 1024 });
    const text = await seen.until(() => true);
    expect(text.length).toBe(12 * 1024 * 1024);
    expect(text.endsWith("0123456789abcdef")).toBe(true);
    await client.close();
  });

  test("a large list stays live under writes, and the last state arrives", async () => {
    const [client, writer] = [open(tandem.backendUrl), open(tandem.backendUrl)];
    const list = `large ${name}`;
    for (let from = 0; from < 80; from += 20) {
      await writer.mutation(api.items.addMany, { list, from, count: 20, text: "é".repeat(40_000) });
    }
    const seen = watch(client, api.values.texts, { list });
    await seen.until((texts) => texts.length === 80);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        writer.mutation(api.items.rename, { list, n, text: `short ${n}` }),
      ),
    );
    const last = await seen.until((texts) => texts.filter((text) => text.startsWith("short")).length === 20);
    expect(last.slice(0, 2)).toEqual(["short 0", "short 1"]);
    await Promise.all([client.close(), writer.close()]);
  });
});
