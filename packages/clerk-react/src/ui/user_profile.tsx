import type { UserProfileProps } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { FlowFrame } from "./flow_frame.tsx";
import { ProfilePages } from "./user_profile/pages.tsx";

/** The account's own settings, as a card on the app's page (F §7.3). */
export function UserProfileView(props: UserProfileProps): ReactNode {
  return (
    <FlowFrame component="userProfile" appearance={props.appearance} routing={props}>
      <ProfilePages props={props} />
    </FlowFrame>
  );
}
