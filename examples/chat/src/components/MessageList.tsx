import type { PaginationStatus } from "convex/react";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { Doc } from "../../convex/_generated/dataModel";
import { Message } from "./Message.tsx";
import { NewestMessage } from "./NewestMessage.tsx";
import { OlderMessages } from "./OlderMessages.tsx";

/** Ids of messages that the server has not confirmed yet begin with this. */
export const PENDING = "pending:";

type Props = {
  ref: Ref<HTMLDivElement>;
  roomName: string;
  me: string;
  newestFirst: Doc<"messages">[];
  status: PaginationStatus;
  onOlder: () => void;
};

/**
 * The messages, oldest at the top. The box scrolls from its bottom (`column-reverse`), so the browser itself
 * stays at the newest message, and keeps its place when older ones are added above.
 */
export function MessageList({ ref, roomName, me, newestFirst, status, onOlder }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => box.current!, []);
  const [scrolledUp, setScrolledUp] = useState(false);

  // Where the reader is: the newest message when the box was last at its end.
  const newest = newestFirst[0]?._id;
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    if (!scrolledUp) {
      setSeen(newest);
    }
  }, [scrolledUp, newest]);

  const messages = newestFirst.toReversed();
  return (
    <div className="messages-frame">
      <section
        className="messages"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`Messages in ${roomName}`}
        onScroll={(event) => setScrolledUp(event.currentTarget.scrollTop < -80)}
      >
        <div className="messages-column">
          <OlderMessages box={box} status={status} roomName={roomName} onOlder={onOlder} />
          <ol aria-busy={status === "LoadingFirstPage"}>
            {messages.map((message, index) => (
              <Message
                key={message._id}
                message={message}
                previous={messages[index - 1]}
                mine={message.author === me}
                pending={message._id.startsWith(PENDING)}
              />
            ))}
          </ol>
          {status === "Exhausted" && messages.length === 0 && (
            <p className="hint">It is quiet here. Write the first message.</p>
          )}
        </div>
      </section>
      {scrolledUp && (
        <button
          type="button"
          className="to-newest"
          data-unseen={seen !== newest}
          onClick={() => box.current?.scrollTo({ top: 0 })}
        >
          {seen === newest ? "Newest messages" : "New messages"} ↓
        </button>
      )}
      <NewestMessage message={newestFirst[0]} me={me} />
    </div>
  );
}
