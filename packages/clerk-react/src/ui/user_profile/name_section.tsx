import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useForm } from "../form/use_form.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Avatar } from "../primitives/avatar.tsx";
import { Field } from "../primitives/field.tsx";
import { displayName } from "../user_name.ts";
import { useAnnounce } from "./announcements.tsx";
import { ActionForm, Section, SectionButton, SectionItem } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";
import { useAction } from "./use_action.ts";

/** Picture and name. */
export function NameSection(): ReactNode {
  const profileTexts = useProfileTexts();
  const el = useElements();
  const { user, environment } = useClerkState();
  const action = useAction<"edit">();
  const words = profileTexts.start.profileSection;
  if (user === null || user === undefined) {
    return null;
  }
  const attributes = environment?.userSettings.attributes;
  const editable = attributes?.firstName.enabled === true || attributes?.lastName.enabled === true;
  return (
    <Section id="profile" title={words.title}>
      <div ref={action.home}>
        {action.open === undefined ? (
          <SectionItem
            empty={user.fullName === null}
            action={
              editable && (
                <SectionButton onClick={() => action.start("edit")}>{words.primaryButton}</SectionButton>
              )
            }
          >
            <Avatar of={user} name={displayName(user)} seed={user.id} size={2.25} />
            <span className={el("userPreviewMainIdentifier")}>{user.fullName ?? words.noName}</span>
          </SectionItem>
        ) : (
          <NameForm onClose={action.close} />
        )}
      </div>
    </Section>
  );
}

function NameForm(props: { onClose: () => void }): ReactNode {
  const { texts } = useTexts();
  const profileTexts = useProfileTexts();
  const el = useElements();
  const { user, environment } = useClerkState();
  const announce = useAnnounce();
  const [firstName, setFirstName] = useState(user?.firstName ?? "");
  const [lastName, setLastName] = useState(user?.lastName ?? "");
  const form = useForm(["firstName", "lastName"]);
  const attributes = environment?.userSettings.attributes;
  return (
    <ActionForm
      title={profileTexts.profilePage.title}
      form={form}
      submitLabel={profileTexts.formButtonPrimary__save}
      onCancel={props.onClose}
      onSubmit={() =>
        void form.submit(async () => {
          await user?.update({
            ...(attributes?.firstName.enabled === true ? { firstName: firstName.trim() } : {}),
            ...(attributes?.lastName.enabled === true ? { lastName: lastName.trim() } : {}),
          });
          announce(profileTexts.profilePage.successMessage);
          props.onClose();
        })
      }
    >
      <div className={el("formFieldRow", "name")}>
        {attributes?.firstName.enabled === true && (
          <Field
            name="firstName"
            label={texts.formFieldLabel__firstName}
            autoComplete="given-name"
            required={attributes.firstName.required}
            value={firstName}
            onChange={(value) => {
              form.clear("firstName");
              setFirstName(value);
            }}
            error={form.errors.fields.firstName}
          />
        )}
        {attributes?.lastName.enabled === true && (
          <Field
            name="lastName"
            label={texts.formFieldLabel__lastName}
            autoComplete="family-name"
            required={attributes.lastName.required}
            value={lastName}
            onChange={(value) => {
              form.clear("lastName");
              setLastName(value);
            }}
            error={form.errors.fields.lastName}
          />
        )}
      </div>
    </ActionForm>
  );
}
