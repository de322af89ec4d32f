import type { Clerk, InitialValues, SignInProps, SignInResource, SignUpProps } from "@tandem/clerk-js";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { attemptFlow } from "../attempt_flow.ts";
import { useClerkState } from "../clerk_state.ts";
import { useCompletion } from "../completion.ts";
import type { FormErrors } from "../form/error_text.ts";
import { codeOf } from "../interruption.ts";
import { useTexts } from "../look/look_context.tsx";
import { linkKeepingRedirects, signUpIsOnSignInPage, signUpPage } from "../redirects.ts";
import { NestedSteps } from "../steps/step_router.tsx";
import { useSteps } from "../steps/steps.ts";
import { ChooseStep } from "./choose_step.tsx";
import { FirstFactorStep } from "./first_factor_step.tsx";
import { type SignInFlow, SignInFlowContext } from "./flow.ts";
import { ResetPasswordStep } from "./reset_password_step.tsx";
import { SecondFactorStep } from "./second_factor_step.tsx";
import { StartStep } from "./start_step.tsx";

/** The steps of a sign-in; their names are those of F §9.7. */
const STEPS: Record<string, { view: () => ReactNode; fits: (signIn: SignInResource) => boolean }> = {
  "": { view: StartStep, fits: () => true },
  choose: { view: ChooseStep, fits: () => true },
  "factor-one": { view: FirstFactorStep, fits: ({ status }) => status === "needs_first_factor" },
  "factor-two": { view: SecondFactorStep, fits: ({ status }) => needsSecondStep(status) },
  "reset-password": { view: ResetPasswordStep, fits: ({ status }) => status === "needs_new_password" },
};

/** A page for both keeps the sign-up for those who need it (F §6.8). */
const SignUpSteps = lazy(async () => ({ default: (await import("../sign_up/steps.tsx")).SignUpSteps }));

/**
 * The sign-in, at the step where its address says it is if that fits the attempt under way, else where the attempt is.
 * @param onDone closes the modal in which it happens; absent on a page
 */
export function SignInSteps(given: {
  props: SignInProps;
  onDone?: () => void;
  openSignUp?: () => void;
}): ReactNode {
  const { clerk, client, environment } = useClerkState();
  const { step, go } = useSteps();
  const { props, onDone, openSignUp } = given;
  const { texts } = useTexts();
  const creates = step === "create" || step.startsWith("create/");
  const completion = useCompletion({ kind: "signIn", props }, onDone, !creates);
  const [interrupted, setInterrupted] = useState<FormErrors>();
  const [newcomer, setNewcomer] = useState<InitialValues>();
  const signIn = client?.signIn;
  const furthest = useRef<string>(undefined);
  const known = STEPS[step];
  const fits = signIn !== undefined && known?.fits(signIn) === true;
  // An attempt that is complete is on its way out; it keeps its step until it has gone.
  const astray = !fits && !creates && signIn?.status !== "complete";
  const next = signIn === undefined ? "" : stepOf(signIn);
  useEffect(() => {
    if (fits && step !== "") {
      furthest.current = signIn?.id;
    }
  });
  useEffect(() => {
    if (astray) {
      go(next, { replace: true });
    }
  }, [astray, next, go]);
  if (signIn === undefined) {
    return null;
  }
  if (creates) {
    return (
      <Suspense>
        <NestedSteps prefix="create">
          <SignUpSteps
            props={signUpProps(props, newcomer)}
            openSignIn={() => go("")}
            {...(onDone === undefined ? {} : { onDone })}
          />
        </NestedSteps>
      </Suspense>
    );
  }
  const way = attemptFlow(signIn, { step, go, stepOf, completion, texts, interrupt: setInterrupted });
  const flow: SignInFlow = {
    props,
    signIn,
    activate: completion.activate,
    wentBack: signIn.id !== undefined && furthest.current === signIn.id,
    interruption: interrupted,
    advance: way.advance,
    async recover(error) {
      if (client === undefined || codeOf(error) !== "sign_up_if_missing_transfer") {
        return way.recover(error);
      }
      // The address is theirs, and nobody has an account with it (F §4.6).
      const signUp = await client.signUp.create({ transfer: true });
      if (signUp.createdSessionId === null) {
        go("create/continue");
      } else {
        await completion.activate(signUp.createdSessionId);
      }
      return true;
    },
    signUp: {
      href: linkKeepingRedirects(props.signUpUrl ?? signUpPage(clerk), {
        sign_up_force_redirect_url: props.signUpForceRedirectUrl,
        sign_up_fallback_redirect_url: props.signUpFallbackRedirectUrl,
      }),
      open: openSignUp ?? (signUpIsHere(clerk, props) ? () => go("create") : undefined),
    },
    welcome:
      signUpIsHere(clerk, props) && environment?.userSettings.signUp.mode === "public"
        ? (identifier) => {
            setNewcomer(identifier.includes("@") ? { emailAddress: identifier } : { username: identifier });
            go("create");
          }
        : undefined,
  };
  const Step = (astray ? STEPS[next] : known)?.view ?? StartStep;
  return (
    <SignInFlowContext.Provider value={flow}>
      <Step />
    </SignInFlowContext.Provider>
  );
}

/** Whether this sign-in has the sign-up among its own steps. */
function signUpIsHere(clerk: Clerk, { withSignUp, signUpUrl }: SignInProps): boolean {
  return withSignUp === true || (signUpUrl === undefined && signUpIsOnSignInPage(clerk));
}

/** The props of a sign-up on the sign-in's own page. */
function signUpProps(props: SignInProps, newcomer: InitialValues | undefined): SignUpProps {
  const { signUpForceRedirectUrl, signUpFallbackRedirectUrl, unsafeMetadata, signInUrl } = props;
  return {
    forceRedirectUrl: signUpForceRedirectUrl,
    fallbackRedirectUrl: signUpFallbackRedirectUrl,
    initialValues: { ...props.initialValues, ...newcomer },
    unsafeMetadata,
    signInUrl,
  };
}

function needsSecondStep(status: SignInResource["status"]): boolean {
  return status === "needs_second_factor" || status === "needs_client_trust";
}

function stepOf({ status }: SignInResource): string {
  switch (status) {
    case "needs_first_factor":
      return "factor-one";
    case "needs_second_factor":
    case "needs_client_trust":
      return "factor-two";
    case "needs_new_password":
      return "reset-password";
    case "needs_identifier":
    case "complete":
    case "abandoned":
    case null:
      return "";
    default:
      return status satisfies never;
  }
}
