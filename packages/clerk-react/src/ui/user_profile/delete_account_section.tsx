import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useForm } from "../form/use_form.ts";
import { useTexts } from "../look/look_context.tsx";
import { Field } from "../primitives/field.tsx";
import { ActionForm, Section, SectionButton, SectionItem } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";
import { useAction } from "./use_action.ts";

/** The end of the account, which has to be typed out. */
export function DeleteAccountSection(): ReactNode {
  const profileTexts = useProfileTexts();
  const action = useAction<"delete">();
  const words = profileTexts.start.dangerSection;
  return (
    <Section id="danger" title={words.title}>
      <div ref={action.home}>
        {action.open === undefined ? (
          <SectionItem
            empty
            action={
              <SectionButton danger onClick={() => action.start("delete")}>
                {words.deleteAccountButton}
              </SectionButton>
            }
          >
            {words.description}
          </SectionItem>
        ) : (
          <DeleteForm onClose={action.close} />
        )}
      </div>
    </Section>
  );
}

function DeleteForm(props: { onClose: () => void }): ReactNode {
  const { texts, fill } = useTexts();
  const profileTexts = useProfileTexts();
  const { user, clerk } = useClerkState();
  const [typed, setTyped] = useState("");
  const form = useForm(["confirmation"]);
  const words = profileTexts.deletePage;
  const confirmation = texts.formFieldInputPlaceholder__confirmDeletionUserAccount;
  return (
    <ActionForm
      title={words.title}
      text={`${words.messageLine1} ${words.messageLine2}`}
      form={form}
      danger
      submitLabel={words.confirm}
      onCancel={props.onClose}
      onSubmit={() => {
        if (typed.trim() !== confirmation) {
          form.refuse({ confirmation: fill(texts.formFieldLabel__confirmDeletion, { confirmation }) });
          return;
        }
        void form.submit(async () => {
          await user?.delete();
          await clerk.navigate(clerk.buildAfterSignOutUrl());
        });
      }}
    >
      <Field
        name="confirmation"
        label={fill(texts.formFieldLabel__confirmDeletion, { confirmation })}
        autoComplete="off"
        required
        value={typed}
        error={form.errors.fields.confirmation}
        onChange={(value) => {
          form.clear("confirmation");
          setTyped(value);
        }}
      />
    </ActionForm>
  );
}
