import type { Logger } from "../logging.ts";
import type { Environment, TimerHandle } from "./environment.ts";
import { decodeJwtClaims } from "./jwt.ts";
import type { AuthError, WireTransition } from "./messages.ts";
import type { QuerySet } from "./query_set.ts";
import type { SyncSocket } from "./socket.ts";

/**
 * Fetches a JWT. With `forceRefreshToken` it must be a new one, because the last
 * was refused or is about to expire; without, one from a cache will do. `null`
 * or `undefined` when nobody is signed in.
 */
export type AuthTokenFetcher = (args: { forceRefreshToken: boolean }) => Promise<string | null | undefined>;

type AuthConfig = {
  fetchToken: AuthTokenFetcher;
  onChange: (isAuthenticated: boolean) => void;
  onRefreshChange: ((isRefreshing: boolean) => void) | undefined;
};

type AuthState =
  // Nobody is signed in: nothing was set up, or it failed.
  | { name: "noAuth" }
  // The first token was sent. It came from a cache, so the server may well refuse it.
  | { name: "waitingForServerConfirmationOfCachedToken"; config: AuthConfig; token: string }
  // The cache had no token; a new one is being fetched.
  | { name: "initialRefetch"; config: AuthConfig }
  // A new token was sent, so a refusal means more than that it was old.
  | { name: "waitingForServerConfirmationOfFreshToken"; config: AuthConfig; token: string }
  // Signed in; the timer will renew the token before it expires.
  | { name: "waitingForScheduledRefetch"; config: AuthConfig; timer: TimerHandle }
  // Signed in, but the token cannot be renewed until the server refuses it.
  | { name: "notRefetching"; config: AuthConfig };

/** Timers overflow beyond 2^31 ms; 20 days stay well below. */
const LONGEST_WAIT_MS = 20 * 24 * 60 * 60 * 1000;
/** A token that lives no longer than this could never be renewed in time. */
const SHORTEST_LIFETIME_SECONDS = 2;
/** Refused fresh tokens that are still replaced; the third refusal is final. */
const MAX_REPLACEMENTS = 2;

/** Obtains tokens, has them confirmed by the server, renews them, and replaces refused ones (P §2.4). */
export class Authentication {
  #querySet: QuerySet;
  #socket: SyncSocket;
  #environment: Environment;
  #logger: Logger;
  #leewaySeconds: number;
  #reuseInitialToken: boolean;
  #state: AuthState = { name: "noAuth" };
  // Bumped by every fetch: an answer that comes after a later fetch began is out of date.
  #fetchVersion = 0;
  #replacements = 0;
  #refreshing = false;

  /**
   * @param leewaySeconds - how long before its expiry a token is renewed
   * @param reuseInitialToken - trust the first, possibly cached token until then, instead of replacing it at once
   */
  constructor(
    querySet: QuerySet,
    socket: SyncSocket,
    environment: Environment,
    logger: Logger,
    leewaySeconds: number,
    reuseInitialToken: boolean,
  ) {
    this.#querySet = querySet;
    this.#socket = socket;
    this.#environment = environment;
    this.#logger = logger;
    this.#leewaySeconds = leewaySeconds;
    this.#reuseInitialToken = reuseInitialToken;
  }

  /** Signs in with tokens from `config`; nothing is sent until the first token is there. */
  async setConfig(config: AuthConfig): Promise<void> {
    this.#reset();
    this.#socket.pause();
    this.#querySet.pause();
    const fetched = await this.#fetch(config, false);
    if (fetched.outdated) return;
    if (fetched.token !== null) {
      this.#enter({ name: "waitingForServerConfirmationOfCachedToken", config, token: fetched.token });
      this.#authenticate(fetched.token);
    } else {
      this.#enter({ name: "initialRefetch", config });
      if (!(await this.#refetch(config))) return;
    }
    // A refused token's replacement may have been under way, with the socket stopped, when this began.
    this.#socket.tryRestart();
    this.#socket.resume();
  }

  /** Ends everything: no callback is called any more. */
  stop(): void {
    this.#reset();
    this.#fetchVersion++;
  }

  #authenticate(value: string): void {
    this.#socket.send(this.#querySet.authenticate({ tokenType: "User", value }));
  }

  #reset(): void {
    this.#setRefreshing(false);
    this.#replacements = 0;
    this.#enter({ name: "noAuth" });
  }

  #enter(state: AuthState): void {
    if (this.#state.name === "waitingForScheduledRefetch") this.#environment.clearTimeout(this.#state.timer);
    this.#state = state;
  }

  #setRefreshing(refreshing: boolean): void {
    if (this.#refreshing === refreshing) return;
    this.#refreshing = refreshing;
    if (this.#state.name !== "noAuth") this.#state.config.onRefreshChange?.(refreshing);
  }

  /** Signs out as far as this side is concerned. */
  #fail(config: AuthConfig): void {
    const { onRefreshChange } = config;
    const refreshing = this.#refreshing;
    this.#refreshing = false;
    this.#enter({ name: "noAuth" });
    config.onChange(false);
    if (refreshing) onRefreshChange?.(false);
  }

  async #fetch(
    config: AuthConfig,
    forceRefreshToken: boolean,
  ): Promise<{ outdated: boolean; token: string | null }> {
    const version = ++this.#fetchVersion;
    let token: string | null | undefined;
    try {
      token = await config.fetchToken({ forceRefreshToken });
    } catch (error) {
      // Signed out is the one state that never shows anybody what they must not see.
      this.#logger.error("Fetching an auth token failed", error);
    }
    return { outdated: version !== this.#fetchVersion, token: token || null };
  }

  /** Renews the token on an open socket; answers false when a later configuration took over meanwhile. */
  async #refetch(config: AuthConfig): Promise<boolean> {
    const { outdated, token } = await this.#fetch(config, true);
    if (outdated) return false;
    if (token === null) {
      if (this.#querySet.credentials !== undefined) this.#socket.send(this.#querySet.authenticate(undefined));
      this.#fail(config);
    } else if (token === this.#querySet.credentials?.value) {
      this.#enter({ name: "notRefetching", config });
    } else {
      this.#enter({ name: "waitingForServerConfirmationOfFreshToken", config, token });
      this.#authenticate(token);
    }
    this.#socket.tryRestart();
    return true;
  }

  /** Looks for the server's confirmation of the last token in a transition. */
  onTransition({ startVersion, endVersion, clientClockSkew }: WireTransition): void {
    if (endVersion.identity < this.#querySet.identityVersion) return;
    if (endVersion.identity <= startVersion.identity) return;
    const state = this.#state;
    switch (state.name) {
      case "waitingForServerConfirmationOfCachedToken": {
        const { config, token } = state;
        this.#setRefreshing(false);
        if (this.#reuseInitialToken) this.#scheduleRefetch(config, token, clientClockSkew ?? undefined);
        else void this.#refetch(config);
        // Last, because the app may sign in anew, or out, from within the callback.
        config.onChange(true);
        break;
      }
      case "waitingForServerConfirmationOfFreshToken": {
        const { config, token } = state;
        this.#setRefreshing(false);
        this.#replacements = 0;
        this.#scheduleRefetch(config, token);
        // Each time, as the genuine client does: apps may count on it, and those who know already lose nothing.
        config.onChange(true);
        break;
      }
      case "noAuth":
      case "initialRefetch":
      case "waitingForScheduledRefetch":
      case "notRefetching":
        break;
      default:
        state satisfies never;
    }
  }

  /**
   * Arms the timer that renews `token`. The lifetime of a fresh token is counted
   * from now, whatever this machine's clock says; a reused one is measured by the
   * server's clock (`skew` in ms, positive when this clock is ahead).
   */
  #scheduleRefetch(config: AuthConfig, token: string, skew?: number): void {
    this.#enter({ name: "notRefetching", config });
    const { iat, exp } = decodeJwtClaims(token) ?? {};
    if (typeof iat !== "number" || typeof exp !== "number" || !iat || !exp) {
      this.#logger.error("The auth token cannot be renewed in time: it is not a JWT with `iat` and `exp`.");
      return;
    }
    if (exp - iat <= SHORTEST_LIFETIME_SECONDS) {
      this.#logger.error(`The auth token cannot be renewed in time: it lives only ${exp - iat} s.`);
      return;
    }
    const lifetime =
      skew === undefined ? exp - iat : Math.max(0, exp - (this.#environment.now() - skew) / 1000);
    const delay = Math.min(LONGEST_WAIT_MS, (lifetime - this.#leewaySeconds) * 1000);
    if (delay <= 0) {
      this.#logger.warn(
        `The auth token lives ${lifetime} s, no longer than the ${this.#leewaySeconds} s set aside for renewing it.`,
      );
      void this.#refetch(config);
      return;
    }
    const timer = this.#environment.setTimeout(() => void this.#refetch(config), delay);
    this.#enter({ name: "waitingForScheduledRefetch", config, timer });
  }

  /** Replaces a token that the server refused, or gives up. */
  onAuthError(error: AuthError): void {
    const state = this.#state;
    // The old identity expired while a newer token is on its way: the close that follows makes it be sent again.
    if (error.authUpdateAttempted === false && isAwaitingConfirmation(state)) return;
    // About a token before the last one (P §2.4).
    if ((error.baseVersion ?? 0) + 1 < this.#querySet.identityVersion) return;
    void this.#replaceToken(error, state);
  }

  async #replaceToken({ error }: AuthError, state: AuthState): Promise<void> {
    const fresh = state.name === "waitingForServerConfirmationOfFreshToken";
    if (state.name === "noAuth" || (fresh && this.#replacements >= MAX_REPLACEMENTS)) {
      this.#logger.error(`Failed to authenticate: "${error}", check your server auth config`);
      this.#querySet.forgetCredentials();
      if (state.name !== "noAuth") this.#fail(state.config);
      return;
    }
    if (fresh) this.#replacements++;
    const { config } = state;
    this.#setRefreshing(true);
    const stopping = this.#fetchVersion;
    await this.#socket.stop();
    if (stopping !== this.#fetchVersion) return;
    const { outdated, token } = await this.#fetch(config, true);
    if (outdated) return;
    if (token !== null && token !== this.#querySet.credentials?.value) {
      this.#authenticate(token);
      this.#enter({ name: "waitingForServerConfirmationOfFreshToken", config, token });
    } else {
      this.#querySet.forgetCredentials();
      this.#fail(config);
    }
    this.#socket.tryRestart();
  }
}

function isAwaitingConfirmation(state: AuthState): boolean {
  return (
    state.name === "waitingForServerConfirmationOfCachedToken" ||
    state.name === "waitingForServerConfirmationOfFreshToken"
  );
}
