import type { ModalKind, SignInProps, SignUpProps, UserProfileProps } from "@tandem/clerk-js";
import { lazy, type ReactNode, Suspense, useEffect, useId } from "react";
import type { Appearance } from "./appearance.ts";
import { useClerkState } from "./clerk_state.ts";
import { LookProvider } from "./look/look_context.tsx";
import { OpeningProvider } from "./opening.tsx";
import { Dialog } from "./primitives/dialog.tsx";
import { StepRouter } from "./steps/step_router.tsx";

// A modal fetches the code of its own component alone.
const SignInSteps = lazy(async () => ({ default: (await import("./sign_in/steps.tsx")).SignInSteps }));
const SignUpSteps = lazy(async () => ({ default: (await import("./sign_up/steps.tsx")).SignUpSteps }));
const ProfilePages = lazy(async () => ({ default: (await import("./user_profile/pages.tsx")).ProfilePages }));

/** Shows one component as a dialog over the page; `onClose` takes it away. */
export function ModalHost(props: {
  kind: ModalKind;
  props: SignInProps | SignUpProps | UserProfileProps;
  onClose: () => void;
}): ReactNode {
  const titleId = useId();
  const { client } = useClerkState();
  if (client === undefined) {
    return null;
  }
  return (
    <LookProvider component={props.kind} appearance={props.props.appearance as Appearance | undefined}>
      <OpeningProvider titleId={titleId}>
        <Suspense>
          <Dialog kind={props.kind} labelledBy={titleId} onClose={props.onClose}>
            <StepRouter key={props.kind} routing="virtual" first={startPath(props.props)}>
              <Content {...props} />
            </StepRouter>
          </Dialog>
        </Suspense>
      </OpeningProvider>
    </LookProvider>
  );
}

function Content(given: {
  kind: ModalKind;
  props: SignInProps | SignUpProps | UserProfileProps;
  onClose: () => void;
}): ReactNode {
  const { clerk } = useClerkState();
  const { kind, onClose } = given;
  switch (kind) {
    case "signIn": {
      const props = given.props as SignInProps;
      return (
        <SignInSteps
          props={props}
          onDone={onClose}
          openSignUp={() => {
            clerk.closeSignIn();
            clerk.openSignUp({
              ...shared(props),
              forceRedirectUrl: props.signUpForceRedirectUrl,
              fallbackRedirectUrl: props.signUpFallbackRedirectUrl,
              signInForceRedirectUrl: props.forceRedirectUrl,
              signInFallbackRedirectUrl: props.fallbackRedirectUrl,
            });
          }}
        />
      );
    }
    case "signUp": {
      const props = given.props as SignUpProps;
      return (
        <SignUpSteps
          props={props}
          onDone={onClose}
          openSignIn={() => {
            clerk.closeSignUp();
            clerk.openSignIn({
              ...shared(props),
              forceRedirectUrl: props.signInForceRedirectUrl,
              fallbackRedirectUrl: props.signInFallbackRedirectUrl,
              signUpForceRedirectUrl: props.forceRedirectUrl,
              signUpFallbackRedirectUrl: props.fallbackRedirectUrl,
            });
          }}
        />
      );
    }
    case "userProfile":
      return (
        <>
          <ClosingAtSignOut onClose={onClose} />
          <ProfilePages props={given.props as UserProfileProps} />
        </>
      );
    default:
      return kind satisfies never;
  }
}

/** Without a user there is nothing to show: the dialog goes with them. */
function ClosingAtSignOut(props: { onClose: () => void }): null {
  const { user } = useClerkState();
  const { onClose } = props;
  useEffect(() => {
    if (user === null) {
      onClose();
    }
  });
  return null;
}

/** The page with which a profile opens, when one was asked for. */
function startPath(props: object): string {
  const path = "__experimental_startPath" in props ? String(props.__experimental_startPath) : "";
  return path.replace(/^\/+/, "");
}

/** What a sign-in and the sign-up that takes its place have in common. */
function shared({
  appearance,
  initialValues,
  unsafeMetadata,
}: SignInProps | SignUpProps): SignInProps & SignUpProps {
  return {
    ...(appearance === undefined ? {} : { appearance }),
    ...(initialValues === undefined ? {} : { initialValues }),
    ...(unsafeMetadata === undefined ? {} : { unsafeMetadata }),
  };
}
