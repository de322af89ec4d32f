/** A session that is over, for whatever reason: signed out, revoked, banned, deleted, expired. */
export interface EndedSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly issuer: string;
}

/** What identity tells the rest of the program. Told after the commit, in its order. */
export class Events {
  readonly #listeners = new Set<(ended: readonly EndedSession[]) => void>();

  /** Answers a function that ends it. */
  onSessionsEnded(listener: (ended: readonly EndedSession[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sessionsEnded(ended: readonly EndedSession[]): void {
    if (ended.length === 0) return;
    for (const listener of this.#listeners) listener(ended);
  }
}
