import {
  createContext,
  createElement,
  type JSX,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from "react";
import type { AuthTokenFetcher } from "../browser/sync/authentication.ts";
import type { ConvexReactClient } from "./client.ts";
import { ConvexProvider } from "./provider.ts";

/** What of a client the provider uses. */
type AuthenticatedReactClient = {
  setAuth(
    fetchToken: AuthTokenFetcher,
    onChange: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void;
  clearAuth(): void;
};

/** Whether somebody is signed in, as the server sees it. */
export type ConvexAuthState = {
  /** It is not known yet. */
  isLoading: boolean;
  /** The server has confirmed the current token. */
  isAuthenticated: boolean;
  /** Signed in, but the token was refused and is being replaced. The renewal of a good token does not show here. */
  isRefreshing: boolean;
};

const AuthContext = createContext<ConvexAuthState | undefined>(undefined);

/** Whether somebody is signed in. @throws Error when no provider with authentication is above. */
export function useConvexAuth(): ConvexAuthState {
  const state = useContext(AuthContext);
  if (state === undefined) {
    throw new Error(
      "useConvexAuth() needs <ConvexProviderWithAuth> or <ConvexProviderWithClerk> above it, not <ConvexProvider>.",
    );
  }
  return state;
}

/**
 * A `ConvexProvider` whose client signs in with the tokens of any provider of
 * authentication, by way of a hook that says how things stand there (P §2.8).
 *
 * @param useAuth - a hook; when the `fetchAccessToken` it returns changes, the client signs in anew
 */
export function ConvexProviderWithAuth({
  children,
  client,
  useAuth,
}: {
  children?: ReactNode;
  client: AuthenticatedReactClient;
  useAuth: () => {
    isLoading: boolean;
    isAuthenticated: boolean;
    fetchAccessToken: (args: { forceRefreshToken: boolean }) => Promise<string | null>;
  };
}): JSX.Element {
  const { isLoading: providerLoading, isAuthenticated: providerAuthenticated, fetchAccessToken } = useAuth();
  // What the server says of us; null while it has not said anything.
  const [confirmed, setConfirmed] = useState<boolean | null>(null);
  const [refreshing, setRefreshing] = useState(false);

  // During the render, so that no child ever sees the old answer with the provider's new state.
  if (providerLoading && confirmed !== null) setConfirmed(null);
  if (!providerLoading && !providerAuthenticated && confirmed !== false) setConfirmed(false);

  const isAuthenticated = providerAuthenticated && (confirmed ?? false);
  const state: ConvexAuthState = {
    isLoading: confirmed === null,
    isAuthenticated,
    isRefreshing: refreshing && isAuthenticated,
  };
  const session = {
    providerLoading,
    providerAuthenticated,
    fetchAccessToken,
    client,
    setConfirmed,
    setRefreshing,
  };
  return createElement(
    AuthContext.Provider,
    { value: state },
    // React runs the effects of siblings in order: signing in comes before any effect of the app, signing out after.
    createElement(SignIn, session),
    createElement(ConvexProvider, { client: client as ConvexReactClient }, children),
    createElement(SignOut, session),
  );
}

type Session = {
  providerLoading: boolean;
  providerAuthenticated: boolean;
  fetchAccessToken: (args: { forceRefreshToken: boolean }) => Promise<string | null>;
  client: AuthenticatedReactClient;
  setConfirmed: (update: (confirmed: boolean | null) => boolean | null) => void;
  setRefreshing: (refreshing: boolean) => void;
};

function SignIn({
  providerLoading,
  providerAuthenticated,
  fetchAccessToken,
  client,
  setConfirmed,
  setRefreshing,
}: Session): null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a provider that begins to load again ends the session too
  useEffect(() => {
    if (!providerAuthenticated) return;
    // Answers to a session that has ended are nobody's business any more.
    let current = true;
    client.setAuth(
      fetchAccessToken,
      (isAuthenticated) => {
        if (current) setConfirmed(() => isAuthenticated);
      },
      (isRefreshing) => {
        if (current) setRefreshing(isRefreshing);
      },
    );
    return () => {
      current = false;
      // An app that was signed in first hears that it is not; one that was not goes on waiting (P §2.8).
      setConfirmed((confirmed) => (confirmed ? false : null));
      setRefreshing(false);
    };
  }, [providerAuthenticated, fetchAccessToken, providerLoading, client, setConfirmed, setRefreshing]);
  return null;
}

function SignOut({
  providerLoading,
  providerAuthenticated,
  fetchAccessToken,
  client,
  setConfirmed,
}: Session): null {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same session as in SignIn
  useEffect(() => {
    if (!providerAuthenticated) return;
    return () => {
      client.clearAuth();
      // Loading rather than signed out: a changed fetchAccessToken is about to sign in again.
      setConfirmed(() => null);
    };
  }, [providerAuthenticated, fetchAccessToken, providerLoading, client, setConfirmed]);
  return null;
}
