import { describe, expect, test } from "vitest";
import { makeFunctionReference } from "../../server/api.ts";
import { ScriptedServer, updated } from "../scripted_server/index.ts";
import { BaseConvexClient } from "./base_client.ts";
import type { BaseConvexClientOptions } from "./client_types.ts";
import type { Environment } from "./environment.ts";

/** A world without a real clock: timers fire when the test says so. */
function stoppedWorld(): Environment & { timers: { callback: () => void; at: number }[] } {
  const timers: { callback: () => void; at: number }[] = [];
  return {
    timers,
    now: () => 1000,
    setTimeout: (callback, milliseconds) => {
      const timer = { callback, at: milliseconds };
      timers.push(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      const index = timers.indexOf(timer as (typeof timers)[number]);
      if (index >= 0) timers.splice(index, 1);
    },
    random: () => 0.5,
    randomUUID: () => "00000000-0000-4000-8000-000000000000",
    page: undefined,
  };
}

function start(options: BaseConvexClientOptions = {}) {
  const server = new ScriptedServer();
  const changed: string[][] = [];
  const client = new BaseConvexClient("http://127.0.0.1:3210", (tokens) => changed.push(tokens), {
    webSocketConstructor: server.WebSocket,
    logger: false,
    ...options,
  });
  const heard = () => server.socket.heard().map(({ type, tokenType }) => tokenType ?? type);
  return { server, client, changed, heard };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("where the genuine client leaves a gap", () => {
  test("with expectAuth, a socket that opened long before the token still begins with Connect", async () => {
    const { server, client, heard } = start({ expectAuth: true });
    server.socket.open();
    expect(heard()).toEqual([]);
    client.setAuth(
      async () => "token",
      () => {},
    );
    await turn();
    expect(heard()).toEqual(["Connect", "User", "ModifyQuerySet"]);
    await client.close();
  });

  test("a user who is signed out while the socket is paused is signed out on the server", async () => {
    const { server, client, heard } = start();
    client.setAuth(
      async () => "token",
      () => {},
    );
    await turn();
    server.socket.open();
    expect(heard()).toEqual(["Connect", "User", "ModifyQuerySet"]);
    client.setAuth(
      async () => null,
      () => {},
    );
    await turn();
    expect(heard()).toEqual(["None"]);
    await client.close();
  });

  test("signing in anew while a refused token is being replaced connects again", async () => {
    const { server, client, heard } = start();
    client.setAuth(
      ({ forceRefreshToken }) => (forceRefreshToken ? new Promise(() => {}) : Promise.resolve("old")),
      () => {},
    );
    await turn();
    server.socket.open();
    server.socket.say({ type: "AuthError", error: "refused", baseVersion: 0, authUpdateAttempted: true });
    await turn();
    client.setAuth(
      async () => "new",
      () => {},
    );
    await turn();
    expect(server.sockets).toHaveLength(2);
    server.socket.open();
    expect(heard()).toEqual(["Connect", "User", "ModifyQuerySet"]);
    await client.close();
  });

  test("a token that cannot be fetched leaves the client signed out, not stuck", async () => {
    const { server, client, heard } = start();
    const told: boolean[] = [];
    client.setAuth(
      async () => Promise.reject(new Error("offline")),
      (isAuthenticated) => told.push(isAuthenticated),
    );
    await turn();
    server.socket.open();
    expect(heard()).toEqual(["Connect", "ModifyQuerySet"]);
    expect(told).toEqual([false]);
    await client.close();
  });

  test("a result that a reconnect does not bring again is told to be gone", async () => {
    const world = stoppedWorld();
    const { server, client, changed } = start({ environment: world });
    const { queryToken } = client.subscribe("q:list");
    server.socket.open();
    server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, "a")]);
    server.socket.closeWith(1006, "");
    world.timers.shift()!.callback();
    server.socket.open();
    expect(client.localQueryResult("q:list")).toBe("a");
    server.socket.sayTransition({ querySet: 1, ts: 2 });
    expect(changed.at(-1)).toEqual([queryToken]);
    expect(client.localQueryResult("q:list")).toBeUndefined();
    await client.close();
  });

  test("an optimistic update that fails on new results does not keep them from the page", async () => {
    const { server, client } = start();
    const list = makeFunctionReference<"query">("q:list");
    client.subscribe("q:list");
    server.socket.open();
    server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, ["a"])]);
    void client.mutation(
      "m:run",
      {},
      {
        optimisticUpdate: (store) => store.setQuery(list, {}, [...store.getQuery(list, {}), "b"]),
      },
    );
    expect(client.localQueryResult("q:list")).toEqual(["a", "b"]);
    server.socket.sayTransition({ ts: 2 }, [updated(0, 7)]);
    expect(client.localQueryResult("q:list")).toBe(7);
    await client.close();
  });
});

test("a client in a simulation takes its time, its timers and its chance from it alone", async () => {
  const world = stoppedWorld();
  const { server, client } = start({ environment: world });
  server.socket.open();
  const [connect] = server.socket.heard();
  expect(connect).toMatchObject({ type: "Connect", connectionCount: 0 });
  expect(world.timers.map(({ at }) => at)).toEqual([60_000]);
  server.socket.closeWith(1013, "CommitterFullError");
  expect(world.timers.map(({ at }) => at)).toEqual([3_000]);
  world.timers.shift()!.callback();
  expect(server.sockets).toHaveLength(2);
  server.socket.open();
  await client.close();
});

test("a query that fails throws the same error object until its result changes", async () => {
  const { server, client } = start();
  client.subscribe("q:list");
  server.socket.open();
  server.socket.sayTransition({ querySet: 1, ts: 1 }, [
    { type: "QueryFailed", queryId: 0, errorMessage: "no", logLines: [], journal: null },
  ]);
  const caught = () => {
    try {
      return client.localQueryResult("q:list");
    } catch (error) {
      return error;
    }
  };
  expect(caught()).toBeInstanceOf(Error);
  expect(caught()).toBe(caught());
  await client.close();
});
