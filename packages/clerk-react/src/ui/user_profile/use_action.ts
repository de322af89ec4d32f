import { type RefObject, useEffect, useRef, useState } from "react";

/** Which form of a section is open, if any, and the focus on its way back. */
export interface Action<Name> {
  readonly open: Name | undefined;
  start(name: Name): void;
  /** Closes the form; the focus goes back to what opened it, or else into the section. */
  close(): void;
  /** To be put on the section's element that the focus goes back to. */
  readonly home: RefObject<HTMLDivElement | null>;
}

/** A section in which one form at a time can be open. */
export function useAction<Name>(): Action<Name> {
  const [open, setOpen] = useState<Name>();
  const home = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (open === undefined && wasOpen.current) {
      // What had the focus is gone with the form. So may be what opened it; its like is there again then.
      const there = opener.current?.isConnected === true;
      (there ? opener.current : home.current?.querySelector("button"))?.focus();
    }
    wasOpen.current = open !== undefined;
  }, [open]);
  return {
    open,
    start(name) {
      if (!wasOpen.current) {
        const { activeElement } = document;
        // Not every browser gives the focus to a button that is clicked.
        opener.current = activeElement instanceof HTMLButtonElement ? activeElement : null;
      }
      setOpen(() => name);
    },
    close: () => setOpen(undefined),
    home,
  };
}
