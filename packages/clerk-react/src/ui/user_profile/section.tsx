import { type ReactNode, useEffect, useRef } from "react";
import { FormBox } from "../form/form_box.tsx";
import type { Form } from "../form/use_form.ts";
import { useElements } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { PlusIcon } from "../primitives/icons.tsx";
import { useProfileTexts } from "./texts.ts";

/** A part of a page: its title, and what it is about. */
export function Section(props: { id: string; title: string; children: ReactNode }): ReactNode {
  const el = useElements();
  return (
    <section className={el("profileSection", props.id)} aria-label={props.title}>
      <h3 className={el("profileSectionTitle", props.id)}>{props.title}</h3>
      <div className={el("profileSectionContent", props.id)}>{props.children}</div>
    </section>
  );
}

/** A line of a section: a value, and at its end what can be done with it. */
export function SectionItem(props: { children: ReactNode; empty?: boolean; action?: ReactNode }): ReactNode {
  const el = useElements();
  return (
    <div className={el("profileSectionItem")}>
      <div
        className={`cl-profileSectionItemText ${props.empty === true ? "cl-profileSectionItemText__empty" : ""}`}
      >
        {props.children}
      </div>
      {props.action}
    </div>
  );
}

/** The button that starts what a section is for. */
export function SectionButton(props: {
  children: string;
  danger?: boolean;
  adds?: boolean;
  onClick: () => void;
}): ReactNode {
  return (
    <Button
      descriptor="profileSectionPrimaryButton"
      {...(props.danger === true ? { id: "danger" } : {})}
      onClick={props.onClick}
    >
      {props.adds === true && <PlusIcon />}
      {props.children}
    </Button>
  );
}

/**
 * A small form within a section, with a button to cancel and one to go on. It takes the focus when it appears; where
 * the focus goes afterwards is the section's to say.
 */
export function ActionForm(props: {
  title: string;
  /** What happens, said before it does. */
  text?: ReactNode;
  form: Form;
  submitLabel: string;
  danger?: boolean;
  onSubmit: () => void;
  onCancel: () => void;
  children?: ReactNode;
}): ReactNode {
  const profileTexts = useProfileTexts();
  return (
    <ActionCard
      title={props.title}
      text={props.text}
      danger={props.danger === true}
      onCancel={props.onCancel}
    >
      <FormBox form={props.form} onSubmit={props.onSubmit}>
        {props.children}
        <FormButtons>
          <Button descriptor="formButtonReset" onClick={props.onCancel}>
            {profileTexts.formButtonReset}
          </Button>
          <Button
            descriptor="formButtonPrimary"
            {...(props.danger === true ? { id: "danger" } : {})}
            type="submit"
            busy={props.form.busy}
          >
            {props.submitLabel}
          </Button>
        </FormButtons>
      </FormBox>
    </ActionCard>
  );
}

/** The frame of what happens within a section. Escape leaves it. */
export function ActionCard(props: {
  title: string;
  text?: ReactNode;
  danger?: boolean;
  onCancel: () => void;
  children: ReactNode;
}): ReactNode {
  const el = useElements();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (box.current?.contains(document.activeElement) !== true) {
      const field = box.current?.querySelector<HTMLElement>('input:not([tabindex="-1"])');
      (field ?? box.current)?.focus();
    }
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the form in it
    <div
      ref={box}
      className={el("actionCard", props.danger === true ? "danger" : undefined)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          props.onCancel();
        }
      }}
    >
      <div className={el("actionCardHeader")}>
        <h4 className={el("actionCardTitle")}>{props.title}</h4>
        {props.text !== undefined && <div className={el("actionCardText")}>{props.text}</div>}
      </div>
      {props.children}
    </div>
  );
}

/** The buttons at a form's end. */
export function FormButtons(props: { children: ReactNode }): ReactNode {
  const el = useElements();
  return <div className={el("formButtons")}>{props.children}</div>;
}
