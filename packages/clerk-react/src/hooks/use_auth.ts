import type {
  CheckAuthorization,
  Clerk,
  GetToken,
  JwtPayload,
  SignedInSessionResource,
  SignOut,
  SignOutCallback,
  SignOutOptions,
} from "@tandem/clerk-js";
import { useMemo } from "react";
import { useClerkContext } from "../clerk_context.ts";
import { whenLoaded } from "../instance.ts";

type Actions = {
  /** A token of the active session; null when nobody is signed in. Waits for the client to load. */
  getToken: GetToken;
  signOut: SignOut;
};

/** Nobody knows yet, or the page is on its way from one state to the next. */
type Loading = Record<
  "isSignedIn" | "userId" | "sessionId" | "sessionClaims" | "actor" | "orgId" | "orgRole" | "orgSlug" | "has",
  undefined
> & { isLoaded: false };

type SignedOut = Record<
  "userId" | "sessionId" | "sessionClaims" | "actor" | "orgId" | "orgRole" | "orgSlug",
  null
> & { isLoaded: true; isSignedIn: false; has: CheckAuthorization };

type SignedIn = {
  isLoaded: true;
  isSignedIn: true;
  userId: string;
  sessionId: string;
  sessionClaims: JwtPayload;
  actor: Record<string, unknown> | null;
  orgId: string | null;
  orgRole: string | null;
  orgSlug: string | null;
  has: CheckAuthorization;
};

export type UseAuthReturn = Actions & (Loading | SignedOut | SignedIn);

const LOADING: Loading = {
  isLoaded: false,
  isSignedIn: undefined,
  userId: undefined,
  sessionId: undefined,
  sessionClaims: undefined,
  actor: undefined,
  orgId: undefined,
  orgRole: undefined,
  orgSlug: undefined,
  has: undefined,
};

const SIGNED_OUT: SignedOut = {
  isLoaded: true,
  isSignedIn: false,
  userId: null,
  sessionId: null,
  sessionClaims: null,
  actor: null,
  orgId: null,
  orgRole: null,
  orgSlug: null,
  has: () => false,
};

/**
 * Who is signed in, and the means to get tokens (F §7.4). Values are undefined
 * while loading and null when nobody is signed in.
 *
 * @param options - `treatPendingAsSignedOut`: whether a session with a task to solve counts as none; default true
 */
export function useAuth({ treatPendingAsSignedOut = true } = {}): UseAuthReturn {
  const { clerk, resources } = useClerkContext("useAuth()");
  const actions = useMemo(() => actionsOf(clerk), [clerk]);
  const session = resources?.session;
  if (session === undefined) {
    return { ...LOADING, ...actions };
  }
  if (session === null || !session.user || (treatPendingAsSignedOut && session.status === "pending")) {
    return { ...SIGNED_OUT, ...actions };
  }
  const claims = session.lastActiveToken?.jwt.claims;
  // Without a token nobody can say yet what the user may do.
  return { ...(claims === undefined ? LOADING : describe(session, session.user.id, claims)), ...actions };
}

function describe(session: SignedInSessionResource, userId: string, claims: JwtPayload): SignedIn {
  const membership = session.user?.organizationMemberships.find(
    ({ organization }) => organization.id === session.lastActiveOrganizationId,
  );
  return {
    isLoaded: true,
    isSignedIn: true,
    userId,
    sessionId: session.id,
    sessionClaims: claims,
    actor: session.actor,
    orgId: membership?.organization.id ?? null,
    orgRole: membership?.role ?? null,
    orgSlug: membership?.organization.slug ?? null,
    has: session.checkAuthorization,
  };
}

function actionsOf(clerk: Clerk): Actions {
  return {
    getToken: async (options) => {
      await whenLoaded(clerk);
      return (await clerk.session?.getToken(options)) ?? null;
    },
    signOut: async (first?: SignOutCallback | SignOutOptions, second?: SignOutOptions) => {
      await whenLoaded(clerk);
      await (typeof first === "function" ? clerk.signOut(first, second) : clerk.signOut(first));
    },
  };
}
