import { type RefObject, useEffect, useState } from "react";

const FOCUSABLE =
  'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex]:not([tabindex="-1"])';

/**
 * Keeps the focus within `box` while it is on the page: it takes the focus in, to the first field if there is one,
 * turns it around at either end, and gives it back to where it was.
 */
export function useFocusTrap(box: RefObject<HTMLElement | null>): void {
  // Looked up before anything in the box can have taken the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    if (!element.contains(element.ownerDocument.activeElement)) {
      (tabStops(element).find(({ tagName }) => tagName === "INPUT") ?? element).focus();
    }
    const turn = (event: KeyboardEvent): void => {
      if (event.key !== "Tab") {
        return;
      }
      const stops = tabStops(element);
      const first = stops[0];
      const last = stops.at(-1);
      if (first === undefined || last === undefined) {
        event.preventDefault();
        return;
      }
      const at = element.ownerDocument.activeElement;
      const leaves = event.shiftKey ? at === first || at === element : at === last;
      if (leaves || !element.contains(at)) {
        event.preventDefault();
        (event.shiftKey ? last : first).focus();
      }
    };
    element.addEventListener("keydown", turn);
    return () => {
      element.removeEventListener("keydown", turn);
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, [box, before]);
}

/** What the Tab key stops at within `box`, in order. */
export function tabStops(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.closest("[hidden],[inert]") === null,
  );
}
