import type { SignUpProps, SignUpResource } from "@tandem/clerk-js";
import { createContext, useContext } from "react";
import type { FormErrors } from "../form/error_text.ts";

/** What the steps of a sign-up share. */
export interface SignUpFlow {
  readonly props: SignUpProps;
  readonly signUp: SignUpResource;
  /** An invitation's ticket, from the page's address (F §9.6). */
  readonly ticket: string | undefined;
  /** Goes to the step that the sign-up's state asks for, or completes it. */
  advance(signUp: SignUpResource): Promise<void>;
  /**
   * Takes the way out that an error offers: a session that is there already, or the first step, which says why. Answers
   * whether there was one.
   */
  recover(error: unknown): Promise<boolean>;
  /** Why the attempt before came to its end. */
  readonly interruption: FormErrors | undefined;
  /** The way to the sign-in. */
  readonly signIn: { href: string; open: (() => void) | undefined };
}

/** How the flow reaches its steps. */
export const SignUpFlowContext = createContext<SignUpFlow | null>(null);

/** The sign-up around. */
export function useSignUpFlow(): SignUpFlow {
  const flow = useContext(SignUpFlowContext);
  if (flow === null) {
    throw new Error("A step of the sign-up was drawn outside of it.");
  }
  return flow;
}
