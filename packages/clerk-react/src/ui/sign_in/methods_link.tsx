import type { ReactNode } from "react";
import { useTexts } from "../look/look_context.tsx";
import { TextButton } from "../primitives/button.tsx";

/** The way to the other methods; nothing when there is none. */
export function MethodsLink(props: { show: (() => void) | undefined }): ReactNode {
  const { texts } = useTexts();
  return props.show === undefined ? null : (
    <div className="cl-linkRow">
      <TextButton descriptor="footerActionLink" onClick={props.show}>
        {texts.footerActionLink__useAnotherMethod}
      </TextButton>
    </div>
  );
}
