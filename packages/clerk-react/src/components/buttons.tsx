import type { InitialValues, SignInProps, SignUpProps } from "@tandem/clerk-js";
import {
  type ButtonHTMLAttributes,
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

/**
 * The one child, or a plain button with the text; a click runs the child's own handler first.
 *
 * @param attributes - what else the component was given; it is the button's
 */
function clickable(
  name: string,
  children: ReactNode,
  label: string,
  attributes: object,
  act: () => unknown,
): ReactNode {
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
  return cloneElement(element, { ...attributes, onClick });
}

/** A class name, a label for screen readers and the like: they go to the button. */
type ButtonAttributes = Omit<ButtonHTMLAttributes<HTMLElement>, "children" | "onClick">;

type FlowButtonProps = ButtonAttributes & {
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

export type SignUpButtonProps = FlowButtonProps & {
  signInForceRedirectUrl?: string | null;
  signInFallbackRedirectUrl?: string | null;
};

function flowButton(flow: "In" | "Up"): (props: SignInButtonProps & SignUpButtonProps) => ReactNode {
  return ({
    children,
    mode,
    forceRedirectUrl,
    fallbackRedirectUrl,
    signInForceRedirectUrl,
    signInFallbackRedirectUrl,
    signUpForceRedirectUrl,
    signUpFallbackRedirectUrl,
    initialValues,
    withSignUp,
    oauthFlow,
    unsafeMetadata,
    appearance,
    ...attributes
  }) => {
    const clerk = useClerk();
    const given = {
      signInForceRedirectUrl,
      signInFallbackRedirectUrl,
      signUpForceRedirectUrl,
      signUpFallbackRedirectUrl,
      initialValues,
    };
    return clickable(`Sign${flow}Button`, children, `Sign ${flow.toLowerCase()}`, attributes, () =>
      mode === "modal"
        ? clerk[`openSign${flow}`]({
            ...given,
            forceRedirectUrl,
            fallbackRedirectUrl,
            withSignUp,
            oauthFlow,
            unsafeMetadata,
            appearance,
          } satisfies SignInProps & SignUpProps)
        : clerk[`redirectToSign${flow}`]({
            ...given,
            [`sign${flow}ForceRedirectUrl`]: forceRedirectUrl,
            [`sign${flow}FallbackRedirectUrl`]: fallbackRedirectUrl,
          }),
    );
  };
}

/** A button that leads to the sign-in: to its page, or as a modal (F §7.3). */
export const SignInButton: (props: SignInButtonProps) => ReactNode = flowButton("In");

/** A button that leads to the sign-up: to its page, or as a modal (F §7.3). */
export const SignUpButton: (props: SignUpButtonProps) => ReactNode = flowButton("Up");

export type SignOutButtonProps = ButtonAttributes & {
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
  ...attributes
}: SignOutButtonProps): ReactNode {
  const clerk = useClerk();
  return clickable("SignOutButton", children, "Sign out", attributes, () =>
    clerk.signOut({ redirectUrl, sessionId: sessionId ?? signOutOptions?.sessionId }),
  );
}
