import type { InitialValues, SignInProps, SignUpProps } from "@tandem/clerk-js";
import {
  Children,
  cloneElement,
  isValidElement,
  type MouseEvent,
  type ReactElement,
  type ReactNode,
} from "react";
import { useClerk } from "../use_clerk.ts";

type ClickHandler = (event: MouseEvent<HTMLElement>) => unknown;
type Clickable = ReactElement<{ onClick?: ClickHandler }>;

/** The one child, or a plain button with the text; a click runs the child's own handler first. */
function clickable(name: string, children: ReactNode, label: string, act: () => unknown): ReactNode {
  const content = children ?? label;
  if (Children.count(content) !== 1) {
    throw new Error(
      `@clerk/clerk-react: <${name}> takes one child, and ${Children.count(content)} were given: wrap them into one.`,
    );
  }
  const element = (isValidElement(content) ? content : <button type="button">{content}</button>) as Clickable;
  const onClick: ClickHandler = async (event) => {
    await element.props.onClick?.(event);
    await act();
  };
  return cloneElement(element, { onClick });
}

type FlowButtonProps = {
  children?: ReactNode;
  mode?: "redirect" | "modal";
  forceRedirectUrl?: string | null;
  fallbackRedirectUrl?: string | null;
  initialValues?: InitialValues;
  oauthFlow?: "auto" | "redirect" | "popup";
  unsafeMetadata?: Record<string, unknown>;
  appearance?: object;
};

export type SignInButtonProps = FlowButtonProps & {
  signUpForceRedirectUrl?: string | null;
  signUpFallbackRedirectUrl?: string | null;
  withSignUp?: boolean;
};

/** A button that leads to the sign-in: to its page, or as a modal (F §7.3). */
export function SignInButton({ children, mode = "redirect", ...props }: SignInButtonProps): ReactNode {
  const clerk = useClerk();
  return clickable("SignInButton", children, "Sign in", () =>
    mode === "modal"
      ? clerk.openSignIn(props satisfies SignInProps)
      : clerk.redirectToSignIn({
          signInForceRedirectUrl: props.forceRedirectUrl,
          signInFallbackRedirectUrl: props.fallbackRedirectUrl,
          signUpForceRedirectUrl: props.signUpForceRedirectUrl,
          signUpFallbackRedirectUrl: props.signUpFallbackRedirectUrl,
          initialValues: props.initialValues,
        }),
  );
}

export type SignUpButtonProps = FlowButtonProps & {
  signInForceRedirectUrl?: string | null;
  signInFallbackRedirectUrl?: string | null;
};

/** A button that leads to the sign-up: to its page, or as a modal (F §7.3). */
export function SignUpButton({ children, mode = "redirect", ...props }: SignUpButtonProps): ReactNode {
  const clerk = useClerk();
  return clickable("SignUpButton", children, "Sign up", () =>
    mode === "modal"
      ? clerk.openSignUp(props satisfies SignUpProps)
      : clerk.redirectToSignUp({
          signUpForceRedirectUrl: props.forceRedirectUrl,
          signUpFallbackRedirectUrl: props.fallbackRedirectUrl,
          signInForceRedirectUrl: props.signInForceRedirectUrl,
          signInFallbackRedirectUrl: props.signInFallbackRedirectUrl,
          initialValues: props.initialValues,
        }),
  );
}

export type SignOutButtonProps = {
  children?: ReactNode;
  redirectUrl?: string;
  sessionId?: string;
  signOutOptions?: { sessionId?: string };
};

/** A button that signs out: of one session when it is named, and of all else. */
export function SignOutButton({
  children,
  redirectUrl,
  sessionId,
  signOutOptions,
}: SignOutButtonProps): ReactNode {
  const clerk = useClerk();
  return clickable("SignOutButton", children, "Sign out", () =>
    clerk.signOut({ redirectUrl, sessionId: sessionId ?? signOutOptions?.sessionId }),
  );
}
