import type { UserButtonProps } from "@tandem/clerk-js";
import { type ReactNode, useCallback, useId, useRef, useState } from "react";
import type { Appearance } from "./appearance.ts";
import { useClerkState } from "./clerk_state.ts";
import { LookProvider, LookRoot, useElements, useStyleSheet, useTexts } from "./look/look_context.tsx";
import { overlaySheet } from "./look/rules/overlays.ts";
import { Avatar } from "./primitives/avatar.tsx";
import { Floating } from "./primitives/floating.tsx";
import { UserCard } from "./user_button/user_card.tsx";
import { displayName } from "./user_name.ts";

/** The user's picture, which opens a card with what concerns the account (F §7.3). Nothing when signed out. */
export function UserButtonView(props: UserButtonProps & { children?: ReactNode }): ReactNode {
  const { user } = useClerkState();
  if (user === null || user === undefined) {
    return null;
  }
  return (
    <LookProvider component="userButton" appearance={props.appearance as Appearance | undefined}>
      <LookRoot className="cl-userButtonBox">
        <UserButtonTrigger {...props} />
      </LookRoot>
    </LookProvider>
  );
}

function UserButtonTrigger(props: UserButtonProps): ReactNode {
  const el = useElements();
  const { texts } = useTexts();
  useStyleSheet(overlaySheet);
  const { user } = useClerkState();
  const trigger = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(props.defaultOpen ?? false);
  const id = useId();
  const away = useCallback(() => setOpen(false), []);
  if (user === null || user === undefined) {
    return null;
  }
  const name = displayName(user);
  const close = (): void => {
    trigger.current?.focus();
    setOpen(false);
  };
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={el("userButtonTrigger")}
        aria-label={open ? texts.userButton.action__closeUserMenu : texts.userButton.action__openUserMenu}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {props.showName === true && <span className={el("userButtonOuterIdentifier")}>{name}</span>}
        <Avatar of={user} name={name} seed={user.id} size={1.75} />
      </button>
      {open && (
        <Floating anchor={trigger} align="end" onAway={away} onEscape={close}>
          <UserCard id={id} props={props} onClose={close} />
        </Floating>
      )}
    </>
  );
}
