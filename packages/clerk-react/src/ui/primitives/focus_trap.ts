import { type RefObject, useEffect, useState } from "react";

const FOCUSABLE =
  'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex]:not([tabindex="-1"])';

/**
 * Keeps the focus within `box` while it is on the page: it takes the focus in, to the first field if there is one,
 * turns it around at either end, and gives it back to where it was. When what had the focus is gone from the box, and
 * the focus with it, Tab leads back into the box.
 */
export function useFocusTrap(box: RefObject<HTMLElement | null>): void {
  // Looked up before anything in the box can have taken the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const page = element.ownerDocument;
    if (!element.contains(page.activeElement)) {
      (firstField(element) ?? element).focus();
    }
    const turn = (event: KeyboardEvent): void => {
      const at = page.activeElement;
      // What floats above the box has the keys while it has the focus.
      const isOurs = at === null || at === page.body || element.contains(at);
      if (event.key !== "Tab" || !isOurs) {
        return;
      }
      const stops = tabStops(element);
      const first = stops[0];
      const last = stops.at(-1);
      if (first === undefined || last === undefined) {
        event.preventDefault();
        return;
      }
      const leaves = event.shiftKey ? at === first || at === element : at === last;
      if (leaves || !element.contains(at)) {
        event.preventDefault();
        (event.shiftKey ? last : first).focus();
      }
    };
    page.addEventListener("keydown", turn);
    return () => {
      page.removeEventListener("keydown", turn);
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, [box, before]);
}

/** The field in `box` that comes first; undefined when there is none. */
export function firstField(box: HTMLElement): HTMLElement | undefined {
  return tabStops(box).find(({ tagName }) => tagName === "INPUT");
}

/** What the Tab key stops at within `box`, in order. */
export function tabStops(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.closest("[hidden],[inert]") === null,
  );
}
