import type { TokenResource } from "../types/session.ts";

/** Which token: of which session, by which template, for which organisation. */
export type TokenKey = { sessionId: string; template?: string; organizationId: string };

/** Time, and the means to be called later; in seconds since 1970, and from now. */
export type Clock = {
  now(): number;
  /** @returns a function that calls it off */
  after(seconds: number, callback: () => void): () => void;
};

/** A token within this many seconds of its end is not given out any more (F §6.2). */
const LEEWAY = 5;
/** Seconds before its end at which a token in use is replaced in the background (F §6.2). */
const REFRESH_AHEAD = 17;

type Entry = {
  token: TokenResource;
  /** By this machine's clock. */
  goodUntil: number;
  /** Whether anybody has asked for it; nobody's tokens are not renewed. */
  used: boolean;
  cancelRefresh: () => void;
};

/**
 * The tokens that are at hand, each until shortly before its end.
 *
 * Lifetimes are reckoned by the server's clock as its own tokens show it, for a
 * machine whose clock is wrong would else throw every token away at once.
 */
export class TokenCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #inFlight = new Map<string, Promise<TokenResource>>();
  /** How many seconds this machine's clock is ahead of the server's, as far as is known. */
  #ahead = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * A token that is good for longer than `leeway` seconds, and at least for 5; else
   * the one that is being fetched for the same key; else a newly fetched one.
   *
   * @param renew - fetches a replacement ahead of time, once the token is used; absent: only on demand
   */
  get(
    key: TokenKey,
    fetch: () => Promise<TokenResource>,
    options: { leeway?: number; renew?: () => void } = {},
  ): Promise<TokenResource> {
    const name = nameOf(key);
    const entry = this.#entries.get(name);
    if (entry !== undefined && this.#remaining(entry) > Math.max(LEEWAY, options.leeway ?? 0)) {
      entry.used = true;
      return Promise.resolve(entry.token);
    }
    const inFlight = this.#inFlight.get(name);
    if (inFlight !== undefined) {
      return inFlight;
    }
    const fetching = this.fetch(key, fetch, options.renew).finally(() => this.#inFlight.delete(name));
    this.#inFlight.set(name, fetching);
    return fetching;
  }

  /** A newly minted token, whatever is at hand or under way; it is kept for the next `get()`. */
  async fetch(
    key: TokenKey,
    fetch: () => Promise<TokenResource>,
    renew?: () => void,
  ): Promise<TokenResource> {
    const token = await fetch();
    this.#ahead = this.#clock.now() - token.jwt.claims.iat;
    this.#keep(key, token, renew);
    return token;
  }

  /** Keeps a token that came in another way: within a response, or from another tab. */
  put(key: TokenKey, token: TokenResource, renew?: () => void): void {
    // It may have been minted a while ago, so it can only show that the clock is less ahead than was thought.
    this.#ahead = Math.min(this.#ahead, this.#clock.now() - token.jwt.claims.iat);
    this.#keep(key, token, renew);
  }

  /** Forgets the tokens of one session, or all of them. */
  clear(sessionId?: string): void {
    for (const [name, entry] of this.#entries) {
      if (sessionId === undefined || name.startsWith(`${sessionId} `)) {
        entry.cancelRefresh();
        this.#entries.delete(name);
      }
    }
  }

  #remaining(entry: Entry): number {
    return entry.goodUntil - this.#clock.now();
  }

  #keep(key: TokenKey, token: TokenResource, renew: (() => void) | undefined): void {
    const name = nameOf(key);
    const previous = this.#entries.get(name);
    if (previous !== undefined && previous.token.jwt.claims.iat > token.jwt.claims.iat) {
      return;
    }
    previous?.cancelRefresh();
    const goodUntil = token.jwt.claims.exp + this.#ahead;
    const entry: Entry = { token, goodUntil, used: false, cancelRefresh: () => {} };
    const wait = this.#remaining(entry) - REFRESH_AHEAD;
    if (renew !== undefined && wait > 0) {
      entry.cancelRefresh = this.#clock.after(wait, () => entry.used && renew());
    }
    this.#entries.set(name, entry);
  }
}

function nameOf({ sessionId, template, organizationId }: TokenKey): string {
  return `${sessionId} ${JSON.stringify([template ?? "", organizationId])}`;
}
