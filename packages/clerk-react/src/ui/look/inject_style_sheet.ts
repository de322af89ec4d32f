import type { StyleSheet } from "./style_sheet.ts";

/**
 * Puts a part of the style sheet on the page, once. It goes first in the head, so that an app's own rules of the same
 * weight win over it, and it carries the page's nonce, so that a strict Content-Security-Policy lets it be.
 */
export function injectStyleSheet(page: Document, sheet: StyleSheet, layerName: string | undefined): void {
  const rules = sheet.rules.replace(/\n\s*/g, "");
  const text = layerName === undefined ? rules : `@layer ${layerName}{${rules}}`;
  const present = [...page.head.querySelectorAll<HTMLStyleElement>("style[data-tandem-ui]")];
  const own = present.find(({ dataset }) => dataset.tandemUi === sheet.name);
  if (own !== undefined) {
    if (own.textContent !== text) {
      own.textContent = text;
    }
    return;
  }
  const style = page.createElement("style");
  style.dataset.tandemUi = sheet.name;
  style.dataset.order = String(sheet.order);
  const nonce = pageNonce(page);
  if (nonce !== undefined) {
    style.nonce = nonce;
  }
  style.textContent = text;
  const before = present.filter(({ dataset }) => Number(dataset.order) < sheet.order).at(-1);
  if (before === undefined) {
    page.head.prepend(style);
  } else {
    before.after(style);
  }
}

/** The nonce with which the page's policy lets its own scripts and styles be; undefined when it has none. */
export function pageNonce(page: Document): string | undefined {
  return page.querySelector<HTMLElement>("script[nonce],style[nonce]")?.nonce || undefined;
}
