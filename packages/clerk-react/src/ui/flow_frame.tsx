import type { ReactNode } from "react";
import type { Appearance, StyledComponent } from "./appearance.ts";
import { useClerkState } from "./clerk_state.ts";
import { LookProvider, LookRoot } from "./look/look_context.tsx";
import { OpeningProvider } from "./opening.tsx";
import { type RoutingProps, StepRouter } from "./steps/step_router.tsx";

/** What is around every component with steps: its look, its steps. Nothing is drawn before the client has loaded. */
export function FlowFrame(props: {
  component: StyledComponent;
  /** The type of `appearance` in the components' props leaves its contents to this package. */
  appearance: object | undefined;
  routing: RoutingProps;
  children: ReactNode;
}): ReactNode {
  const { client } = useClerkState();
  if (client === undefined) {
    return null;
  }
  return (
    <LookProvider component={props.component} appearance={props.appearance as Appearance | undefined}>
      <OpeningProvider>
        <LookRoot>
          <StepRouter {...props.routing}>{props.children}</StepRouter>
        </LookRoot>
      </OpeningProvider>
    </LookProvider>
  );
}
