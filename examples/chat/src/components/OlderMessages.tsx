import type { PaginationStatus } from "convex/react";
import { type RefObject, useEffect, useRef } from "react";

type Props = {
  box: RefObject<HTMLElement | null>;
  status: PaginationStatus;
  roomName: string;
  onOlder: () => void;
};

/** The top of the list: loads older messages when it comes into sight, and is a button for those who press it. */
export function OlderMessages({ box, status, roomName, onOlder }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const load = useRef(onOlder);
  load.current = onOlder;

  useEffect(() => {
    if (status !== "CanLoadMore" || button.current === null) {
      return;
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) {
          load.current();
        }
      },
      { root: box.current, rootMargin: "200px 0px 0px 0px" },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [box, status]);

  switch (status) {
    case "LoadingFirstPage":
      return <p className="older">Loading messages …</p>;
    case "CanLoadMore":
      return (
        <p className="older">
          <button type="button" className="button quiet" ref={button} onClick={onOlder}>
            Load older messages
          </button>
        </p>
      );
    case "LoadingMore":
      return <p className="older">Loading older messages …</p>;
    case "Exhausted":
      return <p className="older beginning">This is the beginning of #{roomName}.</p>;
  }
}
