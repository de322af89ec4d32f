import type { EmailAddressResource, UserResource } from "@tandem/clerk-js";
import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { CodeForm, codeIsUnderWay } from "../form/code_form.tsx";
import { useForm } from "../form/use_form.ts";
import { useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { Field } from "../primitives/field.tsx";
import { useAnnounce } from "./announcements.tsx";
import { ActionCard, ActionForm, FormButtons } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";

/** Adds an address; it has to be verified then. */
export function AddEmailAddress(props: {
  user: UserResource;
  onAdded: (address: EmailAddressResource) => void;
  onClose: () => void;
}): ReactNode {
  const { texts } = useTexts();
  const profileTexts = useProfileTexts();
  const [email, setEmail] = useState("");
  const form = useForm(["emailAddress"]);
  const words = profileTexts.emailAddressPage;
  return (
    <ActionForm
      title={words.title}
      text={words.formHint}
      form={form}
      submitLabel={profileTexts.formButtonPrimary__add}
      onCancel={props.onClose}
      onSubmit={() =>
        void form.submit(async () =>
          props.onAdded(await props.user.createEmailAddress({ email: email.trim() })),
        )
      }
    >
      <Field
        name="emailAddress"
        label={texts.formFieldLabel__emailAddress}
        placeholder={texts.formFieldInputPlaceholder__emailAddress}
        type="email"
        autoComplete="email"
        required
        value={email}
        error={form.errors.fields.emailAddress}
        onChange={(value) => {
          form.clear("emailAddress");
          setEmail(value);
        }}
      />
    </ActionForm>
  );
}

/** Verifies an address by the code that is sent to it. */
export function VerifyEmailAddress(props: { address: EmailAddressResource; onClose: () => void }): ReactNode {
  const { fill } = useTexts();
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const announce = useAnnounce();
  const { address, onClose } = props;
  const words = profileTexts.emailAddressPage;
  const identifier = address.emailAddress;
  return (
    <ActionCard
      title={words.verifyTitle}
      text={fill(words.emailCode.formSubtitle, { identifier })}
      onCancel={onClose}
    >
      <CodeForm
        alreadySent={codeIsUnderWay(address.verification, "email_code")}
        send={() => address.prepareVerification({ strategy: "email_code" })}
        attempt={async (code) => {
          await address.attemptVerification({ code });
          await user?.reload();
          announce(fill(words.emailCode.successMessage, { identifier }));
          onClose();
        }}
        resendText={words.emailCode.resendButton}
        buttons={(verify) => (
          <FormButtons>
            <Button descriptor="formButtonReset" onClick={onClose}>
              {profileTexts.formButtonReset}
            </Button>
            {verify}
          </FormButtons>
        )}
      />
    </ActionCard>
  );
}

/** Takes an address away from the account, after asking. */
export function RemoveEmailAddress(props: { address: EmailAddressResource; onClose: () => void }): ReactNode {
  const { fill } = useTexts();
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const announce = useAnnounce();
  const form = useForm([]);
  const words = profileTexts.emailAddressPage.removeResource;
  const { emailAddress } = props.address;
  return (
    <ActionForm
      title={words.title}
      text={`${fill(words.messageLine1, { identifier: emailAddress })} ${words.messageLine2}`}
      form={form}
      danger
      submitLabel={profileTexts.formButtonPrimary__remove}
      onCancel={props.onClose}
      onSubmit={() =>
        void form.submit(async () => {
          await props.address.destroy();
          await user?.reload();
          announce(fill(words.successMessage, { emailAddress }));
          props.onClose();
        })
      }
    />
  );
}
