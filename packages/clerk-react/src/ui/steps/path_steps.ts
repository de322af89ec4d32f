import { useCallback, useSyncExternalStore } from "react";
import { useClerk } from "../../use_clerk.ts";
import { addressChanged, onAddressChange } from "./address.ts";
import { parseHash } from "./hash_steps.ts";
import type { Steps } from "./steps.ts";

/** Steps in the address's path, below `path`: `/sign-in/factor-one`. */
export function usePathSteps(path: string): Steps {
  const clerk = useClerk();
  const base = `/${path.replace(/^\/+|\/+$/g, "")}`;
  const step = useSyncExternalStore(
    onAddressChange,
    // A link from elsewhere may name the step in the hash, as the client's own links do (F §6.8).
    () => stepBelow(base, window.location.pathname) || parseHash(window.location.hash).step,
    () => "",
  );
  const go = useCallback(
    (next: string, options?: { replace?: boolean }) => {
      const to = new URL(window.location.href);
      to.pathname = `${base === "/" ? "" : base}${next === "" ? "" : `/${next}`}` || "/";
      // The client's own links say in the hash where to go afterwards; a path has no hash of its own (F §6.8).
      for (const [name, value] of parseHash(to.hash).params) {
        to.searchParams.set(name, value);
      }
      to.hash = "";
      // A failure to navigate is the app's router's, which reports it as its own.
      void clerk.navigate(to.href, options).then(addressChanged, reportError);
    },
    [clerk, base],
  );
  return { step, go };
}

/** `("/sign-in", "/sign-in/factor-one")` → `"factor-one"`; elsewhere the first step. */
export function stepBelow(base: string, pathname: string): string {
  const below = base === "/" ? pathname : pathname === base ? "" : pathname.slice(base.length);
  return base === "/" || pathname.startsWith(`${base}/`) ? below.replace(/^\/+|\/+$/g, "") : "";
}
