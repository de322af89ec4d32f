/** Fields, buttons, links and the six boxes of a code. */
export const controlRules = `
.cl-form{display:flex;flex-direction:column;gap:calc(var(--cl-space)*1.25);margin:0}
.cl-formFieldRow{display:flex;flex-direction:column;gap:calc(var(--cl-space)*1.25)}
.cl-formFieldRow__name{flex-direction:row;flex-wrap:wrap}
.cl-formFieldRow__name > *{flex:1 1 9rem}
.cl-formField{display:flex;flex-direction:column;gap:.375em;min-inline-size:0}
.cl-formFieldLabelRow{display:flex;justify-content:space-between;align-items:baseline;gap:1em}
.cl-formFieldLabel{font-weight:var(--cl-weight-medium)}
.cl-formFieldHintText{color:var(--cl-text-muted);font-size:.929em}
.cl-formFieldInputGroup{position:relative;display:flex}
.cl-formFieldInput{
  flex:1;
  inline-size:100%;
  min-inline-size:0;
  margin:0;
  padding:.5em .75em;
  min-block-size:2.5rem;
  font:inherit;
  color:var(--cl-input-text);
  background:var(--cl-input);
  border:1px solid color-mix(in srgb,var(--cl-neutral) 18%,transparent);
  border-radius:var(--cl-radius);
  box-shadow:0 1px 2px color-mix(in srgb,var(--cl-shadow) 4%,transparent);
  outline:0 solid transparent;
  transition:border-color .12s,box-shadow .12s;
}
.cl-formFieldInput::placeholder{color:var(--cl-text-muted);opacity:.9}
.cl-formFieldInput:hover{border-color:color-mix(in srgb,var(--cl-neutral) 30%,transparent)}
.cl-formFieldInput:focus-visible{border-color:var(--cl-ring);box-shadow:0 0 0 3px color-mix(in srgb,var(--cl-ring) 24%,transparent)}
.cl-formFieldInput[aria-invalid=true]{border-color:var(--cl-danger)}
.cl-formFieldInput[aria-invalid=true]:focus-visible{box-shadow:0 0 0 3px color-mix(in srgb,var(--cl-danger) 20%,transparent)}
.cl-formFieldInput:disabled{opacity:.6}
.cl-formFieldInputGroup__secret .cl-formFieldInput{padding-inline-end:2.75rem}
.cl-formFieldInputShowPasswordButton{
  position:absolute;
  inset-block:.25rem;
  inset-inline-end:.25rem;
  inline-size:2.25rem;
  display:grid;
  place-items:center;
  border:0;
  padding:0;
  background:none;
  color:var(--cl-text-muted);
  border-radius:calc(var(--cl-radius) - .15rem);
  cursor:pointer;
}
.cl-formFieldInputShowPasswordButton:hover{color:var(--cl-text);background:color-mix(in srgb,var(--cl-neutral) 6%,transparent)}
.cl-formFieldErrorText,.cl-otpCodeFieldErrorText{display:flex;gap:.4em;margin:0;color:var(--cl-danger);font-size:.929em;overflow-wrap:anywhere}
.cl-otpCodeFieldErrorText{justify-content:center;text-align:center}
.cl-formFieldInfoText{margin:0;color:var(--cl-text-muted);font-size:.929em}
.cl-passwordHints{display:flex;flex-wrap:wrap;gap:.25em 1em;margin:.125em 0 0;padding:0;list-style:none;color:var(--cl-text-muted);font-size:.929em}
.cl-passwordHint{display:inline-flex;align-items:center;gap:.4em;transition:color .15s}
.cl-passwordHint__met{color:var(--cl-success)}
.cl-formFieldCheckbox{display:grid;grid-template-columns:auto 1fr;gap:.125em .625em;align-items:start}
.cl-formFieldCheckbox > :not(input):not(label){grid-column:2}
.cl-formFieldCheckboxInput{inline-size:1.15em;block-size:1.15em;margin:.175em 0 0;accent-color:var(--cl-primary);cursor:pointer}
.cl-formFieldCheckboxLabel{cursor:pointer}
.cl-quiet{block-size:0;overflow:hidden;margin-block-start:calc(var(--cl-space)*-1.25);opacity:0;pointer-events:none}

.cl-button{
  position:relative;
  display:inline-flex;
  align-items:center;
  justify-content:center;
  gap:.5em;
  margin:0;
  padding:.5em 1em;
  min-block-size:2.25rem;
  font:inherit;
  font-family:var(--cl-font-buttons);
  font-weight:var(--cl-weight-medium);
  line-height:1.3;
  text-decoration:none;
  border:1px solid transparent;
  border-radius:var(--cl-radius);
  background:none;
  color:inherit;
  cursor:pointer;
  transition:background-color .12s,border-color .12s,box-shadow .12s,transform .06s;
  -webkit-tap-highlight-color:transparent;
}
.cl-button svg{flex:none}
.cl-button:active{transform:translateY(.5px)}
.cl-button[aria-disabled=true]{cursor:default}
.cl-formButtonPrimary{
  min-block-size:2.5rem;
  background:linear-gradient(color-mix(in srgb,var(--cl-primary) 90%,#fff),var(--cl-primary));
  color:var(--cl-on-primary);
  border-color:color-mix(in srgb,var(--cl-primary) 92%,#000);
  box-shadow:inset 0 1px 0 var(--cl-edge),0 1px 2px color-mix(in srgb,var(--cl-shadow) 22%,transparent);
}
.cl-formButtonPrimary:hover{background:linear-gradient(color-mix(in srgb,var(--cl-primary) 80%,#fff),color-mix(in srgb,var(--cl-primary) 90%,#fff))}
.cl-formButtonPrimary__danger{--cl-primary:var(--cl-danger);--cl-on-primary:var(--cl-background)}
.cl-button__wide{inline-size:100%}
.cl-formButtonReset:hover,.cl-profileSectionPrimaryButton:hover{background:color-mix(in srgb,var(--cl-neutral) 6%,transparent)}
.cl-button__block{
  inline-size:100%;
  justify-content:flex-start;
  text-align:start;
  min-block-size:2.75rem;
  border-color:color-mix(in srgb,var(--cl-neutral) 16%,transparent);
  background:var(--cl-input);
  box-shadow:0 1px 2px color-mix(in srgb,var(--cl-shadow) 4%,transparent);
  overflow-wrap:anywhere;
}
.cl-button__block svg{color:var(--cl-text-muted)}
.cl-button__block:hover{background:color-mix(in srgb,var(--cl-neutral) 4%,var(--cl-input))}
.cl-alternativeMethods{display:flex;flex-direction:column;gap:.625em}
.cl-link{
  display:inline;
  margin:0;
  padding:0;
  font:inherit;
  font-weight:var(--cl-weight-medium);
  color:var(--cl-text);
  background:none;
  border:0;
  border-radius:.2em;
  cursor:pointer;
  text-decoration:underline transparent;
  text-underline-offset:.22em;
  transition:text-decoration-color .12s;
}
.cl-link:hover{text-decoration-color:currentcolor}
.cl-link[aria-disabled=true]{color:var(--cl-text-muted);font-weight:var(--cl-weight-normal);cursor:default;text-decoration:none;font-variant-numeric:tabular-nums}
.cl-link__underlined{text-decoration-color:color-mix(in srgb,currentcolor 40%,transparent)}
.cl-footerPagesLink{color:inherit;font-weight:var(--cl-weight-normal)}
.cl-linkRow{display:flex;justify-content:center;gap:1.5em}
.cl-button__icon{padding:0;min-block-size:0;inline-size:2rem;block-size:2rem;color:var(--cl-text-muted)}
.cl-button__icon:hover{background:color-mix(in srgb,var(--cl-neutral) 7%,transparent);color:var(--cl-text)}
.cl-identityPreviewEditButton{border-radius:50%;inline-size:1.5rem;block-size:1.5rem}
.cl-button:focus-visible,.cl-link:focus-visible,.cl-formFieldInputShowPasswordButton:focus-visible,.cl-formFieldCheckboxInput:focus-visible,.cl-userButtonTrigger:focus-visible,.cl-navbarButton:focus-visible{
  outline:2px solid var(--cl-ring);
  outline-offset:2px;
}
.cl-spinner{
  inline-size:1.125em;
  block-size:1.125em;
  border-radius:50%;
  border:2px solid color-mix(in srgb,currentcolor 28%,transparent);
  border-block-start-color:currentcolor;
  animation:cl-turn .7s linear infinite;
}
.cl-waiting{display:grid;place-items:center;min-block-size:2.5rem}
.cl-buttonWait{position:absolute;inset:0;display:grid;place-items:center}
.cl-buttonText{display:contents}
.cl-button[aria-busy=true] .cl-buttonText{visibility:hidden;display:inline-flex}

.cl-otpCodeField{display:flex;flex-direction:column;gap:.75em;align-items:stretch}
.cl-otpCodeFieldInputs{position:relative;display:grid;grid-template-columns:repeat(6,minmax(0,3rem));justify-content:center;gap:.5rem;direction:ltr}
.cl-otpCodeFieldInput{
  display:grid;
  place-items:center;
  block-size:3rem;
  font-size:1.25rem;
  font-weight:var(--cl-weight-medium);
  font-variant-numeric:tabular-nums;
  color:var(--cl-input-text);
  background:var(--cl-input);
  border:1px solid color-mix(in srgb,var(--cl-neutral) 18%,transparent);
  border-radius:var(--cl-radius);
  box-shadow:0 1px 2px color-mix(in srgb,var(--cl-shadow) 4%,transparent);
  transition:border-color .12s,box-shadow .12s;
}
.cl-otpCodeFieldEntry{
  position:absolute;
  inset:0;
  inline-size:100%;
  block-size:100%;
  margin:0;
  padding:0;
  border:0;
  font-size:1rem;
  background:none;
  color:transparent;
  caret-color:transparent;
  outline:none;
  letter-spacing:2.5rem;
  z-index:1;
}
.cl-otpCodeFieldEntry::selection{background:none}
.cl-otpCodeFieldEntry:-webkit-autofill{-webkit-text-fill-color:transparent;transition:background-color 0s 99999s}
.cl-otpCodeFieldEntry:focus ~ .cl-otpCodeFieldInput__active{border-color:var(--cl-ring);box-shadow:0 0 0 3px color-mix(in srgb,var(--cl-ring) 24%,transparent)}
.cl-otpCodeFieldEntry:focus ~ .cl-otpCodeFieldInput__active:empty::after{content:"";inline-size:1.5px;block-size:1.375rem;background:var(--cl-text);animation:cl-blink 1.1s steps(1) infinite}
.cl-otpCodeFieldEntry[aria-invalid=true] ~ .cl-otpCodeFieldInput{border-color:var(--cl-danger)}
.cl-otpCodeFieldEntry:read-only ~ .cl-otpCodeFieldInput{opacity:.6}
@media (pointer:coarse){.cl-formFieldInput{font-size:1rem}.cl-button{min-block-size:2.75rem}.cl-button__icon{min-block-size:0}}
`;
