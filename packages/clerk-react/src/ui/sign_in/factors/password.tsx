import type { PasswordFactor } from "@tandem/clerk-js";
import { type ReactNode, useState } from "react";
import { FormBox } from "../../form/form_box.tsx";
import { useForm } from "../../form/use_form.ts";
import { codeOf } from "../../interruption.ts";
import { useElements, useTexts } from "../../look/look_context.tsx";
import { Button, TextButton } from "../../primitives/button.tsx";
import { CardFrame, CardHeader } from "../../primitives/card.tsx";
import { PasswordField } from "../../primitives/field.tsx";
import { LockIcon } from "../../primitives/icons.tsx";
import { useSignInFlow } from "../flow.ts";
import { Identity } from "../identity.tsx";
import { MethodsLink } from "../methods_link.tsx";
import { UnseenIdentifier } from "../unseen_identifier.tsx";
import { type FactorViewProps, factorKind } from "./factor_kind.ts";

/** Sign-in with the account's password. */
export const password = factorKind<PasswordFactor>({
  strategy: "password",
  recovery: false,
  rank: { password: 0, otp: 1 },
  label: (_factor, texts) => texts.signIn.alternativeMethods.blockButton__password,
  Icon: LockIcon,
  View: PasswordView,
});

function PasswordView(props: FactorViewProps<PasswordFactor>): ReactNode {
  const { texts, fill } = useTexts();
  const el = useElements();
  const { signIn, advance, recover } = useSignInFlow();
  const [secret, setSecret] = useState("");
  const [breached, setBreached] = useState(false);
  const form = useForm(["password"]);
  const submit = (data: FormData): void => {
    void form.submit(
      async () =>
        advance(
          await signIn.attemptFirstFactor({ strategy: "password", password: String(data.get("password")) }),
        ),
      async (error) => {
        setBreached(codeOf(error) === "form_password_pwned");
        return recover(error);
      },
    );
  };
  const error =
    breached && form.errors.fields.password !== undefined
      ? texts.unstable__errors.form_password_pwned__sign_in
      : form.errors.fields.password;
  return (
    <CardFrame>
      <CardHeader
        title={breached ? texts.signIn.passwordPwned.title : texts.signIn.password.title}
        subtitle={fill(texts.signIn.password.subtitle)}
      >
        <Identity />
      </CardHeader>
      <div className={el("main")}>
        <FormBox form={form} onSubmit={submit}>
          <UnseenIdentifier identifier={signIn.identifier} />
          <PasswordField
            name="password"
            label={texts.formFieldLabel__password}
            placeholder={texts.formFieldInputPlaceholder__password}
            autoComplete="current-password"
            autoFocus
            required
            value={secret}
            error={error}
            onChange={(value) => {
              form.clear("password");
              setSecret(value);
            }}
            action={
              props.recover !== undefined && (
                <TextButton descriptor="formFieldAction" onClick={props.recover}>
                  {texts.formFieldAction__forgotPassword}
                </TextButton>
              )
            }
          />
          <Button descriptor="formButtonPrimary" variant="wide" type="submit" busy={form.busy}>
            {texts.formButtonPrimary}
          </Button>
        </FormBox>
        <MethodsLink show={props.showMethods} />
      </div>
    </CardFrame>
  );
}
