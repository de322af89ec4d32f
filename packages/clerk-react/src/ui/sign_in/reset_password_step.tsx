import { type ReactNode, useState } from "react";
import { FormBox } from "../form/form_box.tsx";
import { PasswordHints } from "../form/password_hints.tsx";
import { useForm } from "../form/use_form.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { Checkbox, PasswordField } from "../primitives/field.tsx";
import { useSignInFlow } from "./flow.ts";
import { UnseenIdentifier } from "./unseen_identifier.tsx";

/** After a reset code, or when the server asks for it: a new password (F §9.5). */
export function ResetPasswordStep(): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { signIn, advance, recover } = useSignInFlow();
  const [password, setPassword] = useState("");
  const [elsewhere, setElsewhere] = useState(true);
  const form = useForm(["password"]);
  const required = signIn.firstFactorVerification.strategy?.startsWith("reset_password") !== true;
  const submit = (): void => {
    void form.submit(
      async () => advance(await signIn.resetPassword({ password, signOutOfOtherSessions: elsewhere })),
      recover,
    );
  };
  return (
    <CardFrame>
      <CardHeader
        title={texts.signIn.resetPassword.title}
        {...(required ? { subtitle: texts.signIn.resetPassword.requiredMessage } : {})}
      />
      <div className={el("main")}>
        <FormBox form={form} onSubmit={submit}>
          <UnseenIdentifier identifier={signIn.identifier} />
          <PasswordField
            name="password"
            label={texts.formFieldLabel__newPassword}
            autoComplete="new-password"
            autoFocus
            required
            value={password}
            error={form.errors.fields.password}
            onChange={(value) => {
              form.clear("password");
              setPassword(value);
            }}
            info={<PasswordHints password={password} />}
          />
          <Checkbox
            name="signOutOfOtherSessions"
            label={texts.formFieldLabel__signOutOfOtherSessions}
            checked={elsewhere}
            onChange={setElsewhere}
          />
          <Button descriptor="formButtonPrimary" variant="wide" type="submit" busy={form.busy}>
            {texts.signIn.resetPassword.formButtonPrimary}
          </Button>
        </FormBox>
      </div>
    </CardFrame>
  );
}
