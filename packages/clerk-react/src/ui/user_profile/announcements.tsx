import { createContext, type ReactNode, useContext, useState } from "react";
import { Announcement } from "../primitives/alert.tsx";

const AnnounceContext = createContext<(text: string) => void>(() => {
  throw new Error("A section of the profile was drawn outside of its page.");
});

/** Says on the page, and to screen readers, that something has been done. */
export function useAnnounce(): (text: string) => void {
  return useContext(AnnounceContext);
}

/** A page that says what has been done on it; the last announcement stands until the next. */
export function AnnouncedPage(props: { title: string; children: ReactNode }): ReactNode {
  const [text, setText] = useState("");
  return (
    <AnnounceContext.Provider value={setText}>
      <div className="cl-page">
        <h2 className="cl-profilePageTitle">{props.title}</h2>
        <Announcement>{text}</Announcement>
        {props.children}
      </div>
    </AnnounceContext.Provider>
  );
}
