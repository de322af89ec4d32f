import type { StyleSheet } from "../style_sheet.ts";

/** The user profile: its navigation, pages and sections. It measures itself, not the window. */
export const profileSheet: StyleSheet = {
  name: "profile",
  order: 2,
  rules: `
.cl-profileFrame{container-type:inline-size;inline-size:56rem;max-inline-size:100%;margin-inline:auto}
.cl-profileFrame .cl-cardBox{inline-size:100%}
.cl-profileGrid{display:grid;grid-template-columns:14rem minmax(0,1fr);min-block-size:36rem}
.cl-navbar{display:flex;flex-direction:column;gap:1.25em;padding:1.75em 1em}
.cl-navbarHeader{padding-inline:.75em}
.cl-navbarTitle{margin:0;font-size:1.143em;font-weight:var(--cl-weight-semibold);letter-spacing:-.01em}
.cl-navbarDescription{margin:0;color:var(--cl-text-muted);font-size:.929em}
.cl-navbarButtons{display:flex;flex-direction:column;gap:.25em}
.cl-navbarButton{justify-content:flex-start;gap:.75em;padding:.5em .75em;color:var(--cl-text-muted)}
.cl-navbarButton:hover{background:color-mix(in srgb,var(--cl-neutral) 5%,transparent)}
.cl-navbarButton[aria-selected=true]{color:var(--cl-text);background:color-mix(in srgb,var(--cl-neutral) 8%,transparent)}
.cl-pageScrollBox{background:var(--cl-background);border-inline-start:1px solid var(--cl-border);padding:1.75em 2em 2.5em;min-inline-size:0;outline:none}
.cl-pageScrollBox:focus-visible{box-shadow:inset 0 0 0 2px var(--cl-ring)}
.cl-page{display:flex;flex-direction:column}
.cl-profilePageTitle{margin:0 0 .75em;font-size:1.143em;font-weight:var(--cl-weight-semibold);letter-spacing:-.01em}
.cl-profileSection{display:grid;grid-template-columns:10rem minmax(0,1fr);gap:.5em 1.5em;padding-block:1.125em;border-block-start:1px solid var(--cl-border)}
.cl-profileSectionTitle{margin:0;padding-block:calc(1.125rem - .75em);font-size:1em;font-weight:var(--cl-weight-medium)}
.cl-profileSectionContent{display:flex;flex-direction:column;gap:.375em;min-inline-size:0}
.cl-profileSectionItemList{display:flex;flex-direction:column;gap:.375em;margin:0;padding:0;list-style:none;outline:none}
.cl-profileSectionItem{display:flex;align-items:center;justify-content:space-between;gap:.5em 1em;min-block-size:2.25rem;min-inline-size:0}
.cl-profileSectionItemText{display:flex;flex-wrap:wrap;align-items:center;gap:.25em .625em;min-inline-size:0;overflow-wrap:anywhere}
.cl-profileSectionItemText__empty{color:var(--cl-text-muted)}
.cl-profileSectionPrimaryButton{flex:none;align-self:flex-start;padding-inline:.625em;margin-inline:-.625em;color:var(--cl-text)}
.cl-profileSectionItem .cl-profileSectionPrimaryButton{
  align-self:center;
  margin-inline:0;
  min-block-size:2rem;
  padding:.25em .75em;
  font-size:.929em;
  border-color:color-mix(in srgb,var(--cl-neutral) 16%,transparent);
  background:var(--cl-input);
  box-shadow:0 1px 2px color-mix(in srgb,var(--cl-shadow) 4%,transparent);
}
.cl-profileSectionItem .cl-profileSectionPrimaryButton:hover{background:color-mix(in srgb,var(--cl-neutral) 4%,var(--cl-input))}
.cl-profileSectionPrimaryButton__danger{color:var(--cl-danger)}
.cl-activeDevice{align-items:flex-start;padding-block:.375em}
.cl-activeDeviceText{display:flex;gap:.875em;min-inline-size:0}
.cl-activeDeviceText > svg{flex:none;margin-block-start:.15em;color:var(--cl-text-muted)}
.cl-activeDeviceDetails{display:flex;flex-direction:column;min-inline-size:0;color:var(--cl-text-muted);font-size:.929em;overflow-wrap:anywhere}
.cl-activeDeviceName{display:flex;flex-wrap:wrap;align-items:center;gap:.25em .625em;color:var(--cl-text);font-size:1.077em}
.cl-actionCard{
  display:flex;
  flex-direction:column;
  gap:1.125em;
  padding:1.25em;
  border:1px solid var(--cl-border);
  border-radius:calc(var(--cl-radius)*1.25);
  background:color-mix(in srgb,var(--cl-muted) 60%,var(--cl-background));
}
.cl-actionCard__danger{border-color:color-mix(in srgb,var(--cl-danger) 35%,transparent)}
.cl-actionCardTitle{margin:0;font-size:1em;font-weight:var(--cl-weight-semibold);outline:none}
.cl-actionCardText{margin:0;color:var(--cl-text-muted)}
.cl-actionCardHeader{display:flex;flex-direction:column;gap:.25em}
.cl-formButtons{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:.5em}
.cl-formButtons .cl-formButtonPrimary{min-block-size:2.25rem}
.cl-skeleton{block-size:1em;border-radius:.3em;background:var(--cl-shimmer);animation:cl-shimmer 1.4s ease-in-out infinite}
.cl-announcement:empty{display:none}
.cl-announcement{margin-block-end:1em}
@container (max-width:44rem){
  .cl-profileGrid{grid-template-columns:minmax(0,1fr);grid-template-rows:auto 1fr;min-block-size:0}
  .cl-navbar{padding:1.25em 1em 0;gap:.75em;min-inline-size:0}
  .cl-navbarHeader{padding-inline:.25em}
  .cl-navbarDescription{display:none}
  .cl-navbarButtons{flex-direction:row;gap:.25em;overflow-x:auto;scrollbar-width:none}
  .cl-navbarButton{flex:none;border-radius:0;border-block-end:2px solid transparent;padding-inline:.5em}
  .cl-navbarButton:hover,.cl-navbarButton[aria-selected=true]{background:none}
  .cl-navbarButton[aria-selected=true]{border-block-end-color:var(--cl-primary)}
  .cl-navbarButton:focus-visible{outline-offset:-2px}
  .cl-pageScrollBox{border-inline-start:0;border-block-start:1px solid var(--cl-border);padding:1.25em 1.25em 1.75em}
  .cl-profileSection{grid-template-columns:minmax(0,1fr);gap:.25em}
  .cl-profileSectionTitle{padding-block:0;color:var(--cl-text-muted)}
}
`,
};
