import { type ReactNode, useId, useRef, useState } from "react";
import { useElements } from "../look/look_context.tsx";

/** Digits in a code that is sent by e-mail. */
export const CODE_LENGTH = 6;

/**
 * Six boxes over one real field, so that pasting, autofill of one-time codes and screen readers work as in any other
 * field. `onComplete` is called with the sixth digit.
 */
export function CodeInput(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onComplete: (code: string) => void;
  error?: string | undefined;
  /** While the code is being tried; the focus stays. */
  readOnly?: boolean;
}): ReactNode {
  const el = useElements();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [caret, setCaret] = useState(props.value.length);
  const followCaret = (): void => setCaret(input.current?.selectionStart ?? props.value.length);
  const active = Math.min(caret, props.value.length, CODE_LENGTH - 1);
  return (
    <div className={el("otpCodeField")}>
      <div className={el("otpCodeFieldInputs")}>
        <input
          ref={input}
          id={id}
          name="code"
          className="cl-otpCodeFieldEntry"
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          // biome-ignore lint/a11y/noAutofocus: the step consists of this one field
          autoFocus
          maxLength={CODE_LENGTH}
          aria-label={props.label}
          aria-invalid={props.error !== undefined}
          aria-describedby={`${id}-error`}
          readOnly={props.readOnly}
          value={props.value}
          onPaste={(event) => {
            event.preventDefault();
            enter(event.clipboardData.getData("text"));
          }}
          onChange={(event) => enter(event.target.value)}
          onSelect={followCaret}
          onFocus={() => input.current?.setSelectionRange(props.value.length, props.value.length)}
        />
        {Array.from({ length: CODE_LENGTH }, (_, place) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a box is its place
            key={place}
            className={`${el("otpCodeFieldInput")} ${place === active ? "cl-otpCodeFieldInput__active" : ""}`}
            aria-hidden="true"
          >
            {props.value[place]}
          </span>
        ))}
      </div>
      <div id={`${id}-error`} className="cl-liveRegion" aria-live="polite">
        {props.error !== undefined && <p className={el("otpCodeFieldErrorText")}>{props.error}</p>}
      </div>
    </div>
  );

  function enter(text: string): void {
    const digits = digitsOf(text).slice(0, CODE_LENGTH);
    if (digits === props.value) {
      return;
    }
    setCaret(digits.length);
    props.onChange(digits);
    if (digits.length === CODE_LENGTH) {
      props.onComplete(digits);
    }
  }
}

/** The digits in `text`, those of other scripts as ASCII: people paste what their mail shows. */
export function digitsOf(text: string): string {
  return [...text.normalize("NFKC")].filter((letter) => letter >= "0" && letter <= "9").join("");
}
