import { createContext, type ReactNode, useContext, useId, useMemo } from "react";

interface Opening {
  /** The id of the current step's title: the name of a dialog. */
  readonly titleId: string;
  /**
   * Whether `title` belongs to the step that the component opened with. That one leaves the focus of the page alone.
   */
  isFirstStep(title: Element | null): boolean;
}

const OpeningContext = createContext<Opening | null>(null);

/** Remembers for one component with which step it opened. */
export function OpeningProvider(props: { titleId?: string; children: ReactNode }): ReactNode {
  const ownId = useId();
  const titleId = props.titleId ?? ownId;
  const opening = useMemo(() => {
    let first: Element | null = null;
    return {
      titleId,
      isFirstStep: (title: Element | null) => {
        first ??= title;
        return first === title;
      },
    };
  }, [titleId]);
  return <OpeningContext.Provider value={opening}>{props.children}</OpeningContext.Provider>;
}

/** See {@link OpeningProvider}. */
export function useOpening(): Opening {
  const opening = useContext(OpeningContext);
  if (opening === null) {
    throw new Error("A step was drawn outside of its component.");
  }
  return opening;
}
