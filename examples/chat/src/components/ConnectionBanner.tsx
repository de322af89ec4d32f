import { useConvexConnectionState } from "convex/react";
import { useEffect, useState } from "react";

/** A page that opens is not connected for a moment; only what lasts longer is worth a word. */
const PATIENCE_MS = 1500;

/** Says that the server is away, and that the page is waiting for it. Reconnecting is the client's work. */
export function ConnectionBanner() {
  const { isWebSocketConnected, hasEverConnected, inflightMutations } = useConvexConnectionState();
  const [away, setAway] = useState(false);

  useEffect(() => {
    if (isWebSocketConnected) {
      setAway(false);
      return;
    }
    const timer = setTimeout(() => setAway(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isWebSocketConnected]);

  return (
    <div className="banner" role="status" data-away={away}>
      {away && (
        <p>
          <strong>
            {hasEverConnected ? "The connection to the server is lost." : "The server does not answer."}
          </strong>{" "}
          {inflightMutations === 0
            ? "Trying again …"
            : inflightMutations === 1
              ? "One message waits here and will be sent."
              : `${inflightMutations} messages wait here and will be sent.`}
        </p>
      )}
    </div>
  );
}
