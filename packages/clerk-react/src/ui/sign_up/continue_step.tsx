import type { ReactNode } from "react";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Notice } from "../primitives/alert.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { DetailsForm } from "./details_form.tsx";
import { missingFields, unknownMissing } from "./fields.ts";
import { useSignUpFlow } from "./flow.ts";
import { SignInLink } from "./start_step.tsx";

/** What is missing of a sign-up that began elsewhere or with less. */
export function ContinueStep(): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { signUp, advance, recover } = useSignUpFlow();
  const unknown = unknownMissing(signUp);
  const words = texts.signUp.continue;
  return (
    <CardFrame footer={<SignInLink text={words.actionText} link={words.actionLink} />}>
      <CardHeader title={words.title} subtitle={words.subtitle} />
      <div className={el("main")}>
        {unknown.length > 0 && <Notice>{`${words.unknownFields} ${unknown.join(", ")}.`}</Notice>}
        <DetailsForm
          key={signUp.missingFields.join()}
          fields={missingFields(signUp)}
          legalConsent={signUp.missingFields.includes("legal_accepted")}
          initial={{}}
          onSubmit={async (details) => advance(await signUp.update(details))}
          recovers={recover}
        />
      </div>
    </CardFrame>
  );
}
