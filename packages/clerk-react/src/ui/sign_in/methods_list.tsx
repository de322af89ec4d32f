import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button, TextButton, TextLink } from "../primitives/button.tsx";
import { CardFrame, CardHeader } from "../primitives/card.tsx";
import { useSteps } from "../steps/steps.ts";
import { keyOf, type OfferedFactor } from "./factors/index.ts";

/** All ways to sign in, to choose from. */
export function MethodsList(props: {
  offered: readonly OfferedFactor[];
  onChoose: (chosen: OfferedFactor) => void;
  /** Back to where the list was asked for; absent when it is all there is. */
  back: (() => void) | undefined;
}): ReactNode {
  const { texts } = useTexts();
  const el = useElements();
  const { go } = useSteps();
  const { environment } = useClerkState();
  const support = environment?.displayConfig.supportEmail ?? "";
  return (
    <CardFrame>
      <CardHeader
        title={texts.signIn.alternativeMethods.title}
        subtitle={texts.signIn.alternativeMethods.subtitle}
      />
      <div className={el("main")}>
        <div className={el("alternativeMethods")}>
          {props.offered.map((one) => (
            <Button
              key={keyOf(one)}
              descriptor="alternativeMethodsBlockButton"
              variant="block"
              id={one.factor.strategy}
              onClick={() => props.onChoose(one)}
            >
              <one.kind.Icon />
              {one.kind.label(one.factor, texts)}
            </Button>
          ))}
        </div>
        <div className="cl-linkRow">
          <TextButton descriptor="backLink" onClick={props.back ?? (() => go(""))}>
            {texts.backButton}
          </TextButton>
          {support !== "" && (
            <TextLink descriptor="footerActionLink" href={`mailto:${support}`}>
              {texts.signIn.alternativeMethods.actionLink}
            </TextLink>
          )}
        </div>
      </div>
    </CardFrame>
  );
}
