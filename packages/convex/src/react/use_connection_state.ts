import { useEffect, useState } from "react";
import type { ConnectionState } from "../browser/sync/connection_state.ts";
import { useRequiredConvex } from "./provider.ts";

/** How the connection with the backend is; the component renders again when any part of that changes. */
export function useConvexConnectionState(): ConnectionState {
  const client = useRequiredConvex("useConvexConnectionState()");
  const [state, setState] = useState(() => client.connectionState());
  useEffect(() => {
    setState(client.connectionState());
    return client.subscribeToConnectionState(setState);
  }, [client]);
  return state;
}
