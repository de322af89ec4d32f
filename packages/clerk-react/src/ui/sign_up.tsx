import type { SignUpProps } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { FlowFrame } from "./flow_frame.tsx";
import { SignUpSteps } from "./sign_up/steps.tsx";

/** The sign-up, as a card on the app's page (F §7.3). */
export function SignUpView(props: SignUpProps): ReactNode {
  return (
    <FlowFrame component="signUp" appearance={props.appearance} routing={props}>
      <SignUpSteps props={props} />
    </FlowFrame>
  );
}
