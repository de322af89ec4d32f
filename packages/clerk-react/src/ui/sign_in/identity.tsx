import type { ReactNode } from "react";
import { IdentityPreview } from "../primitives/identity_preview.tsx";
import { useSteps } from "../steps/steps.ts";
import { useSignInFlow } from "./flow.ts";

/**
 * Whom the step signs in, and the way back to say somebody else.
 * @param props.as the address that a code goes to, when that is not what was typed
 */
export function Identity(props: { as?: string }): ReactNode {
  const { signIn } = useSignInFlow();
  const { go } = useSteps();
  const identifier = props.as || signIn.identifier;
  return identifier === null ? null : <IdentityPreview identifier={identifier} onEdit={() => go("")} />;
}
