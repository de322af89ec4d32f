import type { UserResource } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { useElements } from "../look/look_context.tsx";
import { displayName, secondaryName } from "../user_name.ts";
import { Avatar } from "./avatar.tsx";

/** Picture, name and address of a user. */
export function UserPreview(props: { user: UserResource; size: number }): ReactNode {
  const el = useElements();
  const { user, size } = props;
  const secondary = secondaryName(user);
  return (
    <span className={el("userPreview")}>
      <Avatar of={user} name={displayName(user)} seed={user.id} size={size} />
      <span className={el("userPreviewTextContainer")}>
        <bdi className={el("userPreviewMainIdentifier")}>{displayName(user)}</bdi>
        {secondary !== "" && <bdi className={el("userPreviewSecondaryIdentifier")}>{secondary}</bdi>}
      </span>
    </span>
  );
}
