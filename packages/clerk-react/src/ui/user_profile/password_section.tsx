import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { PasswordHints } from "../form/password_hints.tsx";
import { useForm } from "../form/use_form.ts";
import { useTexts } from "../look/look_context.tsx";
import { Checkbox, PasswordField } from "../primitives/field.tsx";
import { useAnnounce } from "./announcements.tsx";
import { ActionForm, Section, SectionButton, SectionItem } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";
import { useAction } from "./use_action.ts";

/** Whether there is a password, and the form to set or change it. */
export function PasswordSection(): ReactNode {
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const action = useAction<"edit">();
  const words = profileTexts.start.passwordSection;
  const enabled = user?.passwordEnabled === true;
  return (
    <Section id="password" title={words.title}>
      <div ref={action.home}>
        {action.open === undefined ? (
          <SectionItem
            empty={!enabled}
            action={
              <SectionButton onClick={() => action.start("edit")}>
                {enabled ? words.primaryButton__updatePassword : words.primaryButton__setPassword}
              </SectionButton>
            }
          >
            {enabled ? <span aria-hidden="true">••••••••••</span> : words.noPassword}
          </SectionItem>
        ) : (
          <PasswordForm onClose={action.close} />
        )}
      </div>
    </Section>
  );
}

function PasswordForm(props: { onClose: () => void }): ReactNode {
  const { texts } = useTexts();
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const announce = useAnnounce();
  const [currentPassword, setCurrentPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  const [elsewhere, setElsewhere] = useState(true);
  const form = useForm(["currentPassword", "newPassword"]);
  const words = profileTexts.passwordPage;
  const enabled = user?.passwordEnabled === true;
  return (
    <ActionForm
      title={enabled ? words.title__update : words.title__set}
      form={form}
      submitLabel={profileTexts.formButtonPrimary__save}
      onCancel={props.onClose}
      onSubmit={() =>
        void form.submit(async () => {
          await user?.updatePassword({
            newPassword,
            signOutOfOtherSessions: elsewhere,
            ...(enabled ? { currentPassword } : {}),
          });
          announce(enabled ? words.successMessage__update : words.successMessage__set);
          props.onClose();
        })
      }
    >
      <input
        className="cl-unseen"
        type="text"
        name="identifier"
        autoComplete="username"
        value={user?.primaryEmailAddress?.emailAddress ?? user?.username ?? ""}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      {enabled && (
        <PasswordField
          name="currentPassword"
          label={texts.formFieldLabel__currentPassword}
          autoComplete="current-password"
          required
          value={currentPassword}
          error={form.errors.fields.currentPassword}
          onChange={(value) => {
            form.clear("currentPassword");
            setCurrentPassword(value);
          }}
        />
      )}
      <PasswordField
        name="newPassword"
        label={texts.formFieldLabel__newPassword}
        autoComplete="new-password"
        required
        value={newPassword}
        error={form.errors.fields.newPassword}
        onChange={(value) => {
          form.clear("newPassword");
          setNewPassword(value);
        }}
        info={<PasswordHints password={newPassword} />}
      />
      <Checkbox
        name="signOutOfOtherSessions"
        label={texts.formFieldLabel__signOutOfOtherSessions}
        info={words.checkboxInfoText__signOutOfOtherSessions}
        checked={elsewhere}
        onChange={setElsewhere}
      />
    </ActionForm>
  );
}
