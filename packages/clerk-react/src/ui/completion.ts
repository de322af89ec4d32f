import {
  type Clerk,
  type ClerkOptions,
  isClerkAPIResponseError,
  type SignInProps,
  type SignUpProps,
} from "@tandem/clerk-js";
import { useEffect, useRef } from "react";
import { useClerkState } from "./clerk_state.ts";
import { useMounted } from "./mounted.ts";
import { afterSignInUrl, afterSignUpUrl } from "./redirects.ts";

/** How a sign-in or a sign-up comes to its end. */
export interface Completion {
  /**
   * Makes the session the active one and goes where the app wants people to go; a modal stays and closes. People who
   * have left the component meanwhile are signed in where they are.
   */
  activate(sessionId: string): Promise<void>;
  /**
   * Takes the way out that an error itself offers: the session that is there already is activated (F §8.2). Answers
   * whether there was one.
   */
  activateExisting(error: unknown): Promise<boolean>;
}

/**
 * The end of `kind`.
 * @param onDone closes the modal in which it happens; absent on a page
 * @param leads whether people are taken on who are signed in already; not where another flow within this one does it
 */
export function useCompletion(
  flow: { kind: "signIn"; props: SignInProps } | { kind: "signUp"; props: SignUpProps },
  onDone: (() => void) | undefined,
  leads = true,
): Completion {
  const { clerk, client, session, environment } = useClerkState();
  const completing = useRef(false);
  const mounted = useMounted();
  const target = (): string =>
    flow.kind === "signIn" ? afterSignInUrl(clerk, flow.props) : afterSignUpUrl(clerk, flow.props);

  const signedIn =
    session !== null && session !== undefined && environment?.authConfig.singleSessionMode === true;
  useEffect(() => {
    if (!leads || !signedIn || completing.current) {
      return;
    }
    completing.current = true;
    if (onDone !== undefined) {
      onDone();
    } else if (!isHere(target())) {
      void clerk.navigate(target()).catch(reportError);
    }
  });

  const activate = async (sessionId: string): Promise<void> => {
    completing.current = true;
    try {
      await clerk.setActive({
        session: sessionId,
        ...(mounted.current && (onDone === undefined || leaves(flow, clerk.options))
          ? { redirectUrl: target() }
          : {}),
      });
    } catch (error) {
      completing.current = false;
      throw error;
    }
    if (mounted.current) {
      onDone?.();
    }
  };
  return {
    activate,
    async activateExisting(error) {
      const sessionId = existingSession(error, clerk, client?.lastActiveSessionId ?? null);
      if (sessionId === undefined) {
        return false;
      }
      await activate(sessionId);
      return true;
    },
  };
}

/** Whether `address` is the page that is shown: going there would only load it again, and again. */
function isHere(address: string): boolean {
  return new URL(address, window.location.href).href === window.location.href;
}

/** A modal leaves the page only when the app said where to. */
function leaves(
  flow: { kind: "signIn" | "signUp"; props: SignInProps | SignUpProps },
  options: ClerkOptions,
): boolean {
  const { forceRedirectUrl, fallbackRedirectUrl } = flow.props;
  return [
    forceRedirectUrl,
    fallbackRedirectUrl,
    options[`${flow.kind}ForceRedirectUrl`],
    options[`${flow.kind}FallbackRedirectUrl`],
  ].some(Boolean);
}

function existingSession(error: unknown, clerk: Clerk, lastActive: string | null): string | undefined {
  if (!isClerkAPIResponseError(error)) {
    return undefined;
  }
  const [first] = error.errors;
  switch (first?.code) {
    case "session_exists":
      return lastActive ?? clerk.session?.id;
    case "identifier_already_signed_in":
      return first.meta?.sessionId;
    default:
      return undefined;
  }
}
