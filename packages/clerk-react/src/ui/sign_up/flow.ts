import type { SignUpProps, SignUpResource } from "@tandem/clerk-js";
import { createContext, useContext } from "react";
import type { Completion } from "../completion.ts";

/** What the steps of a sign-up share. */
export interface SignUpFlow {
  readonly props: SignUpProps;
  readonly signUp: SignUpResource;
  readonly completion: Completion;
  /** An invitation's ticket, from the page's address (F §9.6). */
  readonly ticket: string | undefined;
  /** Goes to the step that the sign-up's state asks for, or completes it. */
  advance(signUp: SignUpResource): Promise<void>;
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
