import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { LookRoot, useElements, useStyleSheet, useTexts } from "../look/look_context.tsx";
import { overlaySheet } from "../look/rules/overlays.ts";
import { Button } from "./button.tsx";
import { useFocusTrap } from "./focus_trap.ts";
import { CloseIcon } from "./icons.tsx";

/** A modal dialog over the page: Escape, the backdrop and its button close it. Its title's id is `labelledBy`. */
export function Dialog(props: {
  kind: string;
  labelledBy: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  return createPortal(
    <LookRoot>
      <DialogBox {...props} />
    </LookRoot>,
    document.body,
  );
}

function DialogBox(props: {
  kind: string;
  labelledBy: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const el = useElements();
  const { texts } = useTexts();
  useStyleSheet(overlaySheet);
  const box = useRef<HTMLDivElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  useFocusTrap(box);
  useScrollLock();
  const { onClose } = props;
  useEffect(() => {
    // The focus is nowhere when what had it is gone: the dialog hears of no key then.
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.activeElement === document.body) {
        onClose();
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [onClose]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a second way for pointers; keyboards have Escape and the button
    <div
      ref={backdrop}
      className={el("modalBackdrop")}
      onPointerDown={(event) => {
        if (event.target === backdrop.current && event.button === 0) {
          onClose();
        }
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <div
        ref={box}
        className={el("modalContent", props.kind)}
        role="dialog"
        aria-modal="true"
        aria-labelledby={props.labelledBy}
        tabIndex={-1}
      >
        {props.children}
        <Button descriptor="modalCloseButton" variant="icon" aria-label={texts.dialogClose} onClick={onClose}>
          <CloseIcon />
        </Button>
      </div>
    </div>
  );
}

/** Keeps the page behind from scrolling, without moving it sideways when its scroll bar goes. */
function useScrollLock(): void {
  useEffect(() => {
    const { style, clientWidth } = document.documentElement;
    const before = { overflow: style.overflow, paddingInlineEnd: style.paddingInlineEnd };
    const bar = window.innerWidth - clientWidth;
    style.overflow = "hidden";
    if (bar > 0) {
      style.paddingInlineEnd = `${bar}px`;
    }
    return () => {
      Object.assign(style, before);
    };
  }, []);
}
