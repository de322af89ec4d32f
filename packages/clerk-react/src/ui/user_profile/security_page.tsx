import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import { ActiveDevicesSection } from "./active_devices_section.tsx";
import { AnnouncedPage } from "./announcements.tsx";
import { DeleteAccountSection } from "./delete_account_section.tsx";
import { PasswordSection } from "./password_section.tsx";
import { useProfileTexts } from "./texts.ts";

/** How the user signs in and where they are signed in, and the end of the account. */
export function SecurityPage(): ReactNode {
  const profileTexts = useProfileTexts();
  const { user, environment } = useClerkState();
  return (
    <AnnouncedPage title={profileTexts.start.headerTitle__security}>
      {environment?.userSettings.instanceIsPasswordBased === true && <PasswordSection />}
      <ActiveDevicesSection />
      {user?.deleteSelfEnabled === true && <DeleteAccountSection />}
    </AnnouncedPage>
  );
}
