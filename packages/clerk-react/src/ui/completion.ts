import {
  type Clerk,
  type ClerkOptions,
  isClerkAPIResponseError,
  type SignInProps,
  type SignUpProps,
} from "@tandem/clerk-js";
import { useEffect, useRef } from "react";
import { useClerkState } from "./clerk_state.ts";
import { afterSignInUrl, afterSignUpUrl } from "./redirects.ts";

/** How a sign-in or a sign-up comes to its end. */
export interface Completion {
  /** Makes the session the active one and goes where the app wants people to go; a modal stays and closes. */
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
 */
export function useCompletion(
  flow: { kind: "signIn"; props: SignInProps } | { kind: "signUp"; props: SignUpProps },
  onDone: (() => void) | undefined,
): Completion {
  const { clerk, client, session, environment } = useClerkState();
  const completing = useRef(false);
  const target = (): string =>
    flow.kind === "signIn" ? afterSignInUrl(clerk, flow.props) : afterSignUpUrl(clerk, flow.props);

  const signedIn =
    session !== null && session !== undefined && environment?.authConfig.singleSessionMode === true;
  useEffect(() => {
    if (!signedIn || completing.current) {
      return;
    }
    completing.current = true;
    if (onDone !== undefined) {
      onDone();
    } else {
      void clerk.navigate(target()).catch(reportError);
    }
  });

  const activate = async (sessionId: string): Promise<void> => {
    completing.current = true;
    try {
      await clerk.setActive({
        session: sessionId,
        ...(onDone === undefined || leaves(flow, clerk.options) ? { redirectUrl: target() } : {}),
      });
    } catch (error) {
      completing.current = false;
      throw error;
    }
    onDone?.();
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
