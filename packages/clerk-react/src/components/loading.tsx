import type { ClerkStatus } from "@tandem/clerk-js";
import { type ReactNode, useCallback, useSyncExternalStore } from "react";
import { useClerk } from "../use_clerk.ts";

type Props = { children?: ReactNode };

function useStatus(): ClerkStatus {
  const clerk = useClerk();
  const subscribe = useCallback(
    (changed: () => void) => {
      clerk.on("status", changed);
      return () => clerk.off("status", changed);
    },
    [clerk],
  );
  return useSyncExternalStore(
    subscribe,
    () => clerk.status,
    () => "loading",
  );
}

/** Its children, once it is known who is signed in. */
export function ClerkLoaded({ children }: Props): ReactNode {
  const status = useStatus();
  return status === "ready" || status === "degraded" ? children : null;
}

/** Its children, until it is known who is signed in. */
export function ClerkLoading({ children }: Props): ReactNode {
  return useStatus() === "loading" ? children : null;
}

/** Its children, when it could not be found out who is signed in. */
export function ClerkFailed({ children }: Props): ReactNode {
  return useStatus() === "error" ? children : null;
}

/** Its children, while the identity server is out of order and the page goes by what it remembers. */
export function ClerkDegraded({ children }: Props): ReactNode {
  return useStatus() === "degraded" ? children : null;
}
