import type { SignUpResource, SignUpUpdateParams } from "@tandem/clerk-js";
import { type ReactNode, useEffect, useRef } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import { useElements, useLook, useTexts } from "../look/look_context.tsx";
import { Notice } from "../primitives/alert.tsx";
import { CardFrame, CardHeader, FooterAction } from "../primitives/card.tsx";
import { initialValues } from "../redirects.ts";
import { DetailsForm } from "./details_form.tsx";
import { type FormField, signUpFields } from "./fields.ts";
import { useSignUpFlow } from "./flow.ts";

/** The first step: the form that the instance's settings ask for, or why there is none. */
export function StartStep(): ReactNode {
  const { environment } = useClerkState();
  const { layout } = useLook().appearance;
  const { texts, fill } = useTexts();
  const el = useElements();
  const { signUp, advance, recover, interruption, props, ticket } = useSignUpFlow();
  const invitation = useInvitation();
  const settings = environment?.userSettings;
  if (settings === undefined) {
    return null;
  }
  const words = texts.signUp.start;
  if (settings.signUp.mode !== "public" && ticket === undefined && signUp.status !== "missing_requirements") {
    const restricted = texts.signUp.restrictedAccess;
    return (
      <CardFrame footer={<SignInLink text={restricted.actionText} link={restricted.actionLink} />}>
        <CardHeader title={restricted.title} subtitle={fill(restricted.subtitle)} showLogo />
      </CardFrame>
    );
  }
  const fields = signUpFields(settings, layout.showOptionalFields !== false);
  const { unsafeMetadata } = props;
  const initial = initialValues(props);
  // Of an attempt that is complete nothing is of interest: the next to sign up may be somebody else.
  const known = signUp.status === "missing_requirements" ? signUp : undefined;
  return (
    <CardFrame footer={<SignInLink text={words.actionText} link={words.actionLink} />}>
      <CardHeader title={fill(words.title)} subtitle={fill(words.subtitle)} showLogo />
      <div className={el("main")}>
        {environment?.maintenanceMode === true && <Notice>{texts.maintenanceMode}</Notice>}
        <FormAlert form={invitation} />
        <DetailsForm
          key={signUp.id ?? ""}
          fields={fields}
          legalConsent={settings.signUp.legalConsentEnabled}
          initial={{
            firstName: known?.firstName ?? initial.firstName ?? "",
            lastName: known?.lastName ?? initial.lastName ?? "",
            username: known?.username ?? initial.username ?? "",
            emailAddress: known?.emailAddress ?? initial.emailAddress ?? "",
          }}
          onSubmit={async (details) => {
            const given = { ...details, ...(unsafeMetadata === undefined ? {} : { unsafeMetadata }) };
            if (interruption === undefined && ticket === undefined && isFor(signUp, details.emailAddress)) {
              // Whoever only went back goes on with the same attempt, whose code is in their mailbox.
              await advance(await signUp.update({ ...emptied(fields), ...given }));
            } else {
              await advance(
                await signUp.create(ticket === undefined ? given : { ...given, strategy: "ticket", ticket }),
              );
            }
          }}
          interruption={interruption}
          recovers={recover}
        />
      </div>
    </CardFrame>
  );
}

/** Whether `signUp` is under way for this address. */
function isFor({ status, emailAddress }: SignUpResource, given: string | undefined): boolean {
  return (
    status === "missing_requirements" &&
    emailAddress !== null &&
    emailAddress.toLowerCase() === given?.toLowerCase()
  );
}

/** What an attempt may have of the optional fields and the form has no more. */
function emptied(fields: readonly FormField[]): SignUpUpdateParams {
  return Object.fromEntries(fields.filter(({ required }) => !required).map(({ name }) => [name, ""]));
}

/** Presents the ticket of an invitation once: its address is filled in then, or the account is made at once (F §9.6). */
function useInvitation(): ReturnType<typeof useForm> {
  const { signUp, advance, recover, ticket } = useSignUpFlow();
  const form = useForm([]);
  const presented = useRef(false);
  useEffect(() => {
    if (ticket === undefined || presented.current) {
      return;
    }
    presented.current = true;
    void form.submit(async () => {
      const after = await signUp.create({ strategy: "ticket", ticket });
      if (after.status === "complete") {
        await advance(after);
      }
    }, recover);
  });
  return form;
}

/** The way to the sign-in, at the foot of the card. */
export function SignInLink(props: { text: string; link: string }): ReactNode {
  const { signIn } = useSignUpFlow();
  return (
    <FooterAction
      {...props}
      href={signIn.href}
      {...(signIn.open === undefined ? {} : { onClick: signIn.open })}
    />
  );
}
