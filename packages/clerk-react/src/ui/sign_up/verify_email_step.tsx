import type { ReactNode } from "react";
import { CodeForm } from "../form/code_form.tsx";
import { useElements, useTexts } from "../look/look_context.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { IdentityPreview } from "../primitives/identity_preview.tsx";
import { useSteps } from "../steps/steps.ts";
import { useSignUpFlow } from "./flow.ts";

/** The code that shows that the address is theirs. */
export function VerifyEmailStep(): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { signUp, advance, recover } = useSignUpFlow();
  const { go } = useSteps();
  const { nextAction, status, expireAt } = signUp.verifications.emailAddress;
  const words = texts.signUp.emailCode;
  return (
    <CardFrame>
      <CardHeader title={words.title} subtitle={words.subtitle}>
        {signUp.emailAddress !== null && (
          <IdentityPreview identifier={signUp.emailAddress} onEdit={() => go("")} />
        )}
      </CardHeader>
      <div className={el("main")}>
        <CodeForm
          // A code that is in somebody's mailbox stays the one to enter, whatever is reloaded.
          alreadySent={
            nextAction === "needs_attempt" &&
            status === "unverified" &&
            (expireAt === null || expireAt.getTime() > Date.now())
          }
          send={() => signUp.prepareEmailAddressVerification({ strategy: "email_code" })}
          attempt={async (code) => advance(await signUp.attemptEmailAddressVerification({ code }))}
          recovers={recover}
          resendText={words.resendButton}
        />
      </div>
    </CardFrame>
  );
}
