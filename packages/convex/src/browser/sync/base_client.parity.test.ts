import { BaseConvexClient as GenuineClient } from "convex-genuine/browser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeFunctionReference } from "../../server/api.ts";
import { ScriptedServer, ts, updated } from "../scripted_server/index.ts";
import { BaseConvexClient } from "./base_client.ts";
import type { BaseConvexClientOptions } from "./client_types.ts";

/** A client of either make, and everything that could be seen of it. */
class World {
  readonly server = new ScriptedServer();
  readonly log: unknown[] = [];
  readonly client: BaseConvexClient;

  constructor(Client: typeof BaseConvexClient, options: BaseConvexClientOptions = {}) {
    const print =
      (level: string) =>
      (...args: unknown[]) => {
        // Free-form notices are each make's own; what functions print and fail with is not.
        if (String(args[0]).includes("[CONVEX"))
          this.log.push({ level, args: args.map(String).filter(notColour) });
      };
    this.client = new Client("http://127.0.0.1:3210", (tokens) => this.log.push({ changed: tokens }), {
      webSocketConstructor: this.server.WebSocket,
      logger: { log: print("log"), warn: print("warn"), error: print("error"), logVerbose: () => {} },
      ...options,
    });
  }

  /** Notes what the newest socket has heard. */
  heard(): void {
    this.log.push({ socket: this.server.sockets.length, heard: this.server.socket.heard() });
  }

  note(name: string, value: unknown): void {
    this.log.push({ [name]: value });
  }

  /** Notes how a call ends. */
  follow(name: string, call: Promise<unknown>): void {
    call.then(
      (value) => this.log.push({ [name]: value }),
      (error: Error & { data?: unknown }) =>
        this.log.push({ [name]: "failed", message: error.message, data: error.data, kind: error.name }),
    );
  }

  /** Notes what a call throws. */
  attempt(name: string, run: () => unknown): void {
    try {
      this.log.push({ [name]: run() });
    } catch (error) {
      this.log.push({ [name]: "threw", message: (error as Error).message });
    }
  }

  read(path: string, args = {}): void {
    this.attempt(`read ${path}`, () => this.client.localQueryResult(path, args));
  }

  setAuth(fetchToken: (force: boolean) => string | null | Promise<string | null>): void {
    this.client.setAuth(
      async ({ forceRefreshToken }) => {
        this.log.push({ fetch: forceRefreshToken });
        return await fetchToken(forceRefreshToken);
      },
      (isAuthenticated) => this.log.push({ isAuthenticated }),
      (isRefreshing) => this.log.push({ isRefreshing }),
    );
  }
}

function notColour(text: string): boolean {
  return !text.startsWith("color");
}

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A JWT that lives `seconds`; `name` makes it differ from others. */
function jwt(name: string, seconds = 3600): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none" })}.${encode({ sub: name, iat: 1000, exp: 1000 + seconds })}.`;
}

async function tokens(world: World, seconds = 3600): Promise<void> {
  let n = 0;
  world.setAuth((force) => jwt(force ? `fresh ${++n}` : "cached", seconds));
  await settle();
}

/** Opens the first socket and confirms `cached` and the first fresh token. */
async function signIn(world: World): Promise<void> {
  await tokens(world);
  world.server.socket.open();
  await settle();
  world.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 });
  await settle();
  world.server.socket.sayTransition({ identity: 2, ts: 2 });
  await settle();
}

type Scenario = { options?: BaseConvexClientOptions; run: (world: World) => Promise<void> };

const scenarios: Record<string, Scenario> = {
  "a client without auth opens with Connect and its whole query set": {
    run: async (w) => {
      w.client.subscribe("messages:list", { b: 1, a: "x" });
      w.server.socket.open();
      w.heard();
      w.client.subscribe("messages.js:other");
      w.client.subscribe("messages");
      w.heard();
    },
  },
  "a token that is ready before the socket goes between Connect and the queries, and a fresh one follows": {
    run: async (w) => {
      w.client.subscribe("messages:list");
      await tokens(w);
      w.server.socket.open();
      w.heard();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 }, [updated(0, [])]);
      await settle();
      w.heard();
      w.server.socket.sayTransition({ identity: 2, ts: 2 });
      w.note("hasAuth", w.client.hasAuth());
    },
  },
  "a socket that opens before the token says nothing until the token is there": {
    run: async (w) => {
      let deliver: (token: string) => void = () => {};
      w.client.subscribe("messages:list");
      w.setAuth(() => new Promise((resolve) => (deliver = resolve)));
      w.server.socket.open();
      w.heard();
      deliver(jwt("cached"));
      await settle();
      w.heard();
    },
  },
  "without any token the client goes on unauthenticated": {
    run: async (w) => {
      w.setAuth(() => null);
      await settle();
      w.server.socket.open();
      w.heard();
    },
  },
  "a token that cannot be renewed is fetched once more and then left alone": {
    run: async (w) => {
      w.setAuth(() => jwt("same"));
      await settle();
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 });
      await settle();
      await vi.advanceTimersByTimeAsync(10_000);
      w.heard();
    },
  },
  "signing in anew on an open socket sends only what changed meanwhile": {
    run: async (w) => {
      const kept = w.client.subscribe("q:kept");
      const dropped = w.client.subscribe("q:dropped");
      w.server.socket.open();
      w.heard();
      let deliver: (token: string) => void = () => {};
      w.setAuth(() => new Promise((resolve) => (deliver = resolve)));
      dropped.unsubscribe();
      w.client.subscribe("q:fleeting").unsubscribe();
      w.client.subscribe("q:new");
      w.follow("mutation", w.client.mutation("m:run"));
      w.heard();
      deliver(jwt("cached"));
      await settle();
      w.heard();
      kept.unsubscribe();
      w.heard();
    },
  },
  "a token is renewed its leeway before it expires": {
    run: async (w) => {
      await tokens(w, 60);
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 });
      await settle();
      w.server.socket.sayTransition({ identity: 2, ts: 2 });
      w.heard();
      await vi.advanceTimersByTimeAsync(49_000);
      w.heard();
      await vi.advanceTimersByTimeAsync(2_000);
      w.heard();
      w.server.socket.sayTransition({ identity: 3, ts: 3 });
    },
  },
  "a reused first token is renewed by the server's clock": {
    options: { initialAuthTokenReuse: true },
    run: async (w) => {
      vi.setSystemTime(1_010_000);
      await tokens(w, 60);
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 }, [], 5_000);
      w.heard();
      await vi.advanceTimersByTimeAsync(44_000);
      w.heard();
      await vi.advanceTimersByTimeAsync(2_000);
      w.heard();
    },
  },
  "a refused token is replaced three times before the client gives up": {
    run: async (w) => {
      await tokens(w);
      for (let socket = 0; socket < 4; socket++) {
        w.server.socket.open();
        w.heard();
        w.server.socket.say({ type: "AuthError", error: "no", baseVersion: 0, authUpdateAttempted: true });
        await settle();
        await settle();
      }
      w.note("hasAuth", w.client.hasAuth());
      w.note("sockets", w.server.sockets.length);
    },
  },
  "an identity that expires is replaced on a new socket without the app seeing a sign-out": {
    run: async (w) => {
      await signIn(w);
      w.heard();
      w.server.socket.say({
        type: "AuthError",
        error: "expired",
        baseVersion: 2,
        authUpdateAttempted: false,
      });
      await settle();
      await settle();
      w.server.socket.open();
      w.heard();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 3 });
      await settle();
    },
  },
  "a sign-out that is found out at the server's refusal is told": {
    run: async (w) => {
      let signedOut = false;
      let n = 0;
      w.setAuth(() => (signedOut ? null : jwt(`${n++}`)));
      await settle();
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 });
      await settle();
      w.server.socket.sayTransition({ identity: 2, ts: 2 });
      signedOut = true;
      w.server.socket.say({ type: "AuthError", error: "revoked", baseVersion: 2, authUpdateAttempted: true });
      await settle();
      await settle();
      w.server.socket.open();
      w.heard();
      w.note("hasAuth", w.client.hasAuth());
    },
  },
  "an AuthError about an older token is ignored": {
    run: async (w) => {
      await signIn(w);
      w.client.clearAuth();
      w.client.clearAuth();
      w.heard();
      w.server.socket.say({ type: "AuthError", error: "old", baseVersion: 1, authUpdateAttempted: true });
      await settle();
      w.note("sockets", w.server.sockets.length);
      w.heard();
    },
  },
  "an expiry is ignored while a newer token is on its way": {
    run: async (w) => {
      await tokens(w);
      w.server.socket.open();
      w.heard();
      w.server.socket.say({
        type: "AuthError",
        error: "expired",
        baseVersion: 0,
        authUpdateAttempted: false,
      });
      await settle();
      w.note("sockets", w.server.sockets.length);
    },
  },
  "a mutation waits for the transition that shows it, even an empty one": {
    run: async (w) => {
      w.server.socket.open();
      w.heard();
      w.follow("mutation", w.client.mutation("messages.js:send", { body: "hi" }));
      w.heard();
      w.server.socket.say({
        type: "MutationResponse",
        requestId: 0,
        success: true,
        result: "done",
        ts: ts(5),
        logLines: ["[LOG] 'sent'", "nonsense"],
      });
      await settle();
      w.server.socket.sayTransition({ querySet: 1, ts: 4 });
      await settle();
      w.note("state", { ...w.client.connectionState(), timeOfOldestInflightRequest: null });
      w.server.socket.sayTransition({ ts: 5 });
      await settle();
      w.note("state", w.client.connectionState());
    },
  },
  "failures of mutations and actions come at once, with their data": {
    run: async (w) => {
      w.server.socket.open();
      w.follow("plain", w.client.mutation("m:plain"));
      w.follow("data", w.client.mutation("m:data"));
      w.follow("null data", w.client.action("a:null"));
      w.follow("action", w.client.action("a:fine"));
      const failed = { success: false as const, result: "Server Error", logLines: [] };
      w.server.socket.say({ type: "MutationResponse", requestId: 0, ...failed });
      w.server.socket.say({ type: "MutationResponse", requestId: 1, ...failed, errorData: { code: 7 } });
      w.server.socket.say({ type: "ActionResponse", requestId: 2, ...failed, errorData: null });
      w.server.socket.say({ type: "ActionResponse", requestId: 3, success: true, result: 1, logLines: [] });
      w.server.socket.say({ type: "ActionResponse", requestId: 3, success: true, result: 1, logLines: [] });
      await settle();
    },
  },
  "after a reconnect queries and mutations are sent again in order, and sent actions fail": {
    run: async (w) => {
      w.client.subscribe("q:list");
      w.server.socket.open();
      w.follow("first", w.client.mutation("m:first"));
      w.follow("action", w.client.action("a:run"));
      w.follow("second", w.client.mutation("m:second"));
      w.server.socket.sayTransition({ querySet: 1, ts: 1 }, [
        { type: "QueryUpdated", queryId: 0, value: 1, logLines: [], journal: "page end" },
      ]);
      w.server.socket.say({
        type: "MutationResponse",
        requestId: 0,
        success: true,
        result: 1,
        ts: ts(9),
        logLines: [],
      });
      w.heard();
      w.server.socket.closeWith(1011, "InternalServerError");
      w.follow("unsent action", w.client.action("a:later"));
      w.follow("unsent", w.client.mutation("m:third"));
      w.read("q:list");
      await vi.advanceTimersByTimeAsync(2_000);
      w.server.socket.open();
      await settle();
      w.heard();
      w.read("q:list");
      w.note("retries", w.client.connectionState().connectionRetries);
      w.server.socket.sayTransition({ querySet: 1, ts: 9 }, [updated(0, 2)]);
      await settle();
      w.read("q:list");
      for (const requestId of [0, 2, 4]) {
        w.server.socket.say({
          type: "MutationResponse",
          requestId,
          success: true,
          result: 2,
          ts: ts(9),
          logLines: [],
        });
      }
      w.server.socket.say({ type: "ActionResponse", requestId: 3, success: true, result: 3, logLines: [] });
      w.server.socket.sayTransition({ ts: 10 });
      await settle();
      w.note("retries", w.client.connectionState().connectionRetries);
    },
  },
  "a message that cannot be sent leads to a new socket": {
    run: async (w) => {
      w.server.socket.open();
      w.heard();
      w.server.socket.broken = true;
      w.follow("mutation", w.client.mutation("m:run"));
      await vi.advanceTimersByTimeAsync(200);
      w.server.socket.open();
      w.heard();
    },
  },
  "a minute of silence leads to a new socket": {
    run: async (w) => {
      w.server.socket.open();
      await vi.advanceTimersByTimeAsync(59_000);
      w.server.socket.say({ type: "Ping" });
      await vi.advanceTimersByTimeAsync(59_000);
      w.note("sockets", w.server.sockets.length);
      await vi.advanceTimersByTimeAsync(1_200);
      w.note("sockets", w.server.sockets.length);
      w.server.socket.open();
      w.heard();
    },
  },
  "failed handshakes are tried again, further and further apart": {
    run: async (w) => {
      vi.spyOn(Math, "random").mockReturnValue(0.5);
      for (const reason of ["", "", "TooManyConcurrentRequests", "", "", ""]) {
        w.server.socket.closeWith(1013, reason);
        let waited = 0;
        const { length } = w.server.sockets;
        while (w.server.sockets.length === length) {
          await vi.advanceTimersByTimeAsync(500);
          waited += 500;
        }
        w.note("waited", waited);
      }
      w.server.socket.open();
      w.heard();
    },
  },
  "only closes with an error and a reason are reported": {
    run: async (w) => {
      for (const [code, reason] of [
        [1000, "bye"],
        [1005, ""],
        [4040, "gone"],
        [1006, ""],
      ] as const) {
        w.server.socket.closeWith(code, reason);
        await vi.advanceTimersByTimeAsync(25_000);
      }
      w.note("sockets", w.server.sockets.length);
    },
  },
  "chunks of a transition are joined": {
    run: async (w) => {
      w.client.subscribe("q:list");
      w.server.socket.open();
      const json = JSON.stringify(w.server.socket.transition({ querySet: 1, ts: 1 }, [updated(0, "whole")]));
      const chunk = (partNumber: number, text: string) => {
        w.server.socket.say({
          type: "TransitionChunk",
          chunk: text,
          partNumber,
          totalParts: 2,
          transitionId: "t",
        });
      };
      chunk(0, json.slice(0, 30));
      w.server.socket.say({ type: "Ping" });
      w.read("q:list");
      chunk(1, json.slice(30));
      w.read("q:list");
    },
  },
  "chunks that do not fit together are refused": {
    run: async (w) => {
      w.server.socket.open();
      const say = (partNumber: number, totalParts: number, transitionId: string) => {
        try {
          w.server.socket.say({ type: "TransitionChunk", chunk: "{", partNumber, totalParts, transitionId });
          w.note("chunk", "taken");
        } catch (error) {
          w.note(
            "chunk",
            /Invalid TransitionChunk|TransitionChunk received out of order/.exec(String(error))?.[0],
          );
        }
      };
      say(0, 0, "a");
      say(1, 3, "a");
      say(0, 3, "a");
      say(2, 3, "a");
      say(0, 3, "a");
      say(1, 4, "a");
      say(0, 3, "a");
      say(1, 3, "b");
      say(3, 3, "a");
      say(0, 2, "a");
      w.server.socket.say({
        type: "ActionResponse",
        requestId: 9,
        success: true,
        result: null,
        logLines: [],
      });
      say(1, 2, "a");
    },
  },
  "a transition that does not begin at the last one's end is refused": {
    run: async (w) => {
      w.client.subscribe("q:list");
      w.server.socket.open();
      w.server.socket.transition({ querySet: 1, ts: 1 });
      try {
        w.server.socket.sayTransition({ ts: 2 }, [updated(0, 1)]);
      } catch (error) {
        w.note("error", /Invalid start version/.exec(String(error))?.[0]);
      }
      w.read("q:list");
    },
  },
  "a FatalError ends the client": {
    run: async (w) => {
      w.server.socket.open();
      w.attempt("fatal", () => w.server.socket.say({ type: "FatalError", error: "never again" }));
      await vi.advanceTimersByTimeAsync(60_000);
      w.note("sockets", w.server.sockets.length);
      w.note("connected", w.client.connectionState().isWebSocketConnected);
    },
  },
  "failed queries throw what the function threw": {
    run: async (w) => {
      w.client.subscribe("q:list", { n: 1n as never });
      w.server.socket.open();
      const failure = {
        type: "QueryFailed" as const,
        queryId: 0,
        errorMessage: "oh no",
        logLines: ["[WARN] careful"],
        journal: null,
      };
      w.server.socket.sayTransition({ querySet: 1, ts: 1 }, [failure]);
      w.read("q:list", { n: 1n });
      w.server.socket.sayTransition({ ts: 2 }, [{ ...failure, errorData: { why: "because" } }]);
      w.read("q:list", { n: 1n });
      w.server.socket.sayTransition({ ts: 3 }, [updated(0, { $integer: "AQAAAAAAAAA=" })]);
      w.attempt("value", () => String(w.client.localQueryResult("q:list", { n: 1n })));
    },
  },
  "a query is shared by its subscribers and let go of by the last": {
    run: async (w) => {
      w.server.socket.open();
      w.heard();
      const one = w.client.subscribe("q:list", { a: 1, b: 2 });
      const two = w.client.subscribe("q:list", { b: 2, a: 1 });
      w.note("same token", one.queryToken === two.queryToken);
      w.heard();
      w.server.socket.sayTransition({ querySet: 2, ts: 1 }, [updated(0, "x")]);
      one.unsubscribe();
      w.heard();
      two.unsubscribe();
      w.heard();
      w.read("q:list", { a: 1, b: 2 });
      w.client.subscribe("q:list", { a: 1, b: 2 });
      w.heard();
      w.server.socket.sayTransition({ querySet: 4, ts: 2 }, [
        { type: "QueryRemoved", queryId: 0 },
        updated(1, "y"),
      ]);
      w.read("q:list", { a: 1, b: 2 });
    },
  },
  "a resumed subscription passes its journal on": {
    run: async (w) => {
      w.server.socket.open();
      w.client.subscribe("q:list", {}, { journal: "kept" });
      w.client.subscribe("q:empty", {}, { journal: null });
      w.heard();
      w.note("journal", w.client.queryJournal("q:list"));
    },
  },
  "an optimistic update is replayed on new results and dropped with its mutation": {
    run: async (w) => {
      const list = makeFunctionReference<"query">("q:list");
      w.client.subscribe("q:list");
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, ["a"])]);
      const add = (item: string) =>
        w.client.mutation(
          "m:add",
          { item },
          {
            optimisticUpdate: (store, args: { item: string }) => {
              store.setQuery(list, {}, [
                ...((store.getQuery(list) as string[] | undefined) ?? []),
                args.item,
              ]);
              w.note("all", store.getAllQueries(list));
            },
          },
        );
      w.follow("b", add("b"));
      w.follow("c", add("c"));
      w.read("q:list");
      w.server.socket.sayTransition({ ts: 2 }, [updated(0, ["z"])]);
      w.read("q:list");
      w.server.socket.say({
        type: "MutationResponse",
        requestId: 0,
        success: false,
        result: "no",
        logLines: [],
      });
      w.read("q:list");
      w.server.socket.say({
        type: "MutationResponse",
        requestId: 1,
        success: true,
        result: null,
        ts: ts(3),
        logLines: [],
      });
      w.read("q:list");
      w.server.socket.sayTransition({ ts: 3 }, [updated(0, ["z", "c"])]);
      w.read("q:list");
      await settle();
    },
  },
  "an optimistic update can hide a result and invent one": {
    run: async (w) => {
      w.client.subscribe("q:list");
      w.server.socket.open();
      w.server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, 1)]);
      w.follow(
        "m",
        w.client.mutation(
          "m:run",
          {},
          {
            optimisticUpdate: (store) => {
              store.setQuery(makeFunctionReference<"query">("q:list"), {}, undefined);
              store.setQuery(makeFunctionReference<"query">("q:unknown"), { x: 1 }, "invented");
            },
          },
        ),
      );
      w.read("q:list");
      w.read("q:unknown", { x: 1 });
      w.server.socket.say({
        type: "MutationResponse",
        requestId: 0,
        success: true,
        result: null,
        ts: ts(2),
        logLines: [],
      });
      w.server.socket.sayTransition({ ts: 2 });
      w.read("q:list");
      w.read("q:unknown", { x: 1 });
      await settle();
    },
  },
  "arguments that are no plain object are refused": {
    run: async (w) => {
      w.server.socket.open();
      w.heard();
      for (const args of [[], "x", 1, new Date(0)]) {
        try {
          w.client.subscribe("q:list", args as never);
          w.note("taken", String(args));
        } catch {
          w.note("refused", String(args));
        }
      }
      w.heard();
    },
  },
  "the connection state is told once per turn, when it differs": {
    run: async (w) => {
      const blank = (date: Date | null) => (date === null ? null : "then");
      w.client.subscribeToConnectionState(({ timeOfOldestInflightRequest, ...state }) =>
        w.log.push({ ...state, oldest: blank(timeOfOldestInflightRequest) }),
      );
      w.server.socket.open();
      await settle();
      w.follow("m", w.client.mutation("m:run"));
      w.follow("a", w.client.action("a:run"));
      await settle();
      w.server.socket.say({
        type: "ActionResponse",
        requestId: 1,
        success: true,
        result: null,
        logLines: [],
      });
      await settle();
      w.server.socket.closeWith(1006, "");
      await settle();
      await vi.advanceTimersByTimeAsync(2000);
      w.server.socket.open();
      await settle();
    },
  },
  "a closed client stays closed": {
    run: async (w) => {
      await signIn(w);
      w.follow("closed", w.client.close());
      await vi.advanceTimersByTimeAsync(10_000_000);
      w.note("sockets", w.server.sockets.length);
    },
  },
};

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function play(Client: typeof BaseConvexClient, { options, run }: Scenario): Promise<unknown[]> {
  vi.setSystemTime(1_700_000_000_000);
  const world = new World(Client, options);
  await run(world);
  // Not awaited: a socket that a scenario left opening would never be closed.
  void world.client.close();
  await settle();
  return world.log;
}

describe("our client and the genuine one send and show the same", () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    test(name, async () => {
      const genuine = await play(GenuineClient as unknown as typeof BaseConvexClient, scenario);
      const ours = await play(BaseConvexClient, scenario);
      expect(ours).toEqual(genuine);
      expect(ours.length).toBeGreaterThan(0);
    });
  }
});
