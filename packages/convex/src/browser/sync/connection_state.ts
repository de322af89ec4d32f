/** How a client's connection with its backend is. */
export type ConnectionState = {
  /** Whether a mutation or action is under way. */
  hasInflightRequests: boolean;
  isWebSocketConnected: boolean;
  timeOfOldestInflightRequest: Date | null;
  /** Whether a WebSocket was ever open. */
  hasEverConnected: boolean;
  /** How many WebSockets were opened; high when the connection keeps breaking. */
  connectionCount: number;
  /** How many reconnects were scheduled since the connection was last well. */
  connectionRetries: number;
  inflightMutations: number;
  inflightActions: number;
};

/** Tells subscribers of a new connection state, once per turn of the event loop and only when it differs. */
export class ConnectionStatePublisher {
  #read: () => ConnectionState;
  #subscribers = new Set<{ callback: (state: ConnectionState) => void }>();
  #published: string | undefined;
  #scheduled = false;

  constructor(read: () => ConnectionState) {
    this.#read = read;
  }

  /** Something that the state is made of may have changed. */
  markDirty(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    void Promise.resolve().then(() => {
      this.#scheduled = false;
      const state = this.#read();
      const json = JSON.stringify(state);
      if (json === this.#published) return;
      this.#published = json;
      for (const { callback } of this.#subscribers) callback(state);
    });
  }

  subscribe(callback: (state: ConnectionState) => void): () => void {
    const subscriber = { callback };
    this.#subscribers.add(subscriber);
    return () => {
      this.#subscribers.delete(subscriber);
    };
  }
}
