import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { useElements, useTexts } from "../look/look_context.tsx";
import { EyeIcon, EyeOffIcon } from "./icons.tsx";

interface FieldProps extends Omit<ComponentProps<"input">, "className" | "onChange" | "value" | "id"> {
  /** The field's name on the wire; also the id of its descriptors. */
  name: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with the value, for people. */
  error?: string | undefined;
  /** A hint at the label's end, or a link that helps. */
  action?: ReactNode;
  /** What else belongs to the field, below it. */
  info?: ReactNode;
}

/** A labelled field with its error beneath it. */
export function Field(props: FieldProps): ReactNode {
  return <LabelledInput {...props} />;
}

/** A field for a secret, which can be shown. */
export function PasswordField(props: Omit<FieldProps, "type">): ReactNode {
  const [shown, setShown] = useState(false);
  const { texts } = useTexts();
  const el = useElements();
  return (
    <LabelledInput
      {...props}
      type={shown ? "text" : "password"}
      autoCapitalize="off"
      spellCheck={false}
      secret
    >
      <button
        type="button"
        className={el("formFieldInputShowPasswordButton")}
        aria-label={shown ? texts.hidePassword : texts.showPassword}
        aria-pressed={shown}
        tabIndex={props.tabIndex}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOffIcon /> : <EyeIcon />}
      </button>
    </LabelledInput>
  );
}

function LabelledInput(props: FieldProps & { secret?: boolean; children?: ReactNode }): ReactNode {
  const el = useElements();
  const id = useId();
  const { label, value, onChange, error, action, info, secret = false, children, ...input } = props;
  const described = [error !== undefined && `${id}-error`, info !== undefined && `${id}-info`].filter(
    Boolean,
  );
  return (
    <div className={el("formField", props.name)}>
      <div className={el("formFieldLabelRow", props.name)}>
        <label className={el("formFieldLabel", props.name)} htmlFor={id}>
          {label}
        </label>
        {action}
      </div>
      <div className={`${el("formFieldInputGroup")} ${secret ? "cl-formFieldInputGroup__secret" : ""}`}>
        <input
          {...input}
          id={id}
          className={el("formFieldInput", props.name)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={described.length > 0 ? described.join(" ") : undefined}
        />
        {children}
      </div>
      <FieldError id={`${id}-error`} name={props.name}>
        {error}
      </FieldError>
      {info !== undefined && <div id={`${id}-info`}>{info}</div>}
    </div>
  );
}

/** The error of a field; its region is always there, so that screen readers hear it appear. */
export function FieldError(props: { id: string; name: string; children: string | undefined }): ReactNode {
  const el = useElements();
  return (
    <div id={props.id} className="cl-liveRegion" aria-live="polite">
      {props.children !== undefined && (
        <p className={el("formFieldErrorText", props.name)}>{props.children}</p>
      )}
    </div>
  );
}

/** A box to tick, with its label beside it. */
export function Checkbox(props: {
  name: string;
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  info?: string;
  error?: string | undefined;
  required?: boolean;
}): ReactNode {
  const el = useElements();
  const id = useId();
  return (
    <div className={el("formFieldCheckbox", props.name)}>
      <input
        id={id}
        type="checkbox"
        className={el("formFieldCheckboxInput")}
        name={props.name}
        checked={props.checked}
        required={props.required}
        onChange={(event) => props.onChange(event.target.checked)}
        aria-invalid={props.error !== undefined}
        aria-describedby={`${id}-info ${id}-error`}
      />
      <label htmlFor={id} className={el("formFieldCheckboxLabel")}>
        {props.label}
      </label>
      <p id={`${id}-info`} className={el("formFieldInfoText")} hidden={props.info === undefined}>
        {props.info}
      </p>
      <FieldError id={`${id}-error`} name={props.name}>
        {props.error}
      </FieldError>
    </div>
  );
}
