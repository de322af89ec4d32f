import type { ReactNode } from "react";
import { IdentityPreview } from "../primitives/identity_preview.tsx";
import { useSteps } from "../steps/steps.ts";
import { useSignInFlow } from "./flow.ts";

/** Whom the step signs in, and the way back to say somebody else. */
export function Identity(): ReactNode {
  const { signIn } = useSignInFlow();
  const { go } = useSteps();
  return signIn.identifier === null ? null : (
    <IdentityPreview identifier={signIn.identifier} onEdit={() => go("")} />
  );
}
