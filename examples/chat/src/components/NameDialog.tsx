import { type FormEvent, useEffect, useRef, useState } from "react";
import { Avatar } from "./Avatar.tsx";

type Props = { name: string; onName: (name: string) => void; onCancel: () => void };

/** Asks by which name others shall see you. Cannot be closed before there is one. */
export function NameDialog({ name: before, onName, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(before);
  const isNew = before === "";

  useEffect(() => dialog.current?.showModal(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") {
      onName(name.trim());
    }
  };

  return (
    <dialog
      ref={dialog}
      className="name-dialog"
      aria-labelledby="name-title"
      onCancel={(event) => {
        event.preventDefault();
        if (!isNew) {
          onCancel();
        }
      }}
    >
      <form onSubmit={submit}>
        <Avatar name={name.trim()} />
        <h2 id="name-title">{isNew ? "Hello! Who are you?" : "Change your name"}</h2>
        <label htmlFor="name">The name that others see</label>
        <input
          id="name"
          className="field"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={40}
          autoComplete="nickname"
          required
        />
        <div className="actions">
          {!isNew && (
            <button type="button" className="button quiet" onClick={onCancel}>
              Cancel
            </button>
          )}
          <button type="submit" className="button">
            {isNew ? "Start chatting" : "Save"}
          </button>
        </div>
      </form>
    </dialog>
  );
}
