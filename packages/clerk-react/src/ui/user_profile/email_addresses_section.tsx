import type { EmailAddressResource, UserResource } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Menu, type MenuEntry } from "../primitives/menu.tsx";
import { useAnnounce } from "./announcements.tsx";
import { AddEmailAddress, RemoveEmailAddress, VerifyEmailAddress } from "./email_address_forms.tsx";
import { Section, SectionButton } from "./section.tsx";
import { useProfileTexts } from "./texts.ts";
import { useAction } from "./use_action.ts";

/** What can be open among the addresses. */
type Open =
  | { at: "add" }
  | { at: "verify"; address: EmailAddressResource }
  | { at: "remove"; address: EmailAddressResource };

/** The addresses: which is the primary one, which are verified, and what to do with each. */
export function EmailAddressesSection(): ReactNode {
  const { texts, fill } = useTexts();
  const profileTexts = useProfileTexts();
  const el = useElements();
  const { user } = useClerkState();
  const announce = useAnnounce();
  const action = useAction<Open>();
  const form = useForm([]);
  const words = profileTexts.start.emailAddressesSection;
  if (user === null || user === undefined) {
    return null;
  }
  const entries = (address: EmailAddressResource): MenuEntry[] => {
    const verified = address.verification.status === "verified";
    const primary = user.primaryEmailAddressId === address.id;
    const linked = address.linkedTo.length > 0;
    return [
      ...(verified
        ? []
        : [
            {
              label: words.detailsAction__unverified,
              onSelect: () => action.start({ at: "verify", address }),
            },
          ]),
      ...(verified && !primary
        ? [{ label: words.detailsAction__nonPrimary, onSelect: () => void makePrimary(address) }]
        : []),
      ...(linked || (primary && user.emailAddresses.length === 1)
        ? []
        : [
            {
              label: words.destructiveAction,
              danger: true,
              onSelect: () => action.start({ at: "remove", address }),
            },
          ]),
    ];
  };
  const makePrimary = (address: EmailAddressResource): Promise<boolean> =>
    form.submit(async () => {
      await user.update({ primaryEmailAddressId: address.id });
      announce(fill(profileTexts.emailAddressPage.primaryMessage, { identifier: address.emailAddress }));
    });
  const { open } = action;
  return (
    <Section id="emailAddresses" title={words.title}>
      <FormAlert form={form} />
      <ul className={el("profileSectionItemList", "emailAddresses")}>
        {primaryFirst(user).map((address) => (
          <li key={address.id} className="cl-profileSectionItemBox">
            <div className={el("profileSectionItem", "emailAddresses")}>
              <span className="cl-profileSectionItemText">
                <bdi>{address.emailAddress}</bdi>
                {user.primaryEmailAddressId === address.id && (
                  <span className={el("badge", "primary")}>{texts.badge__primary}</span>
                )}
                {address.verification.status !== "verified" && (
                  <span className={el("badge", "warning")}>{texts.badge__unverified}</span>
                )}
              </span>
              <Menu
                label={fill(words.openMenu, { identifier: address.emailAddress })}
                entries={entries(address)}
              />
            </div>
            {open?.at === "verify" && open.address.id === address.id && (
              <VerifyEmailAddress address={address} onClose={action.close} />
            )}
            {open?.at === "remove" && open.address.id === address.id && (
              <RemoveEmailAddress address={address} onClose={action.close} />
            )}
          </li>
        ))}
      </ul>
      <div ref={action.home}>
        {open?.at === "add" ? (
          <AddEmailAddress
            user={user}
            onClose={action.close}
            onAdded={(address) => action.start({ at: "verify", address })}
          />
        ) : (
          <SectionButton adds onClick={() => action.start({ at: "add" })}>
            {words.primaryButton}
          </SectionButton>
        )}
      </div>
    </Section>
  );
}

function primaryFirst(user: UserResource): EmailAddressResource[] {
  const isOther = ({ id }: EmailAddressResource): number => (id === user.primaryEmailAddressId ? 0 : 1);
  return [...user.emailAddresses].sort((left, right) => isOther(left) - isOther(right));
}
