import type { SessionResource, SetActive, SignedInSessionResource } from "@tandem/clerk-js";
import { useClerkContext } from "../clerk_context.ts";

export type UseSessionReturn =
  | { isLoaded: false; isSignedIn: undefined; session: undefined }
  | { isLoaded: true; isSignedIn: false; session: null }
  | { isLoaded: true; isSignedIn: true; session: SignedInSessionResource };

/** The active session (F §7.4). @param options - as for `useAuth()` */
export function useSession({ treatPendingAsSignedOut = true } = {}): UseSessionReturn {
  const session = useClerkContext("useSession()").resources?.session;
  if (session === undefined) {
    return { isLoaded: false, isSignedIn: undefined, session: undefined };
  }
  return session === null || (treatPendingAsSignedOut && session.status === "pending")
    ? { isLoaded: true, isSignedIn: false, session: null }
    : { isLoaded: true, isSignedIn: true, session };
}

export type UseSessionListReturn =
  | { isLoaded: false; sessions: undefined; setActive: undefined }
  | { isLoaded: true; sessions: SessionResource[]; setActive: SetActive };

/** Every session of this browser (F §7.4). */
export function useSessionList(): UseSessionListReturn {
  const { clerk, resources } = useClerkContext("useSessionList()");
  return resources === undefined
    ? { isLoaded: false, sessions: undefined, setActive: undefined }
    : { isLoaded: true, sessions: resources.client.sessions, setActive: clerk.setActive };
}
