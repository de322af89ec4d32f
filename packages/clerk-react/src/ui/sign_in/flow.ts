import type { SignInProps, SignInResource } from "@tandem/clerk-js";
import { createContext, useContext } from "react";
import type { FormErrors } from "../form/error_text.ts";

/** What the steps of a sign-in share. */
export interface SignInFlow {
  readonly props: SignInProps;
  readonly signIn: SignInResource;
  /** Goes to the step that the sign-in's status asks for, or completes it. */
  advance(signIn: SignInResource): Promise<void>;
  /**
   * Takes the way out that an error offers: a session that is there already, or the first step, which says why. Answers
   * whether there was one.
   */
  recover(error: unknown): Promise<boolean>;
  /** Makes a session of this client the active one, and leaves the sign-in. */
  activate(sessionId: string): Promise<void>;
  /** Whether people have been further than the first step with this attempt, and have come back to it. */
  readonly wentBack: boolean;
  /** Why the attempt before came to its end. */
  readonly interruption: FormErrors | undefined;
  /** The way to the sign-up. */
  readonly signUp: { href: string; open: (() => void) | undefined };
  /**
   * Goes on with the sign-up, for somebody whom the server does not know; absent unless it is on this very page and
   * open to all.
   */
  readonly welcome: ((identifier: string) => void) | undefined;
}

/** How the flow reaches its steps. */
export const SignInFlowContext = createContext<SignInFlow | null>(null);

/** The sign-in around. */
export function useSignInFlow(): SignInFlow {
  const flow = useContext(SignInFlowContext);
  if (flow === null) {
    throw new Error("A step of the sign-in was drawn outside of it.");
  }
  return flow;
}
