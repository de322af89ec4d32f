import type { ReactNode } from "react";
import { useElements } from "../look/look_context.tsx";
import { AlertIcon, CheckIcon } from "./icons.tsx";

/** What went wrong with the whole form. Its region is always there, so that screen readers hear it appear. */
export function ErrorAlert(props: { children: ReactNode }): ReactNode {
  const el = useElements();
  return (
    <div role="alert" className="cl-liveRegion">
      {props.children !== undefined && (
        <div className={el("alert", "error")}>
          <span className="cl-alertIcon">
            <AlertIcon />
          </span>
          <p className={el("alertText")}>{props.children}</p>
        </div>
      )}
    </div>
  );
}

/** Something to know before going on. */
export function Notice(props: { children: ReactNode }): ReactNode {
  const el = useElements();
  return (
    <div className={el("alert", "notice")}>
      <span className="cl-alertIcon">
        <AlertIcon />
      </span>
      <p className={el("alertText")}>{props.children}</p>
    </div>
  );
}

/** That something has been done. Announced when it changes. */
export function Announcement(props: { children: string }): ReactNode {
  const el = useElements();
  return (
    <div role="status" className="cl-announcement">
      {props.children !== "" && (
        <div className={el("alert", "success")}>
          <span className="cl-alertIcon">
            <CheckIcon />
          </span>
          <p className={el("alertText")}>{props.children}</p>
        </div>
      )}
    </div>
  );
}
