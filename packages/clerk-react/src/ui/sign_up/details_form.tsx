import type { SignUpCreateParams } from "@tandem/clerk-js";
import { type ReactNode, useState } from "react";
import type { FormErrors } from "../form/error_text.ts";
import { FormBox } from "../form/form_box.tsx";
import { PasswordHints } from "../form/password_hints.tsx";
import { useForm } from "../form/use_form.ts";
import type { Texts } from "../localization.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { Field, PasswordField } from "../primitives/field.tsx";
import type { FieldName, FormField } from "./fields.ts";
import { LegalConsent } from "./legal_consent.tsx";

type Details = Partial<Record<FieldName, string>>;

/** How browsers and password managers know the fields. */
const AUTOCOMPLETE = {
  firstName: "given-name",
  lastName: "family-name",
  username: "username",
  emailAddress: "email",
  password: "new-password",
} as const satisfies Record<FieldName, string>;

/** The form for what a new account consists of. Empty optional fields are not sent. */
export function DetailsForm(props: {
  fields: readonly FormField[];
  initial: Details;
  legalConsent: boolean;
  /** What the form has to say from the start. */
  interruption?: FormErrors | undefined;
  onSubmit: (details: SignUpCreateParams) => Promise<void>;
  recovers: (error: unknown) => Promise<boolean>;
}): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { fields, legalConsent } = props;
  const [details, setDetails] = useState<Details>(props.initial);
  const [accepted, setAccepted] = useState(false);
  const form = useForm(
    [...fields.map(({ name }) => name), ...(legalConsent ? ["legalAccepted"] : [])],
    props.interruption,
  );
  const field = (one: FormField): ReactNode => {
    const { name, required } = one;
    const shared = {
      name,
      label: labelOf(name, texts),
      autoComplete: AUTOCOMPLETE[name],
      required,
      value: details[name] ?? "",
      error: form.errors.fields[name],
      onChange: (value: string) => {
        form.clear(name);
        setDetails((before) => ({ ...before, [name]: value }));
      },
      ...(required
        ? {}
        : { action: <span className={el("formFieldHintText")}>{texts.formFieldHintText__optional}</span> }),
    };
    if (name === "password") {
      return <PasswordField key={name} {...shared} info={<PasswordHints password={shared.value} />} />;
    }
    return (
      <Field
        key={name}
        {...shared}
        type={name === "emailAddress" ? "email" : "text"}
        placeholder={placeholderOf(name, texts)}
        {...(name === "emailAddress" || name === "username"
          ? { autoCapitalize: "none", spellCheck: false }
          : {})}
      />
    );
  };
  const names = fields.filter(({ name }) => name === "firstName" || name === "lastName");
  return (
    <FormBox
      form={form}
      onSubmit={() => {
        const given = fields.filter(({ name }) => (details[name] ?? "") !== "");
        void form.submit(
          () =>
            props.onSubmit({
              ...Object.fromEntries(given.map(({ name }) => [name, trimmed(name, details[name]!)])),
              ...(legalConsent ? { legalAccepted: accepted } : {}),
            }),
          props.recovers,
        );
      }}
    >
      {names.length > 0 && <div className={el("formFieldRow", "name")}>{names.map(field)}</div>}
      {fields.filter((one) => !names.includes(one)).map(field)}
      {legalConsent && (
        <LegalConsent checked={accepted} onChange={setAccepted} error={form.errors.fields.legalAccepted} />
      )}
      <Button descriptor="formButtonPrimary" variant="wide" type="submit" busy={form.busy}>
        {texts.formButtonPrimary}
      </Button>
    </FormBox>
  );
}

/** Spaces around are slips of the hand, except in a password. */
function trimmed(name: FieldName, value: string): string {
  return name === "password" ? value : value.trim();
}

function labelOf(name: FieldName, texts: Texts): string {
  return {
    firstName: texts.formFieldLabel__firstName,
    lastName: texts.formFieldLabel__lastName,
    username: texts.formFieldLabel__username,
    emailAddress: texts.formFieldLabel__emailAddress,
    password: texts.formFieldLabel__password,
  }[name];
}

function placeholderOf(name: Exclude<FieldName, "password">, texts: Texts): string {
  return {
    firstName: texts.formFieldInputPlaceholder__firstName,
    lastName: texts.formFieldInputPlaceholder__lastName,
    username: texts.formFieldInputPlaceholder__username,
    emailAddress: texts.formFieldInputPlaceholder__emailAddress,
  }[name];
}
