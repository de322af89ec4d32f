import { ClerkAPIResponseError, ClerkRuntimeError } from "./errors.ts";
import type { CrossTab } from "./page/cross_tab.ts";
import type { SignedInSession } from "./resources/session.ts";
import type { ClerkState } from "./state.ts";
import type { TokenCache } from "./tokens/token_cache.ts";
import type { ClerkOptions, SetActiveParams, SignOutOptions } from "./types/clerk.ts";
import type { SessionResource } from "./types/session.ts";
import { endsSession } from "./wire/api_errors.ts";
import type { ClientJson } from "./wire/json.ts";

/** How long a page has to be left before it is taken to stay after all, in milliseconds. */
const LEAVING = 5000;

/** What changes of the active session touch beyond the state. */
export type ActiveSessionPage = {
  tokens: TokenCache;
  tabs(): CrossTab | undefined;
  options(): ClerkOptions;
  /** Writes the state's session to the cookie. */
  writeCookie(): void;
  /** @returns whether the page is about to be left */
  navigate(to: string): Promise<boolean>;
  afterSignOutUrl(): string;
};

/** Which session the page is for: choosing one, ending one, finding out that one has ended (F §6.5, §6.7). */
export class ActiveSession {
  readonly #state: ClerkState;
  readonly #page: ActiveSessionPage;
  #checking: Promise<void> | undefined;

  constructor(state: ClerkState, page: ActiveSessionPage) {
    this.#state = state;
    this.#page = page;
  }

  async choose(params: SetActiveParams): Promise<void> {
    const state = this.#state;
    const { organization } = params;
    const present = state.loadedClient && state.session;
    const chosen = params.session === undefined ? present : this.#find(params.session);
    if (!chosen) {
      if (organization) {
        throw new ClerkRuntimeError("An organisation cannot be active while nobody is signed in.", {
          code: "not_signed_in",
        });
      }
      return this.#moveTo(undefined, params);
    }
    try {
      await chosen.touchWith({
        activeOrganizationId:
          organization === undefined
            ? chosen.lastActiveOrganizationId
            : ((typeof organization === "string" ? organization : organization?.id) ?? null),
        intent: organization === undefined ? "select_session" : "select_org",
      });
    } catch (error) {
      if (!endsSession(error)) {
        throw error;
      }
      await this.suspect(true);
      if (state.session && state.find(chosen.id) === null) {
        throw error;
      }
    }
    const session = state.find(chosen.id);
    await session?.getToken();
    const task = session?.currentTask;
    const taskUrl = task && this.#page.options().taskUrls?.[task.key];
    await this.#moveTo(chosen.id, taskUrl === undefined ? params : { redirectUrl: taskUrl });
  }

  #find(session: SessionResource | string | null): SignedInSession | null {
    if (session === null) {
      return null;
    }
    const id = typeof session === "string" ? session : session.id;
    const found = this.#state.find(id);
    if (found === null) {
      throw new ClerkRuntimeError(
        `The session "${id}" cannot be made active: this client has no such session, or it has ended.`,
        { code: "session_not_found" },
      );
    }
    return found;
  }

  /** Makes a session the active one; while the page moves on, it shows neither the old state nor the new. */
  async #moveTo(
    id: string | undefined,
    { redirectUrl, navigate, beforeEmit }: SetActiveParams,
  ): Promise<void> {
    const state = this.#state;
    const session = state.find(id);
    try {
      if (redirectUrl || navigate || beforeEmit) {
        state.session = session;
        this.#page.writeCookie();
        // A pending session has its task to show where it is.
        if (session?.status !== "pending") {
          state.session = undefined;
          state.tell();
        }
        await beforeEmit?.(session);
        if (redirectUrl) {
          state.leaving = await this.#page.navigate(redirectUrl);
        } else if (navigate && session) {
          await navigate({ session, decorateUrl: (url) => url });
        }
      }
    } finally {
      state.session = state.find(id);
      state.changed();
    }
    if (state.leaving) {
      setTimeout(() => {
        state.leaving = false;
        state.changed();
      }, LEAVING);
    }
  }

  /** Ends one session of several, or all; then the page moves on as it does after a sign-out. */
  async end({ sessionId, redirectUrl, beforeEmit }: SignOutOptions & SetActiveParams): Promise<void> {
    const state = this.#state;
    const client = state.loadedClient;
    if (client.sessions.length === 0) {
      return;
    }
    const named = sessionId ? state.find(sessionId) : undefined;
    if (named === null) {
      // It has ended already.
      return;
    }
    const oneOfSeveral = client.signedInSessions.length > 1 ? named : undefined;
    const isCurrent = !oneOfSeveral || oneOfSeveral.id === state.session?.id;
    const ending = oneOfSeveral ? [oneOfSeveral] : client.signedInSessions;
    state.holding = isCurrent;
    setEnding(ending, true);
    try {
      await (oneOfSeveral ? oneOfSeveral.remove() : client.removeSessions());
    } catch (error) {
      // A session that is over already is what was wanted.
      if (!endsSession(error)) {
        setEnding(ending, false);
        throw error;
      }
    } finally {
      state.holding = false;
    }
    if (isCurrent) {
      this.#page.tokens.clear(state.session?.id);
      this.#page.tabs()?.announceSignOut();
      const then = beforeEmit ? { beforeEmit } : { redirectUrl: redirectUrl ?? this.#page.afterSignOutUrl() };
      await this.#moveTo(undefined, then);
    }
  }

  /** The server has ended the session with what it has just done. */
  async ended(): Promise<void> {
    this.#page.tokens.clear(this.#state.session?.id);
    this.#state.session = null;
    this.#page.tabs()?.announceSignOut();
    this.#state.changed();
  }

  /** Whether the server is being asked if the session is still there. */
  get isChecking(): boolean {
    return this.#checking !== undefined;
  }

  /** Asks the server whether the session is still there, one question at a time; if not, the page is signed out. */
  check(announces: boolean): Promise<void> {
    this.#checking ??= this.#check(announces).finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #check(announces: boolean): Promise<void> {
    const { client, session } = this.#state;
    if (client === undefined || !session) {
      return;
    }
    let json: ClientJson | null;
    try {
      json = await client.fetch();
    } catch (error) {
      if (!(error instanceof ClerkAPIResponseError) || ![401, 403, 500].includes(error.status)) {
        throw error;
      }
      json = null;
    }
    this.#state.clientArrived(json);
    if (this.#state.find(session.id) === null) {
      this.#page.tokens.clear(session.id);
      if (announces) {
        this.#page.tabs()?.announceSignOut();
      }
    }
    this.#state.changed();
  }

  /** `check()` for whoever has nothing to do with its own failure. */
  suspect(announces: boolean): Promise<void> {
    return this.check(announces).catch((error) =>
      console.debug("It could not be found out whether the session is still there.", error),
    );
  }

  /** What a call in the background does about its failure: nobody awaits it to be told. */
  async refused(error: unknown): Promise<void> {
    if (endsSession(error)) {
      await this.suspect(true);
    } else {
      console.debug("The session could not be kept fresh; it will be tried again.", error);
    }
  }
}

function setEnding(sessions: readonly SignedInSession[], isEnding: boolean): void {
  for (const session of sessions) {
    session.isEnding = isEnding;
  }
}
