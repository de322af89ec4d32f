import type { SignUpProps, SignUpResource } from "@tandem/clerk-js";
import { type ReactNode, useEffect, useState } from "react";
import { attemptFlow } from "../attempt_flow.ts";
import { useClerkState } from "../clerk_state.ts";
import { useCompletion } from "../completion.ts";
import type { FormErrors } from "../form/error_text.ts";
import { useTexts } from "../look/look_context.tsx";
import { addressParameters, linkKeepingRedirects, signInPage } from "../redirects.ts";
import { useSteps } from "../steps/steps.ts";
import { ContinueStep } from "./continue_step.tsx";
import { type SignUpFlow, SignUpFlowContext } from "./flow.ts";
import { StartStep } from "./start_step.tsx";
import { VerifyEmailStep } from "./verify_email_step.tsx";

/** The steps of a sign-up; their names are those of F §9.7. */
const STEPS: Record<string, { view: () => ReactNode; fits: (signUp: SignUpResource) => boolean }> = {
  "": { view: StartStep, fits: () => true },
  "verify-email-address": {
    view: VerifyEmailStep,
    fits: (signUp) => isUnderWay(signUp) && signUp.unverifiedFields.includes("email_address"),
  },
  continue: {
    view: ContinueStep,
    fits: (signUp) => isUnderWay(signUp) && signUp.missingFields.length > 0,
  },
};

/**
 * The sign-up, at the step where its address says it is if that fits the attempt under way, else where the attempt is.
 * @param onDone closes the modal in which it happens; absent on a page
 */
export function SignUpSteps(given: {
  props: SignUpProps;
  onDone?: () => void;
  openSignIn?: () => void;
}): ReactNode {
  const { clerk, client } = useClerkState();
  const { step, go } = useSteps();
  const { props, onDone, openSignIn } = given;
  const { texts } = useTexts();
  const completion = useCompletion({ kind: "signUp", props }, onDone);
  const [interrupted, setInterrupted] = useState<FormErrors>();
  const signUp = client?.signUp;
  const known = STEPS[step];
  const fits = signUp !== undefined && known?.fits(signUp) === true;
  // An attempt that is complete is on its way out; it keeps its step until it has gone.
  const astray = !fits && signUp?.status !== "complete";
  const next = signUp === undefined ? "" : stepOf(signUp);
  useEffect(() => {
    if (astray) {
      go(next, { replace: true });
    }
  }, [astray, next, go]);
  if (signUp === undefined) {
    return null;
  }
  const way = attemptFlow(signUp, { step, go, stepOf, completion, texts, interrupt: setInterrupted });
  const flow: SignUpFlow = {
    props,
    signUp,
    interruption: interrupted,
    ticket: addressParameters().get("__clerk_ticket") ?? undefined,
    ...way,
    signIn: {
      href: linkKeepingRedirects(props.signInUrl ?? signInPage(clerk), {
        sign_in_force_redirect_url: props.signInForceRedirectUrl,
        sign_in_fallback_redirect_url: props.signInFallbackRedirectUrl,
      }),
      open: openSignIn,
    },
  };
  const Step = (astray ? STEPS[next] : known)?.view ?? StartStep;
  return (
    <SignUpFlowContext.Provider value={flow}>
      <Step />
    </SignUpFlowContext.Provider>
  );
}

function stepOf(signUp: SignUpResource): string {
  const fitting = ["verify-email-address", "continue"].find((step) => STEPS[step]?.fits(signUp));
  return fitting ?? "";
}

function isUnderWay({ status }: SignUpResource): boolean {
  return status === "missing_requirements";
}
