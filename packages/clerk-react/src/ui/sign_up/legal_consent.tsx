import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { filled } from "../localization.ts";
import { useLook, useTexts } from "../look/look_context.tsx";
import { TextLink } from "../primitives/button.tsx";
import { Checkbox } from "../primitives/field.tsx";

/** The box to tick before an account is made, with links to what is agreed to (F §3.4). */
export function LegalConsent(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  error: string | undefined;
}): ReactNode {
  const { texts } = useTexts();
  const { environment } = useClerkState();
  const { layout } = useLook().appearance;
  const terms = layout.termsPageUrl ?? environment?.displayConfig.termsUrl ?? "";
  const privacy = layout.privacyPageUrl ?? environment?.displayConfig.privacyPolicyUrl ?? "";
  const words = texts.signUp.legalConsent.checkbox;
  const text =
    terms !== "" && privacy !== ""
      ? words.label__termsOfServiceAndPrivacyPolicy
      : privacy !== ""
        ? words.label__onlyPrivacyPolicy
        : terms !== ""
          ? words.label__onlyTermsOfService
          : words.label__noLinks;
  const addresses = { termsOfServiceLink: terms, privacyPolicyLink: privacy };
  return (
    <Checkbox
      name="legalAccepted"
      required
      checked={props.checked}
      onChange={props.onChange}
      error={props.error}
      label={withLinks(text, addresses, {
        applicationName: environment?.displayConfig.applicationName ?? "",
      })}
    />
  );
}

/**
 * `text` with its links drawn: `{{ termsOfServiceLink || link("Terms of Service") }}` is a link to
 * `addresses.termsOfServiceLink` that reads "Terms of Service".
 */
export function withLinks(
  text: string,
  addresses: Readonly<Record<string, string>>,
  values: Record<string, string>,
): ReactNode[] {
  const parts = text.split(/(\{\{[^}]*link\("[^"]*"\)[^}]*\}\})/);
  return parts.map((part) => {
    const link = /\{\{\s*(\w+)[^}]*link\("([^"]*)"\)/.exec(part);
    const address = link === null ? undefined : addresses[link[1]!];
    if (link === null || address === undefined) {
      return filled(part, values);
    }
    return (
      <TextLink
        key={link[1]}
        descriptor="formFieldCheckboxLabelLink"
        variant="underlined"
        href={address}
        target="_blank"
        rel="noopener noreferrer"
      >
        {link[2]}
      </TextLink>
    );
  });
}
