import type { SignInProps, SignInResource } from "@tandem/clerk-js";
import { createContext, useContext } from "react";
import type { Completion } from "../completion.ts";

/** What the steps of a sign-in share. */
export interface SignInFlow {
  readonly props: SignInProps;
  readonly signIn: SignInResource;
  readonly completion: Completion;
  /** Goes to the step that the sign-in's status asks for, or completes it. */
  advance(signIn: SignInResource): Promise<void>;
  /** The way to the sign-up. */
  readonly signUp: { href: string; open: (() => void) | undefined };
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
