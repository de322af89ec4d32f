import type { SessionCookies } from "../cookies/session_cookies.ts";
import type { Session } from "../resources/session.ts";
import { isEmbedded } from "./embedded.ts";
import { withLock } from "./lock.ts";

/** How often the cookie is looked after, in milliseconds (F §6.3). */
const IN_USE = 1500;
const UNUSED = 5000;
/** How often focus may mark the session as in use, when there can be only one (F §6.3). */
const TOUCH_EVERY = 5000;

/** What the keeper needs to know. */
export type KeptState = {
  session(): Session | null | undefined;
  isSingleSession(): boolean;
  touchesOnFocus: boolean;
  /** A touch or a token was refused because the session is over. */
  refused(error: unknown): Promise<unknown>;
};

/** Keeps the `__session` cookie fresh while the page is open, and marks the session as in use on focus. */
export class SessionKeeper {
  readonly #state: KeptState;
  readonly #cookies: SessionCookies;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The session and organisation that this tab had last. */
  #context = "";
  #touchedAt = 0;
  #touching = false;

  constructor(state: KeptState, cookies: SessionCookies) {
    this.#state = state;
    this.#cookies = cookies;
  }

  /** @param polls - whether to look after the cookie without being told to */
  start(polls: boolean): void {
    addEventListener("focus", this.#focused);
    document.addEventListener("visibilitychange", this.#focused);
    if (polls) {
      this.#schedule();
    }
  }

  stop(): void {
    removeEventListener("focus", this.#focused);
    document.removeEventListener("visibilitychange", this.#focused);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Writes the session's token to the cookie, unless the cookie is another tab's business. */
  write(): void {
    const session = this.#state.session();
    const token = session?.lastActiveToken?.getRawString() ?? null;
    const context = session ? `${session.id}:${session.lastActiveOrganizationId ?? ""}` : "";
    // A session that has ended in this tab is for it to take out of the cookie.
    this.#context = context || this.#context;
    if (!this.#mayWrite() || (token === null && navigator.onLine === false)) {
      return;
    }
    this.#cookies.setActiveContext(context);
    this.#cookies.setToken(token);
  }

  #mayWrite(): boolean {
    const written = this.#cookies.activeContext;
    return document.hasFocus() || isVisibleFrame() || !written || written === this.#context;
  }

  #schedule(): void {
    this.#timer = setTimeout(
      // It may have been stopped meanwhile.
      () => this.#refresh().finally(() => this.#timer !== undefined && this.#schedule()),
      document.hasFocus() ? IN_USE : UNUSED,
    );
  }

  async #refresh(): Promise<void> {
    const session = this.#state.session();
    if (!session) {
      return;
    }
    try {
      await withLock("clerk.lock.refreshSessionToken", () => session.getToken());
      this.write();
    } catch (error) {
      await this.#state.refused(error);
    }
  }

  readonly #focused = (): void => {
    if (document.visibilityState === "visible") {
      void this.#refresh();
      void this.#touch();
    }
  };

  async #touch(): Promise<void> {
    const session = this.#state.session();
    const tooSoon = this.#state.isSingleSession() && Date.now() - this.#touchedAt < TOUCH_EVERY;
    // Coming back to a tab is two events: the page is seen, and has the focus.
    if (!session || tooSoon || this.#touching || !this.#state.touchesOnFocus) {
      return;
    }
    this.#touching = true;
    this.#touchedAt = Date.now();
    try {
      await session.touch({ intent: "focus" });
    } catch (error) {
      await this.#state.refused(error);
    } finally {
      this.#touching = false;
    }
  }
}

/** Focus is the outer page's, so that a frame of another site can only go by whether it is seen. */
function isVisibleFrame(): boolean {
  return isEmbedded() && document.visibilityState === "visible";
}
