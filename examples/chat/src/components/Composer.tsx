import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { refusal } from "../refusal.ts";

type Props = {
  roomName: string;
  /** Rejects if the server refuses the message. */
  onSend: (body: string) => Promise<unknown>;
};

/** The field for a new message: Enter sends, Shift and Enter begin a line. */
export function Composer({ roomName, onSend }: Props) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);

  const send = async () => {
    const body = text.trim();
    if (body === "") {
      return;
    }
    setText("");
    setProblem("");
    field.current?.focus();
    try {
      await onSend(body);
    } catch (error) {
      setProblem(refusal(error));
      // Give the words back, unless the next ones are being written already.
      setText((current) => current || body);
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter accepts the word.
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <form className="composer" onSubmit={onSubmit}>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <div className="composer-box">
        <textarea
          ref={field}
          rows={1}
          aria-label={`Message to ${roomName}`}
          placeholder={`Message #${roomName}`}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem("");
          }}
          onKeyDown={onKeyDown}
        />
        <button type="submit" className="button" disabled={text.trim() === ""}>
          Send
        </button>
      </div>
    </form>
  );
}
