import type { SignInCreateParams, SignInResource } from "@tandem/clerk-js";
import { type ReactNode, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert, FormBox } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import { codeOf } from "../interruption.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Notice } from "../primitives/alert.tsx";
import { Button, Waiting } from "../primitives/button.tsx";
import { CardFrame, CardHeader, FooterAction } from "../primitives/card.tsx";
import { Field, PasswordField } from "../primitives/field.tsx";
import { initialValues } from "../redirects.ts";
import { useSignInFlow } from "./flow.ts";
import { useTicket } from "./ticket.ts";

/** Errors after which the identifier alone is tried: the password is asked for in the next step then (F §4.3). */
const PASSWORD_ASKED_LATER = [
  "strategy_for_user_invalid",
  "form_password_incorrect",
  "form_password_pwned",
  "form_password_compromised",
];

/** The first step: who is it? */
export function StartStep(): ReactNode {
  const { environment } = useClerkState();
  const { texts, fill } = useTexts();
  const el = useElements();
  const { signIn, advance, recover, interruption, wentBack, props, signUp, welcome } = useSignInFlow();
  const identifierField = useIdentifierField();
  const [identifier, setIdentifier] = useState(
    // Of an attempt that is complete nothing is of interest: the next to sign in may be somebody else.
    () =>
      (signIn.status === "complete" ? null : signIn.identifier) ??
      initialValues(props).emailAddress ??
      initialValues(props).username ??
      "",
  );
  const [password, setPassword] = useState("");
  const form = useForm(["identifier", "password"], interruption);
  const ticket = useTicket();
  const settings = environment?.userSettings;
  const create = (params: SignInCreateParams): Promise<SignInResource> =>
    signIn.create(welcome === undefined ? params : { ...params, signUpIfMissing: true });
  const submit = (data: FormData): void => {
    const secret = settings?.enterpriseSso.enabled === true ? "" : String(data.get("password") ?? "");
    const given = String(data.get("identifier")).trim();
    void form.submit(
      async () => {
        // Whoever only went back goes on with the same attempt, whose code is in their mailbox.
        const isUnderWay = wentBack && interruption === undefined && secret === "" && isOf(signIn, given);
        await advance(isUnderWay ? signIn : await identified(create, given, secret));
      },
      async (error) => {
        if (welcome !== undefined && codeOf(error) === "form_identifier_not_found") {
          welcome(given);
          return true;
        }
        return recover(error);
      },
    );
  };
  const mode = settings?.signUp.mode ?? "public";
  if (ticket.isPresented) {
    return (
      <CardFrame>
        <CardHeader
          title={fill(texts.signIn.start.title)}
          subtitle={texts.signIn.start.ticketSubtitle}
          showLogo
        />
        <div className={el("main")}>
          <Waiting />
        </div>
      </CardFrame>
    );
  }
  return (
    <CardFrame
      footer={
        mode === "public" && (
          <FooterAction
            text={texts.signIn.start.actionText}
            link={texts.signIn.start.actionLink}
            href={signUp.href}
            {...(signUp.open === undefined ? {} : { onClick: signUp.open })}
          />
        )
      }
    >
      <CardHeader
        title={fill(texts.signIn.start.title)}
        subtitle={fill(texts.signIn.start.subtitle)}
        showLogo
      />
      <div className={el("main")}>
        {environment?.maintenanceMode === true && <Notice>{texts.maintenanceMode}</Notice>}
        {ticket.form.errors.form !== undefined && <FormAlert form={ticket.form} />}
        <FormBox form={form} onSubmit={submit}>
          <Field
            name="identifier"
            label={identifierField.label}
            placeholder={identifierField.placeholder}
            type={identifierField.type}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={identifier}
            error={form.errors.fields.identifier}
            onChange={(value) => {
              form.clear("identifier");
              setIdentifier(value);
            }}
          />
          {settings?.instanceIsPasswordBased === true && (
            <InstantPassword value={password} onChange={setPassword} error={form.errors.fields.password} />
          )}
          <Button descriptor="formButtonPrimary" variant="wide" type="submit" busy={form.busy}>
            {texts.formButtonPrimary}
          </Button>
        </FormBox>
      </div>
    </CardFrame>
  );
}

/** A password field for password managers: out of sight until one has filled it in. */
function InstantPassword(props: {
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}): ReactNode {
  const { texts } = useTexts();
  const shown = props.value !== "" || props.error !== undefined;
  return (
    <div className={shown ? undefined : "cl-quiet"} aria-hidden={!shown}>
      <PasswordField
        name="password"
        label={texts.formFieldLabel__password}
        autoComplete="current-password"
        tabIndex={shown ? 0 : -1}
        value={props.value}
        onChange={props.onChange}
        error={props.error}
      />
    </div>
  );
}

function useIdentifierField(): { label: string; placeholder: string; type: "email" | "text" } {
  const { environment } = useClerkState();
  const { texts } = useTexts();
  const attributes = environment?.userSettings.attributes;
  const email = attributes?.emailAddress.usedForFirstFactor === true;
  const username = attributes?.username.usedForFirstFactor === true;
  if (email && username) {
    return {
      label: texts.formFieldLabel__emailAddress_username,
      placeholder: texts.formFieldInputPlaceholder__emailAddress_username,
      type: "text",
    };
  }
  return username
    ? {
        label: texts.formFieldLabel__username,
        placeholder: texts.formFieldInputPlaceholder__username,
        type: "text",
      }
    : {
        label: texts.formFieldLabel__emailAddress,
        placeholder: texts.formFieldInputPlaceholder__emailAddress,
        type: "email",
      };
}

/** Whether `signIn` waits for a proof that somebody is `identifier`. */
function isOf({ status, identifier }: SignInResource, given: string): boolean {
  return status === "needs_first_factor" && identifier === given;
}

async function identified(
  create: (params: SignInCreateParams) => Promise<SignInResource>,
  identifier: string,
  password: string,
): Promise<SignInResource> {
  if (password === "") {
    return create({ identifier });
  }
  try {
    return await create({ identifier, password });
  } catch (error) {
    if (PASSWORD_ASKED_LATER.includes(codeOf(error) ?? "")) {
      return create({ identifier });
    }
    throw error;
  }
}
