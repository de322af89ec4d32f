import type { SignInFirstFactor } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import type { Texts } from "../../localization.ts";

/** What the view of a factor is given besides the factor. */
export interface FactorViewProps<Factor> {
  readonly factor: Factor;
  /** Whether a code of this factor has been sent and may still be entered. */
  readonly codeUnderWay: boolean;
  /** To be called when a code of this factor has been sent. */
  readonly onCodeSent: () => void;
  /** Shows the other ways to sign in; absent when there is none. */
  readonly showMethods: (() => void) | undefined;
  /** Starts the way to a new password; absent when there is none. */
  readonly recover: (() => void) | undefined;
  /** Goes back from a way to a new password. */
  readonly back: () => void;
}

/** One way to prove who one is: a strategy of F §4.4, how it is offered and how it is asked for. */
export interface FactorKind<Factor extends SignInFirstFactor = SignInFirstFactor> {
  readonly strategy: Factor["strategy"];
  /** Whether it is a way to a new password rather than one to sign in with. */
  readonly recovery: boolean;
  /** Of those offered, the ones with a lower rank are asked for first: by the instance's preference (F §3.3). */
  readonly rank: { readonly password: number; readonly otp: number };
  readonly label: (factor: Factor, texts: Texts) => string;
  readonly Icon: (props: { size?: number }) => ReactNode;
  readonly View: (props: FactorViewProps<Factor>) => ReactNode;
}

/** `kind` for the list of all kinds, which gives each only factors of its own strategy. */
export function factorKind<Factor extends SignInFirstFactor>(kind: FactorKind<Factor>): FactorKind {
  return kind as unknown as FactorKind;
}
