import type { StyleSheet } from "../style_sheet.ts";

/** Dialogs, menus, the user button and its card. */
export const overlaySheet: StyleSheet = {
  name: "overlays",
  order: 1,
  rules: `
.cl-modalBackdrop{
  position:fixed;
  inset:0;
  z-index:2147483000;
  display:grid;
  grid-template-columns:minmax(0,1fr);
  justify-items:center;
  align-items:start;
  overflow-y:auto;
  overscroll-behavior:contain;
  padding:max(1rem,8vh) 1rem 1rem;
  background:var(--cl-backdrop);
  backdrop-filter:blur(3px);
}
.cl-modalContent{position:relative;inline-size:25rem;max-inline-size:100%;outline:none}
.cl-modalContent__userProfile{inline-size:56rem}
.cl-modalCloseButton{position:absolute;inset-block-start:.75rem;inset-inline-end:.75rem;z-index:2}
.cl-userButtonBox{display:inline-flex}
.cl-userButtonTrigger{
  display:inline-flex;
  align-items:center;
  gap:.625em;
  margin:0;
  padding:0;
  border:0;
  font:inherit;
  color:inherit;
  background:none;
  border-radius:99px;
  cursor:pointer;
}
.cl-userButtonTrigger .cl-avatarBox{transition:box-shadow .15s;box-shadow:0 0 0 0 transparent}
.cl-userButtonTrigger:hover .cl-avatarBox,.cl-userButtonTrigger[aria-expanded=true] .cl-avatarBox{box-shadow:0 0 0 4px color-mix(in srgb,var(--cl-neutral) 9%,transparent)}
.cl-userButtonOuterIdentifier{font-weight:var(--cl-weight-medium)}
.cl-floating{position:fixed;z-index:2147483001;inset:0 auto auto 0;inline-size:max-content;max-inline-size:calc(100vw - 1rem)}
.cl-userButtonPopoverCard,.cl-menuList{
  border:1px solid var(--cl-border);
  border-radius:calc(var(--cl-radius)*1.5);
  background:var(--cl-background);
  box-shadow:0 1px 1px color-mix(in srgb,var(--cl-shadow) 4%,transparent),
    0 8px 20px -8px color-mix(in srgb,var(--cl-shadow) 18%,transparent),
    0 24px 48px -16px color-mix(in srgb,var(--cl-shadow) 22%,transparent);
  overflow:hidden;
}
.cl-userButtonPopoverCard{inline-size:21rem;max-inline-size:100%;background:var(--cl-muted)}
.cl-userButtonPopoverMain{background:var(--cl-background);border-radius:0 0 calc(var(--cl-radius)*1.25) calc(var(--cl-radius)*1.25);box-shadow:0 1px 0 var(--cl-border)}
.cl-userButtonPopoverMain > .cl-userPreview{padding:1.125em 1.25em}
.cl-userButtonPopoverActions{display:flex;flex-direction:column;border-block-start:1px solid var(--cl-border)}
.cl-userButtonPopoverActionButton{
  justify-content:flex-start;
  gap:.875em;
  inline-size:100%;
  min-block-size:3rem;
  padding:.5em 1.25em;
  border:0;
  border-radius:0;
  text-align:start;
  font-weight:var(--cl-weight-normal);
}
.cl-userButtonPopoverActionButton + .cl-userButtonPopoverActionButton{border-block-start:1px solid color-mix(in srgb,var(--cl-neutral) 7%,transparent)}
.cl-userButtonPopoverActionButton svg{color:var(--cl-text-muted)}
.cl-userButtonPopoverActionIcon{flex:none;inline-size:2.25rem;display:grid;place-items:center}
.cl-userButtonPopoverActionButton:hover,.cl-userButtonPopoverActionButton:focus-visible{background:color-mix(in srgb,var(--cl-neutral) 4%,transparent)}
.cl-userButtonPopoverActionButton:focus-visible,.cl-menuItem:focus-visible{outline-offset:-2px}
.cl-menuList{padding:.25rem;min-inline-size:10rem;display:flex;flex-direction:column}
.cl-menuItem{justify-content:flex-start;inline-size:100%;text-align:start;font-weight:var(--cl-weight-normal);border-radius:var(--cl-radius);padding:.375em .75em}
.cl-menuItem:hover,.cl-menuItem:focus-visible{background:color-mix(in srgb,var(--cl-neutral) 6%,transparent)}
.cl-menuItem__danger{color:var(--cl-danger)}
`,
};
