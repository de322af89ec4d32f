import type { Doc } from "../../convex/_generated/dataModel";
import { Avatar } from "./Avatar.tsx";

type Props = {
  message: Doc<"messages">;
  previous: Doc<"messages"> | undefined;
  mine: boolean;
  pending: boolean;
};

/** Messages of one author closer together than this share one heading. */
const GROUP_MS = 5 * 60_000;

const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const wholeDate = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

export function Message({ message, previous, mine, pending }: Props) {
  const sent = new Date(message._creationTime);
  const before = previous && new Date(previous._creationTime);
  const newDay = before?.toDateString() !== sent.toDateString();
  const first =
    newDay ||
    previous?.author !== message.author ||
    message._creationTime - previous._creationTime > GROUP_MS;

  return (
    <>
      {newDay && (
        <li className="day">
          <span>{dayOfYear.format(sent)}</span>
        </li>
      )}
      <li className="message" data-mine={mine} data-first={first} data-pending={pending}>
        {first && !mine && <Avatar name={message.author} />}
        {first && (
          <p className="byline">
            <span className={mine ? "visually-hidden" : "author"}>{mine ? "You" : message.author}</span>{" "}
            <time dateTime={sent.toISOString()} title={wholeDate.format(sent)}>
              {timeOfDay.format(sent)}
            </time>
          </p>
        )}
        <p className="body" title={first ? undefined : wholeDate.format(sent)}>
          {message.body}
        </p>
        {pending && <p className="state">Sending …</p>}
      </li>
    </>
  );
}
