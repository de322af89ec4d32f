/**
 * The root, the card and what stands in it besides controls. A live region with nothing to say is out of the flow, so
 * that it takes part in no gap.
 */
export const cardRules = `
.cl-rootBox{
  color-scheme:var(--cl-scheme);
  color:var(--cl-text);
  font-family:var(--cl-font);
  font-size:var(--cl-size);
  font-weight:var(--cl-weight-normal);
  line-height:1.5;
  text-align:start;
  -webkit-font-smoothing:antialiased;
}
.cl-rootBox,.cl-rootBox *,.cl-rootBox ::before,.cl-rootBox ::after{box-sizing:border-box}
.cl-cardBox{
  inline-size:25rem;
  max-inline-size:100%;
  margin-inline:auto;
  border-radius:calc(var(--cl-radius)*2);
  background:var(--cl-muted);
  border:1px solid var(--cl-border);
  box-shadow:0 1px 1px color-mix(in srgb,var(--cl-shadow) 4%,transparent),
    0 6px 16px -6px color-mix(in srgb,var(--cl-shadow) 10%,transparent),
    0 24px 48px -16px color-mix(in srgb,var(--cl-shadow) 14%,transparent);
  overflow:hidden;
  position:relative;
}
.cl-card{
  display:flex;
  flex-direction:column;
  gap:calc(var(--cl-space)*1.75);
  padding:calc(var(--cl-space)*2.25) calc(var(--cl-space)*2.25) calc(var(--cl-space)*2);
  background:var(--cl-background);
  border-radius:0 0 calc(var(--cl-radius)*1.75) calc(var(--cl-radius)*1.75);
  box-shadow:0 1px 0 var(--cl-border);
}
.cl-header{display:flex;flex-direction:column;gap:calc(var(--cl-space)*.25);text-align:center;align-items:center}
.cl-logoBox{display:flex;justify-content:center;margin-block-end:calc(var(--cl-space)*1)}
.cl-logoImage{block-size:2.25rem;max-inline-size:100%;object-fit:contain}
.cl-headerTitle{
  margin:0;
  font-size:1.25em;
  line-height:1.35;
  font-weight:var(--cl-weight-semibold);
  letter-spacing:-.014em;
  text-wrap:balance;
  overflow-wrap:anywhere;
  outline:none;
}
.cl-headerSubtitle{margin:0;color:var(--cl-text-muted);text-wrap:balance;overflow-wrap:anywhere}
.cl-identityPreview{
  display:inline-flex;
  align-items:center;
  gap:.375em;
  max-inline-size:100%;
  margin-block-start:calc(var(--cl-space)*.75);
  padding:.25em .375em .25em .75em;
  border:1px solid var(--cl-border);
  border-radius:99px;
}
.cl-identityPreview:dir(rtl){padding-inline:.75em .375em}
.cl-identityPreviewText{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;direction:ltr}
.cl-main{display:flex;flex-direction:column;gap:calc(var(--cl-space)*1.25)}
.cl-footer{display:flex;flex-direction:column;text-align:center}
.cl-footerAction{display:flex;flex-wrap:wrap;justify-content:center;gap:0 .4em;margin:0;padding:calc(var(--cl-space)*1) calc(var(--cl-space)*2)}
.cl-footerActionText{color:var(--cl-text-muted)}
.cl-footerPages{
  display:flex;
  flex-wrap:wrap;
  align-items:center;
  justify-content:center;
  gap:.25em 1em;
  padding:.75em calc(var(--cl-space)*2);
  font-size:.857em;
  color:var(--cl-text-muted);
}
.cl-footerAction + .cl-footerPages{border-block-start:1px solid var(--cl-border)}
.cl-developmentNote{display:inline-flex;align-items:center;gap:.5em;color:var(--cl-warning);font-weight:var(--cl-weight-medium)}
.cl-developmentNote::before{content:"";inline-size:.45em;block-size:.45em;border-radius:50%;background:currentcolor}
.cl-alert{
  display:flex;
  gap:.625em;
  padding:.75em .875em;
  border-radius:var(--cl-radius);
  border:1px solid color-mix(in srgb,var(--cl-danger) 28%,transparent);
  background:color-mix(in srgb,var(--cl-danger) 7%,transparent);
  color:var(--cl-danger);
}
.cl-alert__notice{
  border-color:color-mix(in srgb,var(--cl-warning) 28%,transparent);
  background:color-mix(in srgb,var(--cl-warning) 8%,transparent);
  color:var(--cl-warning);
}
.cl-alert__success{
  border-color:color-mix(in srgb,var(--cl-success) 28%,transparent);
  background:color-mix(in srgb,var(--cl-success) 8%,transparent);
  color:var(--cl-success);
}
.cl-alertIcon{flex:none;block-size:1.5em;display:grid;place-items:center}
.cl-alertText{margin:0;min-inline-size:0;overflow-wrap:anywhere}
.cl-badge{
  display:inline-block;
  padding:.1em .6em;
  border-radius:99px;
  border:1px solid var(--cl-border);
  background:var(--cl-muted);
  color:var(--cl-text-muted);
  font-size:.8em;
  font-weight:var(--cl-weight-medium);
  white-space:nowrap;
}
.cl-badge__warning{
  border-color:color-mix(in srgb,var(--cl-warning) 30%,transparent);
  background:color-mix(in srgb,var(--cl-warning) 9%,transparent);
  color:var(--cl-warning);
}
.cl-avatarBox{
  flex:none;
  display:inline-grid;
  place-items:center;
  inline-size:var(--cl-avatar,2rem);
  block-size:var(--cl-avatar,2rem);
  border-radius:50%;
  overflow:hidden;
  color:#fff;
  font-size:calc(var(--cl-avatar,2rem)*.38);
  font-weight:var(--cl-weight-semibold);
  letter-spacing:.02em;
  line-height:1;
  background:linear-gradient(140deg,hsl(var(--cl-hue,220) 52% 54%),hsl(calc(var(--cl-hue,220) + 40) 56% 40%));
  user-select:none;
}
.cl-avatarImage{inline-size:100%;block-size:100%;object-fit:cover}

.cl-userPreview{display:flex;align-items:center;gap:.875em;min-inline-size:0;text-align:start}
.cl-userPreviewTextContainer{display:flex;flex-direction:column;min-inline-size:0}
.cl-userPreviewMainIdentifier,.cl-userPreviewSecondaryIdentifier{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.cl-userPreviewMainIdentifier{font-weight:var(--cl-weight-medium)}
.cl-userPreviewSecondaryIdentifier{color:var(--cl-text-muted);font-size:.929em}
.cl-liveRegion:empty{position:absolute}
.cl-unseen{position:absolute;inline-size:1px;block-size:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:26rem){
  .cl-card{padding:calc(var(--cl-space)*1.75) calc(var(--cl-space)*1.25)}
  .cl-footerAction,.cl-footerPages{padding-inline:calc(var(--cl-space)*1.25)}
}
`;
