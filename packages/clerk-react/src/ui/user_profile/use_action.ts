import { type RefObject, useEffect, useRef, useState } from "react";

/** Which form of a section is open, if any, and the focus on its way back. */
export interface Action<Name> {
  readonly open: Name | undefined;
  start(name: Name): void;
  /** Closes the form; the focus goes back into the section. */
  close(): void;
  /** To be put on the section's element that the focus goes back to. */
  readonly home: RefObject<HTMLDivElement | null>;
}

/** A section in which one form at a time can be open. */
export function useAction<Name>(): Action<Name> {
  const [open, setOpen] = useState<Name>();
  const home = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (open === undefined && wasOpen.current) {
      // What had the focus is gone with the form; the button that opened it is there again.
      home.current?.querySelector<HTMLElement>("button")?.focus();
    }
    wasOpen.current = open !== undefined;
  }, [open]);
  return { open, start: setOpen as (name: Name) => void, close: () => setOpen(undefined), home };
}
