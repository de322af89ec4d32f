import { createContext, useContext } from "react";

/** Where a component with several steps stands, and how it moves on. */
export interface Steps {
  /** The current step: `""` is the first, others are such as `"factor-one"` (F §9.7). */
  readonly step: string;
  go(step: string, options?: { replace?: boolean }): void;
}

/** How the steps reach what is drawn in them. */
export const StepsContext = createContext<Steps | null>(null);

/** The steps of the component around. */
export function useSteps(): Steps {
  const steps = useContext(StepsContext);
  if (steps === null) {
    throw new Error("A step was drawn outside of its component.");
  }
  return steps;
}
