import { useCallback, useState } from "react";
import type { Steps } from "./steps.ts";

/** Steps that the page's address knows nothing of: in modals. */
export function useVirtualSteps(first: string): Steps {
  const [step, setStep] = useState(first);
  const go = useCallback((next: string) => setStep(next), []);
  return { step, go };
}
