import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useForm } from "../form/use_form.ts";
import { useTexts } from "../look/look_context.tsx";
import { Field } from "../primitives/field.tsx";
import { useAnnounce } from "./announcements.tsx";
import { ActionForm, Section, SectionButton, SectionItem } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";
import { useAction } from "./use_action.ts";

/** The username, and the form to change it. */
export function UsernameSection(): ReactNode {
  const profileTexts = useProfileTexts();
  const { user, environment } = useClerkState();
  const action = useAction<"edit">();
  const words = profileTexts.start.usernameSection;
  const username = user?.username ?? "";
  const changeable = environment?.userSettings.attributes.username.immutable !== true || username === "";
  return (
    <Section id="username" title={words.title}>
      <div ref={action.home}>
        {action.open === undefined ? (
          <SectionItem
            empty={username === ""}
            action={
              changeable && (
                <SectionButton onClick={() => action.start("edit")}>
                  {username === "" ? words.primaryButton__setUsername : words.primaryButton__updateUsername}
                </SectionButton>
              )
            }
          >
            {username === "" ? words.noUsername : <bdi>{username}</bdi>}
          </SectionItem>
        ) : (
          <UsernameForm onClose={action.close} />
        )}
      </div>
    </Section>
  );
}

function UsernameForm(props: { onClose: () => void }): ReactNode {
  const { texts } = useTexts();
  const profileTexts = useProfileTexts();
  const { user } = useClerkState();
  const announce = useAnnounce();
  const [username, setUsername] = useState(user?.username ?? "");
  const form = useForm(["username"]);
  const words = profileTexts.usernamePage;
  return (
    <ActionForm
      title={user?.username ? words.title__update : words.title__set}
      form={form}
      submitLabel={profileTexts.formButtonPrimary__save}
      onCancel={props.onClose}
      onSubmit={() =>
        void form.submit(async () => {
          await user?.update({ username: username.trim() });
          announce(words.successMessage);
          props.onClose();
        })
      }
    >
      <Field
        name="username"
        label={texts.formFieldLabel__username}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={username}
        onChange={(value) => {
          form.clear("username");
          setUsername(value);
        }}
        error={form.errors.fields.username}
      />
    </ActionForm>
  );
}
