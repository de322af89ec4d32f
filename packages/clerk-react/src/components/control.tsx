import type { CheckAuthorization, CheckAuthorizationParams } from "@tandem/clerk-js";
import { Fragment, type ReactNode } from "react";
import { useClerkContext } from "../clerk_context.ts";
import { useAuth } from "../hooks/use_auth.ts";

type PendingOption = { treatPendingAsSignedOut?: boolean };
type Asked = Omit<CheckAuthorizationParams, "reverification">;

/** Its children, when somebody is signed in. */
export function SignedIn({ children, ...options }: PendingOption & { children?: ReactNode }): ReactNode {
  return useAuth(options).isSignedIn ? children : null;
}

/** Its children, when nobody is signed in; nothing while loading. */
export function SignedOut({ children, ...options }: PendingOption & { children?: ReactNode }): ReactNode {
  return useAuth(options).isSignedIn === false ? children : null;
}

export type ProtectProps = PendingOption &
  Asked & {
    condition?: (has: CheckAuthorization) => boolean;
    fallback?: ReactNode;
    children?: ReactNode;
  };

/** Its children, for a user who may; else the fallback. Nothing asked: for every user. */
export function Protect({
  children,
  fallback,
  condition,
  treatPendingAsSignedOut,
  ...asked
}: ProtectProps): ReactNode {
  const { isLoaded, isSignedIn, has } = useAuth({ treatPendingAsSignedOut });
  if (!isLoaded) {
    return null;
  }
  const asksNothing = Object.values(asked).every((value) => value === undefined);
  const may = isSignedIn && (condition ? condition(has) : asksNothing || has(asked));
  return may ? children : (fallback ?? null);
}

export type ShowProps = PendingOption & {
  when: "signed-in" | "signed-out" | CheckAuthorizationParams | ((has: CheckAuthorization) => boolean);
  fallback?: ReactNode;
  children?: ReactNode;
};

/** Its children when the condition holds, else the fallback; nothing while loading. */
export function Show({ children, fallback = null, when, treatPendingAsSignedOut }: ShowProps): ReactNode {
  const { isLoaded, isSignedIn, has } = useAuth({ treatPendingAsSignedOut });
  if (!isLoaded) {
    return null;
  }
  if (when === "signed-out") {
    return isSignedIn ? fallback : children;
  }
  const may = isSignedIn && (when === "signed-in" || (typeof when === "function" ? when(has) : has(when)));
  return may ? children : fallback;
}

/** Begins anew with its children when another session becomes the active one. */
export function MultisessionAppSupport({ children }: { children?: ReactNode }): ReactNode {
  const { resources } = useClerkContext("<MultisessionAppSupport>");
  return <Fragment key={resources?.session?.id ?? "nobody"}>{children}</Fragment>;
}
