import type { ReactNode } from "react";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button } from "./button.tsx";
import { PencilIcon } from "./icons.tsx";

/** An address or a name that was given a step ago, and a button to correct it. */
export function IdentityPreview(props: { identifier: string; onEdit: () => void }): ReactNode {
  const el = useElements();
  const { texts, fill } = useTexts();
  return (
    <span className={el("identityPreview")}>
      <bdi className={el("identityPreviewText")}>{props.identifier}</bdi>
      <Button
        descriptor="identityPreviewEditButton"
        variant="icon"
        aria-label={fill(texts.editIdentifier, { identifier: props.identifier })}
        onClick={props.onEdit}
      >
        <PencilIcon size={14} />
      </Button>
    </span>
  );
}
