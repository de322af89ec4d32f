import type { VerificationResource } from "@tandem/clerk-js";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button, TextButton } from "../primitives/button.tsx";
import { CODE_LENGTH, CodeInput } from "../primitives/code_input.tsx";
import { useCountdown } from "./countdown.ts";
import { FormBox } from "./form_box.tsx";
import type { Form } from "./use_form.ts";
import { useForm } from "./use_form.ts";

/** Milliseconds until another code can be asked for (F §4.5). */
const RESEND_AFTER = 30_000;

/**
 * The form for a code that came by e-mail. It sends one when it appears unless `alreadySent`, offers another after
 * half a minute, and tries the code with its sixth digit.
 */
export function CodeForm(props: {
  alreadySent: boolean;
  send: () => Promise<unknown>;
  attempt: (code: string) => Promise<void>;
  resendText: string;
  /** Another way out of an error than showing it. */
  recovers?: (error: unknown) => Promise<boolean>;
  /** Beside the button; the button itself is as wide as the form without it. */
  buttons?: (verify: ReactNode) => ReactNode;
}): ReactNode {
  const { texts, fill } = useTexts();
  const el = useElements();
  const [code, setCode] = useState("");
  const [sentAt, setSentAt] = useState<number>();
  const form = useForm(["code"]);
  const sending = useForm([]);
  const [resent, setResent] = useState(false);
  // A code that was sent before this form appeared is known from the refusal of another.
  const seconds = useCountdown(sentAt === undefined ? sending.retryAt : sentAt + RESEND_AFTER);
  const waits = seconds > 0 || sending.busy;

  const sendingNow = useRef<Promise<unknown>>(undefined);
  const send = (): Promise<boolean> => {
    const sent = sending.submit(async () => {
      setSentAt(undefined);
      await props.send();
      setSentAt(Date.now());
      // What was wrong with the code before is no reason to doubt this one.
      form.clear("code");
    }, props.recovers);
    sendingNow.current = sent;
    return sent;
  };
  const resend = async (): Promise<void> => {
    setResent(false);
    setResent(await send());
  };
  // Asked once: that a code is not under way any more, because it was right, is no reason to send another.
  const sent = useRef(props.alreadySent);
  useEffect(() => {
    if (!sent.current) {
      sent.current = true;
      void send();
    }
  });

  const attempt = async (entered: string): Promise<void> => {
    if (form.busy) {
      return;
    }
    if (entered.length < CODE_LENGTH) {
      form.refuse({ code: fill(texts.formFieldInput__code_incomplete, { length: CODE_LENGTH }) });
      return;
    }
    const accepted = await form.submit(async () => {
      // A code that is known beforehand, as a test's is, may be there sooner than the server has made it the right one.
      await sendingNow.current;
      await props.attempt(entered);
    }, props.recovers);
    if (!accepted) {
      setCode("");
    }
  };
  const verify = (
    <Button
      descriptor="formButtonPrimary"
      type="submit"
      busy={form.busy}
      {...(props.buttons ? {} : { variant: "wide" })}
    >
      {texts.formButtonPrimary__verify}
    </Button>
  );
  return (
    <FormBox form={shownBy(form, sending)} onSubmit={() => void attempt(code)}>
      <CodeInput
        label={texts.formFieldLabel__code}
        value={code}
        onChange={(value) => {
          form.clear("code");
          setCode(value);
        }}
        onComplete={(entered) => void attempt(entered)}
        error={form.errors.fields.code}
        readOnly={form.busy}
      />
      <div className="cl-linkRow">
        <TextButton
          descriptor="formResendCodeLink"
          aria-disabled={waits}
          onClick={() => {
            if (!waits) {
              void resend();
            }
          }}
        >
          <span className={el("formResendCodeText")}>
            {seconds > 0 ? fill(texts.resendCountdown, { seconds }) : props.resendText}
          </span>
        </TextButton>
        <span role="status" className="cl-unseen">
          {resent ? texts.codeSentAgain : ""}
        </span>
      </div>
      {props.buttons === undefined ? verify : props.buttons(verify)}
    </FormBox>
  );
}

/**
 * Whether a code of this strategy has been sent and may still be entered: then reloading the page, or coming back to
 * it, sends no second one.
 */
export function codeIsUnderWay(verification: VerificationResource, strategy: string): boolean {
  return (
    verification.strategy === strategy &&
    verification.status === "unverified" &&
    verification.expireAt !== null &&
    verification.expireAt.getTime() > Date.now()
  );
}

/** The form that has something to say: a code that could not be sent, or one that was refused. */
function shownBy(form: Form, sending: Form): Form {
  return form.errors.form === undefined && sending.errors.form !== undefined
    ? { ...form, errors: { ...form.errors, form: sending.errors.form }, retryAt: sending.retryAt }
    : form;
}
