import { createElement, type JSX, type ReactNode, useCallback } from "react";
import type { AuthTokenFetcher } from "../browser/sync/authentication.ts";
import { ConvexProviderWithAuth } from "../react/auth_provider.ts";

type ClerkReactClient = {
  setAuth(fetchToken: AuthTokenFetcher): void;
  clearAuth(): void;
};

/** The hook of the same name in Clerk's React packages, as far as it is used here. */
type UseAuth = () => {
  isLoaded: boolean;
  isSignedIn: boolean | undefined;
  getToken: (options: { template?: "convex"; skipCache?: boolean }) => Promise<string | null>;
  // A change of one of these means other claims in the token.
  orgId: string | undefined | null;
  orgRole: string | undefined | null;
  sessionId: string | undefined | null;
  sessionClaims: Record<string, unknown> | undefined | null;
};

/**
 * A `ConvexProvider` whose client is signed in as the user of the `ClerkProvider`
 * above it. The token is Clerk's session token when that is made out to
 * `convex`, and else one by the JWT template named `convex` (P §2.8).
 *
 * @example
 * ```tsx
 * <ClerkProvider publishableKey={key}>
 *   <ConvexProviderWithClerk client={convex} useAuth={useAuth}><App /></ConvexProviderWithClerk>
 * </ClerkProvider>
 * ```
 */
export function ConvexProviderWithClerk({
  children,
  client,
  useAuth,
}: {
  children: ReactNode;
  client: ClerkReactClient;
  useAuth: UseAuth;
}): JSX.Element {
  const { isLoaded, isSignedIn, getToken, orgId, orgRole, sessionId, sessionClaims } = useAuth();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the session, the organisation and the role decide when to sign in anew; getToken and the claims are new objects far more often
  const fetchAccessToken = useCallback(
    async ({ forceRefreshToken }: { forceRefreshToken: boolean }) => {
      try {
        return await getToken(
          sessionClaims?.aud === "convex"
            ? { skipCache: forceRefreshToken }
            : { template: "convex", skipCache: forceRefreshToken },
        );
      } catch {
        // Clerk throws when the session has ended or is out of reach; both mean that there is no token.
        return null;
      }
    },
    [orgId, orgRole, sessionId],
  );
  const state = { isLoading: !isLoaded, isAuthenticated: isSignedIn ?? false, fetchAccessToken };
  return createElement(ConvexProviderWithAuth, { client, useAuth: () => state }, children);
}
