import type { Completion } from "./completion.ts";
import type { FormErrors } from "./form/error_text.ts";
import { interruption } from "./interruption.ts";
import type { Texts } from "./localization.ts";

/** A sign-in or a sign-up, as far as it decides what comes next. */
interface Attempt {
  readonly status: string | null;
  readonly createdSessionId: string | null;
}

/** Where people are in an attempt. */
interface Place<Kind> {
  readonly step: string;
  readonly go: (step: string) => void;
  readonly stepOf: (attempt: Kind) => string;
  readonly completion: Completion;
  readonly texts: Texts;
  /** Tells the first step what it has to say. */
  readonly interrupt: (found: FormErrors | undefined) => void;
}

/** How an attempt goes on, and what becomes of the errors that end it. */
export function attemptFlow<Kind extends Attempt>(
  attempt: Kind,
  { step, go, stepOf, completion, texts, interrupt }: Place<Kind>,
): {
  /** Goes to the step that the attempt's status asks for, or completes it. */
  advance(after: Kind): Promise<void>;
  /** Takes the way out that an error offers. Answers whether there was one. */
  recover(error: unknown): Promise<boolean>;
} {
  return {
    async advance(after) {
      interrupt(undefined);
      if (after.status === "complete" && after.createdSessionId !== null) {
        await completion.activate(after.createdSessionId);
        return;
      }
      go(stepOf(after));
    },
    async recover(error) {
      if (await completion.activateExisting(error)) {
        return true;
      }
      if (step !== "" && attempt.status === "complete" && attempt.createdSessionId !== null) {
        // It went through before; what failed was making its session the active one.
        await completion.activate(attempt.createdSessionId);
        return true;
      }
      const found = interruption(error, texts);
      if (found === undefined || step === "") {
        return false;
      }
      interrupt(found);
      go("");
      return true;
    },
  };
}
