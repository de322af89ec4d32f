import type { ConnectionState, ConvexClient } from "@tandem/convex/browser";

/** Resolves when the client's connection is as wanted, now or later. */
export function connectionIs(
  client: ConvexClient,
  wanted: (state: ConnectionState) => boolean,
): Promise<void> {
  if (wanted(client.connectionState())) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = client.subscribeToConnectionState((state) => {
      if (!wanted(state)) return;
      stop();
      resolve();
    });
  });
}
