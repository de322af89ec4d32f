import { type ReactNode, useEffect, useRef } from "react";
import type { Texts } from "../localization.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { ErrorAlert } from "../primitives/alert.tsx";
import { useCountdown } from "./countdown.ts";
import { retryText } from "./error_text.ts";
import type { Form } from "./use_form.ts";

/**
 * A form that says what is wrong with it, and puts the cursor into the first field that is. `onSubmit` is called when
 * no required field is empty; it gets the fields as the browser has them, what autofill put in included.
 */
export function FormBox(props: {
  form: Form;
  onSubmit: (data: FormData) => void;
  children: ReactNode;
}): ReactNode {
  const el = useElements();
  const { texts } = useTexts();
  const box = useRef<HTMLFormElement>(null);
  const { errors } = props.form;
  useEffect(() => {
    if (Object.keys(errors.fields).length > 0) {
      box.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  }, [errors]);
  return (
    <form
      ref={box}
      className={el("form")}
      noValidate
      aria-busy={props.form.busy}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        const refused = refusals(event.currentTarget, texts);
        if (Object.keys(refused).length > 0) {
          props.form.refuse(refused);
        } else {
          props.onSubmit(new FormData(event.currentTarget));
        }
      }}
    >
      <FormAlert form={props.form} />
      {props.children}
    </form>
  );
}

/** What the browser itself finds wrong, in our words rather than in its bubbles. */
function refusals(box: HTMLFormElement, texts: Texts): Record<string, string> {
  const refused: Record<string, string> = {};
  for (const input of box.querySelectorAll("input")) {
    if (input.validity.valueMissing) {
      refused[input.name] =
        input.type === "checkbox"
          ? texts.unstable__errors.legal_not_accepted
          : texts.unstable__errors.form_param_nil;
    } else if (input.validity.typeMismatch) {
      refused[input.name] = texts.formFieldInput__emailAddress_format;
    }
  }
  return refused;
}

/** What is wrong with the form as a whole, with the time to wait counted down. */
export function FormAlert(props: { form: Form }): ReactNode {
  const { texts } = useTexts();
  const seconds = useCountdown(props.form.retryAt);
  const { form: error } = props.form.errors;
  return (
    <ErrorAlert>
      {error === undefined ? undefined : (
        <>
          {error}
          {/* Read out once with the error; a number that changes each second would never let a reader finish. */}
          {seconds > 0 && <span aria-live="off"> {retryText(seconds, texts)}</span>}
        </>
      )}
    </ErrorAlert>
  );
}
