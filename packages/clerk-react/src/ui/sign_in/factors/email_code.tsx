import type { EmailCodeFactor } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { CodeForm } from "../../form/code_form.tsx";
import { filled } from "../../localization.ts";
import { useElements, useTexts } from "../../look/look_context.tsx";
import { CardFrame, CardHeader } from "../../primitives/card.tsx";
import { MailIcon } from "../../primitives/icons.tsx";
import { useSignInFlow } from "../flow.ts";
import { Identity } from "../identity.tsx";
import { MethodsLink } from "../methods_link.tsx";
import { type FactorViewProps, factorKind } from "./factor_kind.ts";

/** Sign-in with a code that is sent to one of the account's addresses. */
export const emailCode = factorKind<EmailCodeFactor>({
  strategy: "email_code",
  recovery: false,
  rank: { password: 1, otp: 0 },
  label: ({ safeIdentifier }, texts) =>
    filled(texts.signIn.alternativeMethods.blockButton__emailCode, { identifier: safeIdentifier }),
  Icon: MailIcon,
  View: EmailCodeView,
});

function EmailCodeView(props: FactorViewProps<EmailCodeFactor>): ReactNode {
  const { texts, fill } = useTexts();
  const el = useElements();
  const { signIn, advance, recover } = useSignInFlow();
  const { strategy, emailAddressId, safeIdentifier } = props.factor;
  return (
    <CardFrame>
      <CardHeader title={texts.signIn.emailCode.title} subtitle={fill(texts.signIn.emailCode.subtitle)}>
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
          resendText={texts.signIn.emailCode.resendButton}
        />
        <MethodsLink show={props.showMethods} />
      </div>
    </CardFrame>
  );
}
