import type { Clerk, Resources, SignInRedirectOptions } from "@tandem/clerk-js";
import { useEffect, useRef } from "react";
import { useClerkContext } from "../clerk_context.ts";

/** Goes elsewhere once it is known who is signed in. */
function useRedirect(caller: string, go: (clerk: Clerk, resources: Resources) => Promise<unknown>): void {
  const { clerk, resources } = useClerkContext(caller);
  const latest = useRef({ go, resources });
  latest.current = { go, resources };
  const isLoaded = resources !== undefined;
  useEffect(() => {
    const { go, resources } = latest.current;
    if (isLoaded && resources !== undefined) {
      void go(clerk, resources);
    }
  }, [clerk, isLoaded]);
}

/** Sends the visitor to the sign-in, and from there back here (F §7.2). */
export function RedirectToSignIn(props: SignInRedirectOptions): null {
  useRedirect("<RedirectToSignIn>", (clerk, { client, session }) =>
    // Whoever has signed out of one of several sessions chooses among the others there.
    session === null && client.signedInSessions.length > 0
      ? clerk.redirectToAfterSignOut()
      : clerk.redirectToSignIn(props),
  );
  return null;
}

/** Sends the visitor to the sign-up, and from there back here. */
export function RedirectToSignUp(props: SignInRedirectOptions): null {
  useRedirect("<RedirectToSignUp>", (clerk) => clerk.redirectToSignUp(props));
  return null;
}

/** Sends the user to the page of their profile. */
export function RedirectToUserProfile(): null {
  useRedirect("<RedirectToUserProfile>", (clerk) => clerk.redirectToUserProfile());
  return null;
}
