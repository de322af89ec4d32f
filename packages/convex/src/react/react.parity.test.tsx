// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: each test makes the components and hooks it looks at
import * as genuine from "convex-genuine/react";
import * as genuineClerk from "convex-genuine/react-clerk";
import { act, Component, type ReactNode, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ScriptedServer, ts, updated } from "../browser/scripted_server/index.ts";
import * as oursClerk from "../react-clerk/index.ts";
import { makeFunctionReference } from "../server/api.ts";
import * as ours from "./index.ts";

const makes = [
  ["ours", ours, oursClerk],
  ["the genuine one", genuine as unknown as typeof ours, genuineClerk as unknown as typeof oursClerk],
] as const;

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const list = makeFunctionReference<"query", Record<string, never>, string>("q:list");
const other = makeFunctionReference<"query", Record<string, never>, string>("q:other");
const send = makeFunctionReference<"mutation", { body: string }, string>("m:send");
const pages = makeFunctionReference<"query">("q:pages") as ours.PaginatedQueryReference;

class Boundary extends Component<{ children: ReactNode }, { message?: string }> {
  override state: { message?: string } = {};
  static getDerivedStateFromError(error: Error) {
    return { message: error.message };
  }
  override render() {
    return this.state.message === undefined ? this.props.children : `caught: ${this.state.message}`;
  }
}

let server: ScriptedServer;
let root: Root;
let container: HTMLElement;

beforeEach(() => {
  server = new ScriptedServer();
  container = document.createElement("div");
  root = createRoot(container, { onCaughtError: () => {} });
});

afterEach(async () => {
  await act(async () => root.unmount());
});

const shown = () => container.textContent;
const render = (node: ReactNode) => act(async () => root.render(node));
/** Lets the server act and React show it. */
const serverDoes = (run: () => void) => act(async () => run());

type Modification = { type: string; queryId: number; udfPath?: string; args?: unknown[] };

/** The queries that the client has live, by what it has sent since the last call. */
function modifications(): Modification[] {
  return server.socket
    .heard()
    .flatMap((message) =>
      message.type === "ModifyQuerySet" ? (message.modifications as Modification[]) : [],
    );
}

// Which comes first makes no difference to what is live in the end.
const addsFirst = (a: Modification, b: Modification) => a.type.localeCompare(b.type);

for (const [make, lib, clerk] of makes) {
  describe(`with ${make}`, () => {
    const newClient = () =>
      new lib.ConvexReactClient("http://127.0.0.1:3210", {
        webSocketConstructor: server.WebSocket,
        logger: false,
        unsavedChangesWarning: false,
      });

    test("a client connects only when it is first used", async () => {
      const client = newClient();
      expect(server.sockets).toHaveLength(0);
      const Idle = () => <>{String(lib.useQuery(list, "skip"))}</>;
      await render(
        <lib.ConvexProvider client={client}>
          <Idle />
        </lib.ConvexProvider>,
      );
      expect(shown()).toBe("undefined");
      client.watchQuery(list).onUpdate(() => {});
      expect(server.sockets).toHaveLength(1);
      expect(server.socket.url).toBe("ws://127.0.0.1:3210/api/1.48.0/sync");
    });

    for (const strict of [false, true]) {
      test(`useQuery shows loading, then each result${strict ? ", in StrictMode too" : ""}`, async () => {
        const Show = () => <>{lib.useQuery(list) ?? "loading"}</>;
        const app = (
          <lib.ConvexProvider client={newClient()}>
            <Show />
          </lib.ConvexProvider>
        );
        await render(strict ? <StrictMode>{app}</StrictMode> : app);
        expect(shown()).toBe("loading");
        server.socket.open();
        const added = modifications();
        expect(added).toMatchObject([{ type: "Add", udfPath: "q:list" }]);
        const { queryId } = added[0]!;
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(queryId, "one")]),
        );
        expect(shown()).toBe("one");
        await serverDoes(() => server.socket.sayTransition({ ts: 2 }, [updated(queryId, "two")]));
        expect(shown()).toBe("two");
        await render(null);
        expect(modifications()).toEqual([{ type: "Remove", queryId }]);
      });
    }

    test("components that load the same query share it, and a new one shows it at once", async () => {
      const client = newClient();
      const Show = () => <>[{lib.useQuery(list) ?? "loading"}]</>;
      const app = (n: number) => (
        <lib.ConvexProvider client={client}>
          {Array.from({ length: n }, (_, i) => (
            <Show key={String(i)} />
          ))}
        </lib.ConvexProvider>
      );
      await render(app(2));
      server.socket.open();
      expect(modifications()).toHaveLength(1);
      await serverDoes(() => server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, "x")]));
      await render(app(3));
      expect(shown()).toBe("[x][x][x]");
      await render(app(1));
      expect(modifications()).toEqual([]);
    });

    test("changed arguments load another query, and skip lets go of it", async () => {
      const client = newClient();
      const byChannel = makeFunctionReference<"query", { channel: string }, string>("q:channel");
      const Show = ({ channel }: { channel?: string }) => (
        <>{lib.useQuery(byChannel, channel ? { channel } : "skip") ?? "loading"}</>
      );
      const app = (channel?: string) => (
        <lib.ConvexProvider client={client}>
          <Show {...(channel && { channel })} />
        </lib.ConvexProvider>
      );
      await render(app("a"));
      server.socket.open();
      expect(modifications()).toMatchObject([{ queryId: 0, args: [{ channel: "a" }] }]);
      await serverDoes(() => server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, "of a")]));
      await render(app("b"));
      expect(shown()).toBe("loading");
      expect(modifications().sort(addsFirst)).toMatchObject([
        { type: "Add", queryId: 1, args: [{ channel: "b" }] },
        { type: "Remove", queryId: 0 },
      ]);
      await render(app());
      expect(modifications()).toEqual([{ type: "Remove", queryId: 1 }]);
    });

    test("a failed query throws into the nearest error boundary", async () => {
      const Show = () => <>{lib.useQuery(list) ?? "loading"}</>;
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Boundary>
            <Show />
          </Boundary>
        </lib.ConvexProvider>,
      );
      server.socket.open();
      await serverDoes(() =>
        server.socket.sayTransition({ querySet: 1, ts: 1 }, [
          { type: "QueryFailed", queryId: 0, errorMessage: "Server Error", logLines: [], journal: null },
        ]),
      );
      expect(shown()).toBe("caught: [CONVEX Q(q:list)] Server Error\n  Called by client");
    });

    test("useQuery_experimental and useQueries return failures", async () => {
      const queries = { a: { query: list, args: {} }, b: { query: other, args: {} } };
      const Show = () => {
        const state = lib.useQuery_experimental({ query: list, args: {} });
        const results = lib.useQueries(queries);
        return <>{`${state.status} ${results.a instanceof Error} ${results.b}`}</>;
      };
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Show />
        </lib.ConvexProvider>,
      );
      expect(shown()).toBe("pending false undefined");
      server.socket.open();
      const ids = modifications().map(({ queryId }) => queryId);
      await serverDoes(() =>
        server.socket.sayTransition({ querySet: 1, ts: 1 }, [
          { type: "QueryFailed", queryId: ids[0]!, errorMessage: "no", logLines: [], journal: null },
          updated(ids[1]!, "fine"),
        ]),
      );
      expect(shown()).toBe("error true fine");
    });

    test("useMutation returns one function for good, with an optimistic update if wanted", async () => {
      const seen = new Set<unknown>();
      let call: (args: { body: string }) => Promise<string> = async () => "";
      const Show = () => {
        const plain = lib.useMutation(send);
        seen.add(plain);
        call = plain.withOptimisticUpdate((store, { body }) => {
          store.setQuery(list, {}, `${store.getQuery(list, {})}+${body}`);
        });
        return <>{lib.useQuery(list) ?? "loading"}</>;
      };
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Show />
        </lib.ConvexProvider>,
      );
      server.socket.open();
      await serverDoes(() => server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, "a")]));
      expect(seen.size).toBe(1);
      let result: Promise<string> = Promise.resolve("");
      await act(async () => {
        result = call({ body: "b" });
      });
      expect(shown()).toBe("a+b");
      await serverDoes(() => {
        server.socket.say({
          type: "MutationResponse",
          requestId: 0,
          success: true,
          result: "ok",
          ts: ts(2),
          logLines: [],
        });
        server.socket.sayTransition({ ts: 2 }, [updated(0, "a, b")]);
      });
      expect(shown()).toBe("a, b");
      expect(await result).toBe("ok");
    });

    test("a click event is not taken for arguments, and a second optimistic update is refused", async () => {
      let mutate: ours.ReactMutation<typeof send> | undefined;
      const Show = () => {
        mutate = lib.useMutation(send);
        return null;
      };
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Show />
        </lib.ConvexProvider>,
      );
      const event = { bubbles: true, persist: () => {}, isDefaultPrevented: () => false };
      expect(() => mutate!(event as never)).toThrow(/event/i);
      expect(() => mutate!.withOptimisticUpdate(() => {}).withOptimisticUpdate(() => {})).toThrow(
        /optimistic update/i,
      );
    });

    test("a preloaded query shows its preloaded result until the live one is there", async () => {
      const preloaded = { _name: "q:list", _argsJSON: {}, _valueJSON: "early" } as unknown as ours.Preloaded<
        typeof list
      >;
      const Show = () => <>{lib.usePreloadedQuery(preloaded)}</>;
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Show />
        </lib.ConvexProvider>,
      );
      expect(shown()).toBe("early");
      server.socket.open();
      await serverDoes(() => server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, "live")]));
      expect(shown()).toBe("live");
    });

    test("the connection's state is shown as it changes", async () => {
      const Show = () => <>{String(lib.useConvexConnectionState().isWebSocketConnected)}</>;
      await render(
        <lib.ConvexProvider client={newClient()}>
          <Show />
        </lib.ConvexProvider>,
      );
      expect(shown()).toBe("false");
      await serverDoes(() => server.socket.open());
      expect(shown()).toBe("true");
    });

    describe("usePaginatedQuery", () => {
      const page = (items: string[], continueCursor: string, more: Record<string, unknown> = {}) => ({
        page: items,
        isDone: false,
        continueCursor,
        ...more,
      });
      let loadMore: (n: number) => void = () => {};
      const Show = () => {
        const result = lib.usePaginatedQuery(pages, {}, { initialNumItems: 2 });
        loadMore = result.loadMore;
        return <>{`${result.results.join()} ${result.status} ${result.isLoading}`}</>;
      };
      const start = async () => {
        lib.resetPaginationId();
        await render(
          <lib.ConvexProvider client={newClient()}>
            <Show />
          </lib.ConvexProvider>,
        );
        server.socket.open();
      };
      const options = () =>
        modifications()
          .sort(addsFirst)
          .map(({ args, type, queryId }) =>
            type === "Add" ? (args![0] as { paginationOpts: unknown }).paginationOpts : `remove ${queryId}`,
          );

      test("loads page after page until the end", async () => {
        await start();
        expect(shown()).toBe(" LoadingFirstPage true");
        expect(options()).toEqual([{ numItems: 2, cursor: null, id: 1 }]);
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, page(["a", "b"], "B"))]),
        );
        expect(shown()).toBe("a,b CanLoadMore false");
        await act(async () => {
          loadMore(3);
          loadMore(3);
        });
        expect(shown()).toBe("a,b LoadingMore true");
        expect(options()).toEqual([{ numItems: 3, cursor: "B", id: 1 }]);
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 2, ts: 2 }, [
            updated(1, { ...page(["c"], "end"), isDone: true }),
          ]),
        );
        expect(shown()).toBe("a,b,c Exhausted false");
      });

      test("splits a page that has grown too large, without showing a gap", async () => {
        await start();
        options();
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 1, ts: 1 }, [
            updated(0, page(["a", "b", "c", "d", "e"], "E", { splitCursor: "C" })),
          ]),
        );
        expect(shown()).toBe("a,b,c,d,e CanLoadMore false");
        expect(options()).toEqual([
          { numItems: 2, cursor: null, id: 1, endCursor: "C" },
          { numItems: 2, cursor: "C", id: 1, endCursor: "E" },
        ]);
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 3, ts: 2 }, [updated(1, page(["a", "b", "c"], "C"))]),
        );
        expect(shown()).toBe("a,b,c,d,e CanLoadMore false");
        await serverDoes(() =>
          server.socket.sayTransition({ ts: 3 }, [updated(2, page(["d", "e", "f"], "E"))]),
        );
        expect(shown()).toBe("a,b,c,d,e,f CanLoadMore false");
        expect(options()).toEqual(["remove 0"]);
      });

      test("stops before a page that could not be read to its end", async () => {
        await start();
        options();
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 1, ts: 1 }, [
            updated(0, page(["a", "b"], "B", { splitCursor: "A", pageStatus: "SplitRequired" })),
          ]),
        );
        expect(shown()).toBe(" LoadingMore true");
        expect(options()).toHaveLength(2);
      });

      test("begins anew when a cursor is of no use any more", async () => {
        await start();
        options();
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 1, ts: 1 }, [updated(0, page(["a", "b"], "B"))]),
        );
        await act(async () => loadMore(2));
        options();
        await serverDoes(() =>
          server.socket.sayTransition({ querySet: 2, ts: 2 }, [
            {
              type: "QueryFailed",
              queryId: 1,
              errorMessage: "Server Error",
              errorData: { isConvexSystemError: true, paginationError: "InvalidCursor" },
              logLines: [],
              journal: null,
            },
          ]),
        );
        expect(shown()).toBe(" LoadingFirstPage true");
        expect(options()).toEqual([{ numItems: 2, cursor: null, id: 2 }, "remove 0", "remove 1"]);
      });
    });

    describe("authentication", () => {
      const Status = () => (
        <>
          <lib.Authenticated>in</lib.Authenticated>
          <lib.Unauthenticated>out</lib.Unauthenticated>
          <lib.AuthLoading>loading</lib.AuthLoading>
          <lib.AuthRefreshing>+refreshing</lib.AuthRefreshing>
        </>
      );
      const token = (name: string) =>
        `e30.${btoa(JSON.stringify({ sub: name, iat: 1000, exp: 4600 })).replace(/=/g, "")}.`;
      const authenticates = () =>
        server.socket
          .heard()
          .filter(({ type }) => type === "Authenticate")
          .map(({ tokenType }) => tokenType);

      for (const strict of [false, true]) {
        test(`goes from loading to signed in, through a refusal, and out${strict ? ", in StrictMode too" : ""}`, async () => {
          const client = newClient();
          let provider = { isLoading: true, isAuthenticated: false };
          let n = 0;
          const fetchAccessToken = async () => token(String(n++));
          const useAuth = () => ({ ...provider, fetchAccessToken });
          const App = () => (
            <lib.ConvexProviderWithAuth client={client} useAuth={useAuth}>
              <Status />
            </lib.ConvexProviderWithAuth>
          );
          const app = () => (strict ? <StrictMode>{<App />}</StrictMode> : <App />);
          await render(app());
          expect(shown()).toBe("loading");
          provider = { isLoading: false, isAuthenticated: true };
          await render(app());
          expect(shown()).toBe("loading");
          await serverDoes(() => server.socket.open());
          expect(authenticates()).toEqual(["User"]);
          await serverDoes(() => server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 }));
          expect(shown()).toBe("in");
          expect(authenticates()).toEqual(["User"]);
          await serverDoes(() => server.socket.sayTransition({ identity: 2, ts: 2 }));
          await serverDoes(() =>
            server.socket.say({
              type: "AuthError",
              error: "expired",
              baseVersion: 2,
              authUpdateAttempted: false,
            }),
          );
          expect(shown()).toBe("in+refreshing");
          expect(server.sockets).toHaveLength(2);
          await serverDoes(() => server.socket.open());
          await serverDoes(() => server.socket.sayTransition({ querySet: 1, identity: 1, ts: 3 }));
          expect(shown()).toBe("in");
          provider = { isLoading: false, isAuthenticated: false };
          await render(app());
          expect(shown()).toBe("out");
          expect(authenticates()).toEqual(["User", "None"]);
        });
      }

      test("another session signs out and in, by way of loading", async () => {
        const client = newClient();
        const session = (name: string) => async () => token(name);
        const states: (string | null)[] = [];
        let fetchAccessToken = session("one");
        const useAuth = () => ({ isLoading: false, isAuthenticated: true, fetchAccessToken });
        const Record = () => {
          const { isLoading, isAuthenticated } = lib.useConvexAuth();
          const state = isLoading ? "loading" : isAuthenticated ? "in" : "out";
          if (states.at(-1) !== state) states.push(state);
          return null;
        };
        const App = () => (
          <lib.ConvexProviderWithAuth client={client} useAuth={useAuth}>
            <Record />
          </lib.ConvexProviderWithAuth>
        );
        await render(<App />);
        await serverDoes(() => server.socket.open());
        await serverDoes(() => server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 }));
        fetchAccessToken = session("two");
        await render(<App />);
        expect(authenticates()).toEqual(["User", "None", "User"]);
        await serverDoes(() => server.socket.sayTransition({ identity: 3, ts: 2 }));
        expect(states).toEqual(["loading", "in", "loading", "in"]);
      });

      test("useConvexAuth asks for a provider with authentication", async () => {
        await render(
          <Boundary>
            <lib.ConvexProvider client={newClient()}>
              <Status />
            </lib.ConvexProvider>
          </Boundary>,
        );
        expect(shown()).toMatch(/^caught: .*Convex/);
      });

      test("Clerk is asked for its convex template, or for its own token when that is made out to convex", async () => {
        for (const aud of [undefined, "convex", ["convex"]]) {
          const asked: unknown[] = [];
          const useAuth = () => ({
            isLoaded: true,
            isSignedIn: true,
            getToken: async (options: unknown) => {
              asked.push(options);
              return token("clerk");
            },
            orgId: null,
            orgRole: null,
            sessionId: "s",
            sessionClaims: { aud },
          });
          const client = newClient();
          await render(
            <clerk.ConvexProviderWithClerk client={client} useAuth={useAuth} key={JSON.stringify({ aud })}>
              <Status />
            </clerk.ConvexProviderWithClerk>,
          );
          await serverDoes(() => server.socket.open());
          await serverDoes(() => server.socket.sayTransition({ querySet: 1, identity: 1, ts: 1 }));
          const template = aud === "convex" ? {} : { template: "convex" };
          expect(asked).toEqual([
            { ...template, skipCache: false },
            { ...template, skipCache: true },
          ]);
          expect(shown()).toBe("in");
        }
      });
    });

    test("a hook without a provider says what is missing", async () => {
      const Show = () => <>{lib.useQuery(list)}</>;
      await render(
        <Boundary>
          <Show />
        </Boundary>,
      );
      expect(shown()).toMatch(/^caught: Could not find.*ConvexProvider/);
    });
  });
}
