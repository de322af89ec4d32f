import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * Whether the component is on the page still: for what comes after an answer that took a while. It is known before any
 * effect runs.
 */
export function useMounted(): RefObject<boolean> {
  const mounted = useRef(false);
  useLayoutEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return mounted;
}
