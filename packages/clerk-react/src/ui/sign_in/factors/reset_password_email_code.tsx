import type { ResetPasswordEmailCodeFactor } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { CodeForm } from "../../form/code_form.tsx";
import { useElements, useTexts } from "../../look/look_context.tsx";
import { TextButton } from "../../primitives/button.tsx";
import { CardFrame, CardHeader } from "../../primitives/card.tsx";
import { KeyIcon } from "../../primitives/icons.tsx";
import { codeIsUnderWay } from "../code_under_way.ts";
import { useSignInFlow } from "../flow.ts";
import { Identity } from "../identity.tsx";
import { type FactorViewProps, factorKind } from "./factor_kind.ts";

/** The way to a new password: a code to one of the account's addresses (F §9.5). */
export const resetPasswordEmailCode = factorKind<ResetPasswordEmailCodeFactor>({
  strategy: "reset_password_email_code",
  recovery: true,
  rank: { password: 2, otp: 2 },
  label: (_factor, texts) => texts.signIn.alternativeMethods.blockButton__resetPassword,
  Icon: KeyIcon,
  View: ResetPasswordEmailCodeView,
});

function ResetPasswordEmailCodeView(props: FactorViewProps<ResetPasswordEmailCodeFactor>): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { signIn, advance } = useSignInFlow();
  const { strategy, emailAddressId } = props.factor;
  return (
    <CardFrame>
      <CardHeader
        title={texts.signIn.forgotPassword.title}
        subtitle={texts.signIn.forgotPassword.subtitle_email}
      >
        <Identity />
      </CardHeader>
      <div className={el("main")}>
        <CodeForm
          alreadySent={codeIsUnderWay(signIn, strategy)}
          send={() => signIn.prepareFirstFactor({ strategy, emailAddressId })}
          attempt={async (code) => advance(await signIn.attemptFirstFactor({ strategy, code }))}
          resendText={texts.signIn.forgotPassword.resendButton}
        />
        <div className="cl-linkRow">
          <TextButton descriptor="backLink" onClick={props.back}>
            {texts.backButton}
          </TextButton>
        </div>
      </div>
    </CardFrame>
  );
}
