import type { CustomMenuItem, UserProfileProps } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useElements } from "../look/look_context.tsx";
import { Button, PageLink } from "../primitives/button.tsx";

/** An entry that the app added: a link, a call, or a page of the profile to open. */
export function CustomItem(props: {
  item: CustomMenuItem;
  profile: UserProfileProps | undefined;
  onDone: () => void;
}): ReactNode {
  const el = useElements();
  const { clerk } = useClerkState();
  const { item, profile, onDone } = props;
  const content = (
    <>
      <span className={el("userButtonPopoverActionIcon")}>{item.icon as ReactNode}</span>
      {item.label}
    </>
  );
  if (item.href !== undefined) {
    return (
      <PageLink
        className={`${el("button")} ${el("userButtonPopoverActionButton", "link")}`}
        href={item.href}
        onClick={onDone}
      >
        {content}
      </PageLink>
    );
  }
  return (
    <Button
      descriptor="userButtonPopoverActionButton"
      id="action"
      onClick={() => {
        onDone();
        item.onClick?.();
        if (item.open !== undefined) {
          clerk.openUserProfile(Object.assign({}, profile, { __experimental_startPath: item.open }));
        }
      }}
    >
      {content}
    </Button>
  );
}
