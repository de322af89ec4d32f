import { useCallback, useMemo, useSyncExternalStore } from "react";
import { addressChanged, onAddressChange } from "./address.ts";
import type { Steps } from "./steps.ts";

/** Steps in the address's hash: `#/factor-one?redirect_url=…`. */
export function useHashSteps(): Steps {
  const hash = useSyncExternalStore(
    onAddressChange,
    () => window.location.hash,
    () => "",
  );
  const { step } = useMemo(() => parseHash(hash), [hash]);
  const go = useCallback((next: string, options?: { replace?: boolean }) => {
    const here = parseHash(window.location.hash);
    const address = addressOf(next, here.params);
    if (options?.replace === true || next === here.step) {
      window.history.replaceState(window.history.state, "", address);
    } else {
      window.history.pushState(window.history.state, "", address);
    }
    addressChanged();
  }, []);
  return { step, go };
}

/** The hash of a step with these parameters. */
export function addressOf(step: string, params: URLSearchParams): string {
  const query = params.toString();
  return `#/${step}${query === "" ? "" : `?${query}`}`;
}

/** `"#/factor-one?a=b"` → step `factor-one` and its parameters. A hash that is no such address is the first step. */
export function parseHash(hash: string): { step: string; params: URLSearchParams } {
  const match = /^#\/([^?]*)(?:\?(.*))?$/.exec(hash);
  return {
    step: (match?.[1] ?? "").replace(/^\/+|\/+$/g, ""),
    params: new URLSearchParams(match?.[2] ?? ""),
  };
}
