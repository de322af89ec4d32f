import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { LookRoot, useStyleSheet } from "../look/look_context.tsx";
import { overlaySheet } from "../look/rules/overlays.ts";

/** Pixels between what floats and what it belongs to, and between it and the window's edge. */
const GAP = 8;

/**
 * Shows `children` next to `anchor`, above everything else: below it when there is room, else above; by the end
 * that is wished for when there is room, else by the other; and inside the window always.
 */
export function Floating(props: {
  anchor: RefObject<HTMLElement | null>;
  align: "start" | "end";
  /** Somebody pressed elsewhere. */
  onAway: () => void;
  /** Somebody pressed Escape: the focus should go back to the anchor. */
  onEscape: () => void;
  children: ReactNode;
}): ReactNode {
  const { anchor, align, onAway } = props;
  useStyleSheet(overlaySheet);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = (): void => {
      if (anchor.current !== null && box.current !== null) {
        put(box.current, anchor.current, align);
      }
    };
    place();
    window.addEventListener("resize", place);
    window.addEventListener("scroll", place, { capture: true, passive: true });
    return () => {
      window.removeEventListener("resize", place);
      window.removeEventListener("scroll", place, { capture: true });
    };
  }, [anchor, align]);
  useEffect(() => {
    const pressed = (event: PointerEvent): void => {
      const target = event.target as Node;
      if (box.current?.contains(target) !== true && anchor.current?.contains(target) !== true) {
        onAway();
      }
    };
    document.addEventListener("pointerdown", pressed);
    return () => document.removeEventListener("pointerdown", pressed);
  }, [anchor, onAway]);
  return createPortal(
    <LookRoot>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of what is in it */}
      <div
        ref={box}
        className="cl-floating"
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            props.onEscape();
          }
        }}
      >
        {props.children}
      </div>
    </LookRoot>,
    document.body,
  );
}

function put(box: HTMLElement, anchor: HTMLElement, align: "start" | "end"): void {
  const around = anchor.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const atLeft = (align === "start") === (getComputedStyle(anchor).direction !== "rtl");
  const [wish, other] = atLeft ? [around.left, around.right - width] : [around.right - width, around.left];
  const hasRoom = (left: number): boolean => left >= GAP && left + width + GAP <= clientWidth;
  const wished = hasRoom(wish) || !hasRoom(other) ? wish : other;
  const left = Math.max(GAP, Math.min(wished, clientWidth - width - GAP));
  const below = around.bottom + GAP;
  const fits = below + height + GAP <= clientHeight || around.top - GAP - height < GAP;
  const top = fits ? below : around.top - GAP - height;
  box.style.transform = `translate(${Math.round(left)}px,${Math.round(Math.max(GAP, top))}px)`;
}
