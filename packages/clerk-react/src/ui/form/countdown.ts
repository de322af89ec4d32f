import { useEffect, useState } from "react";

/** Whole seconds until `end` (milliseconds since 1970), at each second anew; 0 when it is over. */
export function useCountdown(end: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (end === undefined || end <= Date.now()) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= end) {
        clearInterval(timer);
      }
    }, 1000);
    return () => clearInterval(timer);
  }, [end]);
  return end === undefined ? 0 : Math.max(0, Math.ceil((end - now) / 1000));
}
