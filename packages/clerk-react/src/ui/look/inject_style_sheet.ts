import { styleSheet } from "./style_sheet.ts";

const MARK = "data-tandem-ui";

/**
 * Puts the style sheet on the page, once. It goes first in the head, so that an app's own rules of the same weight
 * win over it, and it carries the page's nonce, so that a strict Content-Security-Policy lets it be.
 */
export function injectStyleSheet(page: Document, layerName: string | undefined): void {
  const text = layerName === undefined ? styleSheet : `@layer ${layerName}{${styleSheet}}`;
  const present = page.head.querySelector<HTMLStyleElement>(`style[${MARK}]`);
  if (present !== null) {
    if (present.textContent !== text) {
      present.textContent = text;
    }
    return;
  }
  const style = page.createElement("style");
  style.setAttribute(MARK, "");
  const nonce = page.querySelector<HTMLElement>("script[nonce],style[nonce]")?.nonce;
  if (nonce !== undefined && nonce !== "") {
    style.nonce = nonce;
  }
  style.textContent = text;
  page.head.prepend(style);
}
