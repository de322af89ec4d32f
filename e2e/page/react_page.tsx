import {
  Authenticated,
  AuthLoading,
  ConvexProviderWithAuth,
  ConvexReactClient,
  Unauthenticated,
  useAction,
  useConvexAuth,
  useMutation,
  usePaginatedQuery,
  useQuery,
} from "convex/react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../app/convex/_generated/api.js";

const parameters = new URLSearchParams(location.search);
const list = parameters.get("list")!;
const client = new ConvexReactClient(parameters.get("deployment")!, {
  authRefreshTokenLeewaySeconds: 2,
});

interface Session {
  /** Whether it is not known yet who is signed in. */
  readonly isLoading: boolean;
  readonly user: string | null;
  signIn(user: string): void;
  signOut(): void;
}

const SessionContext = createContext<Session | null>(null);

function useSession(): Session {
  return useContext(SessionContext)!;
}

/** Tokens of the signed-in user, from the test's provider by way of the page's server. */
function useAuth() {
  const { isLoading, user } = useSession();
  const fetchAccessToken = useCallback(
    async ({ forceRefreshToken }: { forceRefreshToken: boolean }) => {
      const response = await fetch(`/ask/token?user=${user}&force=${forceRefreshToken}`);
      return response.ok ? await response.text() : null;
    },
    [user],
  );
  return useMemo(
    () => ({ isLoading, isAuthenticated: user !== null, fetchAccessToken }),
    [isLoading, user, fetchAccessToken],
  );
}

function SessionProvider({ children }: { children: ReactNode }) {
  const [isLoading, setLoading] = useState(true);
  const [user, setUser] = useState<string | null>(null);
  useEffect(() => {
    void fetch("/ask/session").then(() => setLoading(false));
  }, []);
  const session = useMemo(
    () => ({ isLoading, user, signIn: setUser, signOut: () => setUser(null) }),
    [isLoading, user],
  );
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

function Items() {
  const items = useQuery(api.items.list, { list });
  const add = useMutation(api.items.add).withOptimisticUpdate((store, { n }) => {
    const shown = store.getQuery(api.items.list, { list });
    if (shown !== undefined) {
      store.setQuery(api.items.list, { list }, [...shown, { n, text: "hoped for" }]);
    }
  });
  const [outcome, setOutcome] = useState("");
  return (
    <section>
      <p id="items">
        {items === undefined ? "loading" : items.map(({ text }) => text).join(", ") || "empty"}
      </p>
      <button
        id="add"
        type="button"
        onClick={() => add({ list, n: items!.length }).then((id) => setOutcome(`added ${id}`), String)}
      >
        add
      </button>
      <p id="outcome">{outcome}</p>
    </section>
  );
}

function Pages() {
  const { results, status, loadMore } = usePaginatedQuery(
    api.items.page,
    { list: `${list} paged` },
    { initialNumItems: 3 },
  );
  return (
    <section>
      <p id="pages">{results.map(({ n }) => n).join(",")}</p>
      <p id="status">{status}</p>
      <button id="more" type="button" onClick={() => loadMore(3)}>
        more
      </button>
    </section>
  );
}

function Doubled() {
  const double = useAction(api.acting.double);
  const [shown, show] = useState("");
  return (
    <section>
      <button
        id="double"
        type="button"
        onClick={() =>
          double({ n: 21 }).then(
            (value) => show(String(value)),
            (error) => show(String(error)),
          )
        }
      >
        double
      </button>
      <p id="doubled">{shown}</p>
    </section>
  );
}

/** Every state of the sign-in that the page has gone through, for the test to look back at. */
const states: string[] = [];
(globalThis as { states?: string[] }).states = states;

function note(state: string): void {
  if (states.at(-1) !== state) {
    states.push(state);
  }
}

function Sign() {
  const { signIn, signOut } = useSession();
  const { isLoading, isAuthenticated } = useConvexAuth();
  note(isLoading ? "loading" : isAuthenticated ? "in" : "out");
  const who = useQuery(api.identity.whoami) as { name: string } | null | undefined;
  return (
    <section>
      <p id="sign">
        <Authenticated>in</Authenticated>
        <Unauthenticated>out</Unauthenticated>
        <AuthLoading>loading</AuthLoading>
      </p>
      <p id="who">{who === undefined ? "…" : who === null ? "nobody" : who.name}</p>
      <button id="in" type="button" onClick={() => signIn("ada")}>
        sign in
      </button>
      <button id="refused" type="button" onClick={() => signIn("refused")}>
        sign in with refused tokens
      </button>
      <button id="out" type="button" onClick={signOut}>
        sign out
      </button>
    </section>
  );
}

createRoot(document.getElementById("root")!).render(
  <SessionProvider>
    <ConvexProviderWithAuth client={client} useAuth={useAuth}>
      <Items />
      <Pages />
      <Doubled />
      <Sign />
    </ConvexProviderWithAuth>
  </SessionProvider>,
);
