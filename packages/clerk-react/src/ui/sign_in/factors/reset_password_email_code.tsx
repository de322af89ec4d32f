import type { ResetPasswordEmailCodeFactor } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { CodeForm } from "../../form/code_form.tsx";
import { filled } from "../../localization.ts";
import { useElements, useTexts } from "../../look/look_context.tsx";
import { TextButton } from "../../primitives/button.tsx";
import { CardFrame, CardHeader } from "../../primitives/card.tsx";
import { KeyIcon } from "../../primitives/icons.tsx";
import { useSignInFlow } from "../flow.ts";
import { Identity } from "../identity.tsx";
import { type FactorViewProps, factorKind } from "./factor_kind.ts";

/** The way to a new password: a code to one of the account's addresses (F §9.5). */
export const resetPasswordEmailCode = factorKind<ResetPasswordEmailCodeFactor>({
  strategy: "reset_password_email_code",
  recovery: true,
  rank: { password: 2, otp: 2 },
  label: ({ safeIdentifier }, texts) =>
    filled(texts.signIn.alternativeMethods.blockButton__resetPassword, { identifier: safeIdentifier }),
  Icon: KeyIcon,
  View: ResetPasswordEmailCodeView,
});

function ResetPasswordEmailCodeView(props: FactorViewProps<ResetPasswordEmailCodeFactor>): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { signIn, advance, recover } = useSignInFlow();
  const { strategy, emailAddressId, safeIdentifier } = props.factor;
  return (
    <CardFrame>
      <CardHeader
        title={texts.signIn.forgotPassword.title}
        subtitle={texts.signIn.forgotPassword.subtitle_email}
      >
        <Identity as={safeIdentifier} />
      </CardHeader>
      <div className={el("main")}>
        <CodeForm
          alreadySent={props.codeUnderWay}
          send={async () => {
            await signIn.prepareFirstFactor({ strategy, emailAddressId });
            props.onCodeSent();
          }}
          attempt={async (code) => advance(await signIn.attemptFirstFactor({ strategy, code }))}
          recovers={recover}
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
