/** One client's connection as the sync session sees it: messages in order, both ways. */
export interface SyncSocket {
  /** `written` is called once the text has left for the operating system; perhaps within this call. */
  send(text: string, written?: () => void): void;
  /** Messages between the two calls leave together. */
  cork(): void;
  uncork(): void;
  /** Sends a close frame, without a code when `code` is null (the browser then sees 1005). */
  close(code: number | null, reason: string): void;
}

/** What the connection tells its session. */
export interface SyncSocketListener {
  /** A text frame. */
  message(text: string): void;
  /** A binary frame, which the protocol does not know. */
  binary(): void;
  closed(): void;
}
