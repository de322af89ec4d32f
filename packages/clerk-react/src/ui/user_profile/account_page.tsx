import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { AnnouncedPage } from "./announcements.tsx";
import { EmailAddressesSection } from "./email_addresses_section.tsx";
import { NameSection } from "./name_section.tsx";
import { useProfileTexts } from "./texts.ts";
import { UsernameSection } from "./username_section.tsx";

/** Who the user is: name, username, addresses; as the instance's settings have them (F §3.4). */
export function AccountPage(): ReactNode {
  const profileTexts = useProfileTexts();
  const { environment } = useClerkState();
  const attributes = environment?.userSettings.attributes;
  const email = attributes?.emailAddress;
  return (
    <AnnouncedPage title={profileTexts.start.headerTitle__account}>
      <NameSection />
      {attributes?.username.enabled === true && <UsernameSection />}
      {(email?.enabled === true ||
        email?.usedForFirstFactor === true ||
        email?.usedForSecondFactor === true) && <EmailAddressesSection />}
    </AnnouncedPage>
  );
}
