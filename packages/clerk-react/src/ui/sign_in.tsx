import type { SignInProps } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { FlowFrame } from "./flow_frame.tsx";
import { SignInSteps } from "./sign_in/steps.tsx";

/** The sign-in, as a card on the app's page (F §7.3). */
export function SignInView(props: SignInProps): ReactNode {
  return (
    <FlowFrame component="signIn" appearance={props.appearance} routing={props}>
      <SignInSteps props={props} />
    </FlowFrame>
  );
}
