import { insertAtTop, useMutation, usePaginatedQuery } from "convex/react";
import { useRef } from "react";
import { api } from "../../convex/_generated/api";
import type { Doc, Id } from "../../convex/_generated/dataModel";
import { Composer } from "./Composer.tsx";
import { MessageList, PENDING } from "./MessageList.tsx";

const PAGE_SIZE = 30;

/** One room: its messages, live, and a field to add to them. */
export function Room({ room, author }: { room: Doc<"rooms">; author: string }) {
  const { results, status, loadMore } = usePaginatedQuery(
    api.messages.list,
    { room: room._id },
    { initialNumItems: PAGE_SIZE },
  );

  // Until the server has answered, the list shows the message as pending; then the real one takes its place.
  const sendMessage = useMutation(api.messages.send).withOptimisticUpdate(
    (localStore, { room, author, body }) => {
      insertAtTop({
        paginatedQuery: api.messages.list,
        argsToMatch: { room },
        localQueryStore: localStore,
        item: {
          _id: `${PENDING}${Math.random()}` as Id<"messages">,
          _creationTime: Date.now(),
          room,
          author,
          body,
        },
      });
    },
  );

  const list = useRef<HTMLDivElement>(null);

  const send = (body: string) => {
    list.current?.scrollTo({ top: 0 });
    return sendMessage({ room: room._id, author, body });
  };

  return (
    <>
      <header className="room-header">
        <a className="back" href="#/" aria-label="All rooms">
          ‹
        </a>
        <h2>
          <span className="hash" aria-hidden="true">
            #
          </span>
          {room.name}
        </h2>
        {room.topic && <p>{room.topic}</p>}
      </header>
      <MessageList
        ref={list}
        roomName={room.name}
        me={author}
        newestFirst={results}
        status={status}
        onOlder={() => loadMore(PAGE_SIZE)}
      />
      <Composer roomName={room.name} onSend={send} />
    </>
  );
}
