import type { ReactNode } from "react";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Notice } from "../primitives/alert.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { Identity } from "./identity.tsx";

/** The account has no way to sign in that this page can ask for. */
export function NoMethods(props: { message?: string }): ReactNode {
  const { texts, fill } = useTexts();
  const el = useElements();
  const words = texts.signIn.noAvailableMethods;
  return (
    <CardFrame>
      <CardHeader title={words.title} subtitle={props.message ?? words.subtitle}>
        <Identity />
      </CardHeader>
      <div className={el("main")}>
        <Notice>{fill(words.message)}</Notice>
      </div>
    </CardFrame>
  );
}
