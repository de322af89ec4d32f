import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useElements } from "../look/look_context.tsx";
import { Button } from "./button.tsx";
import { Floating } from "./floating.tsx";
import { DotsIcon } from "./icons.tsx";

/** An entry of a menu. */
export interface MenuEntry {
  readonly label: string;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

/** Three dots that open a menu of `entries`; nothing when there are none. */
export function Menu(props: { label: string; entries: readonly MenuEntry[] }): ReactNode {
  const anchor = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
    anchor.current?.querySelector("button")?.focus();
  };
  if (props.entries.length === 0) {
    return null;
  }
  return (
    <span ref={anchor}>
      <Button
        descriptor="menuButton"
        variant="icon"
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <DotsIcon size={20} />
      </Button>
      {open && (
        <Floating anchor={anchor} align="end" onAway={() => setOpen(false)} onEscape={close}>
          <MenuList label={props.label} onClose={close}>
            {props.entries.map((entry) => (
              <Button
                key={entry.label}
                descriptor="menuItem"
                {...(entry.danger === true ? { id: "danger" } : {})}
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close();
                  entry.onSelect();
                }}
              >
                {entry.label}
              </Button>
            ))}
          </MenuList>
        </Floating>
      )}
    </span>
  );
}

function MenuList(props: { label: string; onClose: () => void; children: ReactNode }): ReactNode {
  const el = useElements();
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => menu.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus(), []);
  return (
    <div
      ref={menu}
      className={el("menuList")}
      role="menu"
      aria-label={props.label}
      onKeyDown={(event) => {
        if (event.key === "Escape" || event.key === "Tab") {
          event.preventDefault();
          event.stopPropagation();
          props.onClose();
        }
        moveAmongItems(event, '[role="menuitem"]');
      }}
    >
      {props.children}
    </div>
  );
}

/** Moves the focus with the arrow keys, Home and End among the elements that `selector` finds. */
export function moveAmongItems(event: KeyboardEvent<HTMLElement>, selector: string): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const at = items.indexOf(event.currentTarget.ownerDocument.activeElement as HTMLElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[to]?.focus();
  }
}
