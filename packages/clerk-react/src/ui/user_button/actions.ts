import type { CustomMenuItem, UserButtonProps } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { useClerkState } from "../clerk_state.ts";
import type { Texts } from "../localization.ts";
import { GearIcon, PlusIcon, SignOutIcon } from "../primitives/icons.tsx";

/** An entry of the card: one of ours, or one that the app added. */
export type UserEntry =
  | {
      readonly key: "manageAccount" | "signOut";
      readonly label: string;
      readonly Icon: (props: { size?: number }) => ReactNode;
      readonly run: () => Promise<void>;
    }
  | { readonly key: string; readonly custom: CustomMenuItem };

/** What can be done from the user button; each closes its card first, or leaves the page. */
export interface UserActions {
  /** In the order in which they are shown: the app's own between ours, unless it placed ours among them. */
  entries(words: Texts["userButton"]): UserEntry[];
  switchTo(sessionId: string): Promise<void>;
  addAccount(): Promise<void>;
  signOutAll(): Promise<void>;
  readonly AddIcon: (props: { size?: number }) => ReactNode;
  readonly SignOutIcon: (props: { size?: number }) => ReactNode;
}

/** The actions of a user button with these props. */
export function useUserActions(props: UserButtonProps, onClose: () => void): UserActions {
  const { clerk, session, client, environment } = useClerkState();
  const display = environment?.displayConfig;

  const manage = async (): Promise<void> => {
    onClose();
    if (props.userProfileMode === "navigation" || props.userProfileUrl !== undefined) {
      await clerk.navigate(props.userProfileUrl ?? clerk.buildUserProfileUrl());
    } else {
      clerk.openUserProfile({ appearance: props.appearance, ...props.userProfileProps });
    }
  };
  const signOutAll = async (): Promise<void> => {
    await clerk.signOut(props.afterSignOutUrl === undefined ? {} : { redirectUrl: props.afterSignOutUrl });
  };
  const signOut = async (): Promise<void> => {
    if (session === null || session === undefined || (client?.signedInSessions.length ?? 0) < 2) {
      await signOutAll();
      return;
    }
    await clerk.signOut({
      sessionId: session.id,
      redirectUrl: props.afterMultiSessionSingleSignOutUrl ?? clerk.buildAfterMultiSessionSingleSignOutUrl(),
    });
  };

  return {
    AddIcon: PlusIcon,
    SignOutIcon,
    entries(words) {
      const own: UserEntry[] = [
        { key: "manageAccount", label: words.action__manageAccount, Icon: GearIcon, run: manage },
        { key: "signOut", label: words.action__signOut, Icon: SignOutIcon, run: signOut },
      ];
      const placed = (props.customMenuItems ?? []).map(
        (item, place): UserEntry =>
          own.find(({ key }) => key === item.label) ?? { key: `custom-${place}`, custom: item },
      );
      const [unplaced, ...rest] = own.filter((entry) => !placed.includes(entry));
      return unplaced?.key === "manageAccount"
        ? [unplaced, ...placed, ...rest]
        : [...placed, ...(unplaced === undefined ? [] : [unplaced])];
    },
    async switchTo(sessionId) {
      const redirectUrl = props.afterSwitchSessionUrl ?? display?.afterSwitchSessionUrl ?? "";
      await clerk.setActive({ session: sessionId, ...(redirectUrl === "" ? {} : { redirectUrl }) });
      onClose();
    },
    async addAccount() {
      onClose();
      await clerk.navigate(props.signInUrl ?? clerk.buildSignInUrl());
    },
    signOutAll,
  };
}
