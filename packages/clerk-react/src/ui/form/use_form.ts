import { useRef, useState } from "react";
import { useTexts } from "../look/look_context.tsx";
import { type FormErrors, formErrors, noErrors } from "./error_text.ts";

/** The state of one form: whether a request is under way, and what came of the last one. */
export interface Form {
  readonly busy: boolean;
  readonly errors: FormErrors;
  /** When another try makes sense, in milliseconds since 1970; only after too many. */
  readonly retryAt: number | undefined;
  /**
   * Runs `action`, one at a time; what it throws becomes the form's errors, unless `recovers` takes care of it.
   * Answers whether the action went through.
   */
  submit(action: () => Promise<void>, recovers?: (error: unknown) => Promise<boolean>): Promise<boolean>;
  /** Shows errors, by field, that were found before any request. */
  refuse(fields: Readonly<Record<string, string>>): void;
  /** Takes a field's error away: somebody is correcting it. */
  clear(field: string): void;
}

/**
 * A form with these fields, named in camel case.
 * @param initial what it has to say from the start: why people are here again
 */
export function useForm(fields: readonly string[], initial: FormErrors = noErrors): Form {
  const { texts } = useTexts();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState(initial);
  const [retryAt, setRetryAt] = useState(() => timeAfter(initial.retryAfter));
  const running = useRef(false);
  return {
    busy,
    errors,
    retryAt,
    async submit(action, recovers) {
      if (running.current) {
        return false;
      }
      running.current = true;
      setBusy(true);
      setErrors(noErrors);
      setRetryAt(undefined);
      try {
        await action();
        return true;
      } catch (error) {
        let reason = error;
        try {
          if ((await recovers?.(error)) === true) {
            return true;
          }
        } catch (next) {
          reason = next;
        }
        const found = formErrors(reason, fields, texts);
        setErrors(found);
        setRetryAt(timeAfter(found.retryAfter));
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    refuse: (refused) => setErrors({ ...noErrors, fields: refused }),
    clear: (field) =>
      setErrors((before) => {
        if (before.fields[field] === undefined && before.form === undefined) {
          return before;
        }
        const { [field]: _cleared, ...others } = before.fields;
        return { ...before, fields: others, form: undefined };
      }),
  };
}

function timeAfter(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Date.now() + seconds * 1000;
}
