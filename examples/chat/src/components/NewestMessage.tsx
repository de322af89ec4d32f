import { useEffect, useRef, useState } from "react";
import type { Doc } from "../../convex/_generated/dataModel";

/** Reads out what others write to those who listen: only what is new, not the pages of older messages. */
export function NewestMessage({ message, me }: { message: Doc<"messages"> | undefined; me: string }) {
  const latest = useRef<number>(undefined);
  const [spoken, setSpoken] = useState("");

  useEffect(() => {
    if (message === undefined) {
      return;
    }
    const isNew = latest.current !== undefined && message._creationTime > latest.current;
    latest.current = message._creationTime;
    if (isNew && message.author !== me) {
      setSpoken(`${message.author}: ${message.body}`);
    }
  }, [message, me]);

  return (
    <p className="visually-hidden" aria-live="polite">
      {spoken}
    </p>
  );
}
