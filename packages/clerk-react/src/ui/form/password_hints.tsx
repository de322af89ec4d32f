import type { PasswordSettings } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import type { Texts } from "../localization.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { CheckIcon, DotIcon } from "../primitives/icons.tsx";

interface Demand {
  readonly text: string;
  readonly met: boolean;
}

/** What the instance asks of a new password, each demand ticked off as it is met. */
export function PasswordHints(props: { password: string }): ReactNode {
  const el = useElements();
  const { texts, fill } = useTexts();
  const { environment } = useClerkState();
  if (environment === undefined) {
    return null;
  }
  const demands = passwordDemands(props.password, environment.userSettings.passwordSettings, texts, fill);
  return (
    <ul className={el("passwordHints")} aria-label={texts.unstable__errors.passwordComplexity.sentencePrefix}>
      {demands.map(({ text, met }) => (
        <li key={text} className={`${el("passwordHint")} ${met ? "cl-passwordHint__met" : ""}`}>
          {met ? <CheckIcon size={14} /> : <DotIcon size={14} />}
          {text}
          {met && <span className="cl-unseen">{`, ${texts.passwordHint__met}`}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The demands of `settings` (F §3.4) and which of them `password` meets, counted as the server does. */
export function passwordDemands(
  password: string,
  settings: PasswordSettings,
  texts: Texts,
  fill: (text: string, values: Record<string, number>) => string,
): Demand[] {
  const words = texts.unstable__errors.passwordComplexity;
  const { length } = [...password];
  const special = settings.allowedSpecialCharacters;
  const demands: [boolean, string, boolean][] = [
    [true, fill(words.minimumLength, { length: settings.minLength }), length >= settings.minLength],
    [
      length > settings.maxLength,
      fill(words.maximumLength, { length: settings.maxLength }),
      length <= settings.maxLength,
    ],
    [settings.requireLowercase, words.requireLowercase, /\p{Ll}/u.test(password)],
    [settings.requireUppercase, words.requireUppercase, /\p{Lu}/u.test(password)],
    [settings.requireNumbers, words.requireNumbers, /\p{Nd}/u.test(password)],
    [
      settings.requireSpecialChar,
      words.requireSpecialCharacter,
      [...password].some((letter) =>
        special === "" ? /[^\p{L}\p{N}]/u.test(letter) : special.includes(letter),
      ),
    ],
  ];
  return demands.filter(([asked]) => asked).map(([, text, met]) => ({ text, met }));
}
