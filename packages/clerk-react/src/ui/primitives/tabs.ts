import type { KeyboardEvent } from "react";

/** Moves with the arrow keys, Home and End among the tabs of a tab list, and selects the one it comes to. */
export function moveAmongTabs(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.indexOf(event.target as HTMLElement);
  const forward = getComputedStyle(event.currentTarget).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const backward = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  let to: number;
  switch (event.key) {
    case "ArrowDown":
    case forward:
      to = (at + 1) % tabs.length;
      break;
    case "ArrowUp":
    case backward:
      to = (at - 1 + tabs.length) % tabs.length;
      break;
    case "Home":
      to = 0;
      break;
    case "End":
      to = tabs.length - 1;
      break;
    default:
      return;
  }
  event.preventDefault();
  tabs[to]?.focus();
  tabs[to]?.click();
}
