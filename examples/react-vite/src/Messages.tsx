// Not in the guide: the current user's messages, and a form that sends one.
import { useMutation } from "convex/react";
import { type FormEvent, useState } from "react";
import { api } from "../convex/_generated/api";
import type { Doc } from "../convex/_generated/dataModel";

export function Messages({ messages }: { messages: Doc<"messages">[] | undefined }) {
  const send = useMutation(api.messages.send);
  const [body, setBody] = useState("");
  const [fault, setFault] = useState<string | null>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const text = body.trim();
    if (text === "") return;
    setBody("");
    setFault(null);
    try {
      await send({ body: text });
    } catch (error) {
      setBody(text);
      setFault(`The message was not sent: ${(error as Error).message}`);
    }
  }

  return (
    <>
      <ul className="messages" aria-live="polite">
        {messages?.map(({ _id, body }) => (
          <li key={_id}>{body}</li>
        ))}
      </ul>
      {messages?.length === 0 && <p className="empty">No messages yet. Write the first one.</p>}
      <form onSubmit={submit}>
        <input
          aria-label="Message"
          placeholder="Write a message"
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
        <button type="submit" disabled={body.trim() === ""}>
          Send
        </button>
      </form>
      {fault !== null && <p role="alert">{fault}</p>}
    </>
  );
}
