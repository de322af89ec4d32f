import type { UserButtonProps } from "@tandem/clerk-js";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useClerkState } from "../clerk_state.ts";
import { FormAlert } from "../form/form_box.tsx";
import { useForm } from "../form/use_form.ts";
import { useElements, useTexts } from "../look/look_context.tsx";
import { Button } from "../primitives/button.tsx";
import { useFocusTrap } from "../primitives/focus_trap.ts";
import { moveAmongItems } from "../primitives/menu.tsx";
import { UserPreview } from "../primitives/user_preview.tsx";
import { displayName } from "../user_name.ts";
import { useUserActions } from "./actions.ts";
import { CustomItem } from "./custom_item.tsx";

/** The card behind the user's picture: who it is, what can be done, and who else is signed in here. */
export function UserCard(given: { id: string; props: UserButtonProps; onClose: () => void }): ReactNode {
  const el = useElements();
  const { texts, fill } = useTexts();
  const { user, client, session, environment } = useClerkState();
  const { props, onClose } = given;
  const actions = useUserActions(props, onClose);
  const form = useForm([]);
  const [running, setRunning] = useState<string>();
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box);
  useEffect(() => box.current?.querySelector<HTMLElement>("button,a")?.focus(), []);
  if (user === null || user === undefined) {
    return null;
  }
  const run = (key: string, action: () => Promise<void>) => () => {
    setRunning(key);
    void form.submit(action);
  };
  const busy = (key: string): boolean => form.busy && running === key;
  const single = environment?.authConfig.singleSessionMode !== false;
  const others = single ? [] : (client?.signedInSessions ?? []).filter(({ id }) => id !== session?.id);
  const words = texts.userButton;
  return (
    <div
      ref={box}
      id={given.id}
      className={el("userButtonPopoverCard")}
      role="dialog"
      aria-label={displayName(user)}
      tabIndex={-1}
      onKeyDown={(event) => moveAmongItems(event, "button,a")}
    >
      <div className={el("userButtonPopoverMain")}>
        <UserPreview user={user} size={2.25} />
        <FormAlert form={form} />
        <div className={el("userButtonPopoverActions")}>
          {actions.entries(words).map((entry) =>
            "custom" in entry ? (
              <CustomItem
                key={entry.key}
                item={entry.custom}
                profile={props.userProfileProps}
                onDone={onClose}
              />
            ) : (
              <Button
                key={entry.key}
                descriptor="userButtonPopoverActionButton"
                id={entry.key}
                busy={busy(entry.key)}
                onClick={run(entry.key, entry.run)}
              >
                <span className={el("userButtonPopoverActionIcon")}>
                  <entry.Icon />
                </span>
                {entry.label}
              </Button>
            ),
          )}
        </div>
      </div>
      {!single && (
        <div className={el("userButtonPopoverSessions")}>
          {others.map((other) =>
            other.user === null ? null : (
              <Button
                key={other.id}
                descriptor="userButtonPopoverActionButton"
                id="switchSession"
                aria-label={fill(words.switchTo, { identifier: displayName(other.user) })}
                busy={busy(other.id)}
                onClick={run(other.id, () => actions.switchTo(other.id))}
              >
                <UserPreview user={other.user} size={2.25} />
              </Button>
            ),
          )}
          <Button
            descriptor="userButtonPopoverActionButton"
            id="addAccount"
            busy={busy("addAccount")}
            onClick={run("addAccount", actions.addAccount)}
          >
            <span className={el("userButtonPopoverActionIcon")}>
              <actions.AddIcon />
            </span>
            {words.action__addAccount}
          </Button>
          {others.length > 0 && (
            <Button
              descriptor="userButtonPopoverActionButton"
              id="signOutAll"
              busy={busy("signOutAll")}
              onClick={run("signOutAll", actions.signOutAll)}
            >
              <span className={el("userButtonPopoverActionIcon")}>
                <actions.SignOutIcon />
              </span>
              {words.action__signOutAll}
            </Button>
          )}
        </div>
      )}
      {environment?.displayConfig.branded === true && (
        <div className={el("footerPages")}>
          <span className={el("branding")}>{texts.securedBy}</span>
        </div>
      )}
    </div>
  );
}
