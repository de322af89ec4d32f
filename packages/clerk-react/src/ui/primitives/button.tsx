import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { useClerk } from "../../use_clerk.ts";
import { useElements } from "../look/look_context.tsx";

/**
 * A button with a descriptor. While `busy` it keeps its width and its focus, and takes no clicks: a button that
 * were disabled would throw the focus of a keyboard back to the page.
 */
export function Button(
  props: Omit<ComponentProps<"button">, "className" | "disabled"> & {
    descriptor: string;
    id?: string;
    variant?: string;
    busy?: boolean;
  },
): ReactNode {
  const el = useElements();
  const { descriptor, id, variant, busy = false, children, onClick, type = "button", ...rest } = props;
  return (
    <button
      {...rest}
      type={type}
      className={`${el("button")} ${variant === undefined ? "" : `cl-button__${variant}`} ${el(descriptor, id)}`}
      aria-busy={busy}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) {
          event.preventDefault();
          return;
        }
        onClick?.(event);
      }}
    >
      <span className="cl-buttonText">{children}</span>
      {busy && (
        <span className="cl-buttonWait">
          <span className={el("spinner")} />
        </span>
      )}
    </button>
  );
}

/** Something is on its way that nobody has to press a button for. What it is stands beside it. */
export function Waiting(): ReactNode {
  const el = useElements();
  return (
    <span className="cl-waiting">
      <span className={el("spinner")} />
    </span>
  );
}

/** Text that acts: in a sentence, or under a form. */
export function TextButton(
  props: Omit<ComponentProps<"button">, "className"> & { descriptor: string; variant?: string },
): ReactNode {
  const el = useElements();
  const { descriptor, variant, type = "button", ...rest } = props;
  return (
    <button
      {...rest}
      type={type}
      className={`cl-link ${variant === undefined ? "" : `cl-link__${variant}`} ${el(descriptor)}`}
    />
  );
}

/** A link that the app's router follows when it leads to another page of the app (F §6.8). */
export function PageLink(props: Omit<ComponentProps<"a">, "href"> & { href: string }): ReactNode {
  const clerk = useClerk();
  const { href, onClick, children, ...rest } = props;
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const { routerPush } = clerk.options;
    const opensElsewhere =
      event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || rest.target;
    const { origin } = new URL(href, window.location.href);
    if (routerPush && origin === window.location.origin && !opensElsewhere && !event.defaultPrevented) {
      event.preventDefault();
      void clerk.navigate(href).catch(reportError);
    }
  };
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  );
}

/** Text that leads to an address. */
export function TextLink(
  props: Omit<ComponentProps<"a">, "className" | "href"> & {
    descriptor: string;
    href: string;
    variant?: string;
  },
): ReactNode {
  const el = useElements();
  const { descriptor, variant, ...rest } = props;
  return (
    <PageLink
      {...rest}
      className={`cl-link ${variant === undefined ? "" : `cl-link__${variant}`} ${el(descriptor)}`}
    />
  );
}
