import { ActiveSession } from "./active_session.ts";
import { type PublishableKey, parsePublishableKey } from "./address/publishable_key.ts";
import { ClerkRuntimeError } from "./errors.ts";
import { type FirstLoad, firstLoad, recover } from "./first_load.ts";
import { takeParameter } from "./page/address_bar.ts";
import { type Connection, connect } from "./page/connection.ts";
import { type CrossTab, joinTabs } from "./page/cross_tab.ts";
import { goTo } from "./page/navigate.ts";
import { SessionKeeper } from "./page/session_keeper.ts";
import { allowedProtocols } from "./redirects/allow_list.ts";
import { type AfterOptions, PageUrls } from "./redirects/page_urls.ts";
import { Client } from "./resources/client.ts";
import { Environment } from "./resources/environment.ts";
import type { ResourceHost } from "./resources/resource.ts";
import type { SignedInSession } from "./resources/session.ts";
import { ClerkState } from "./state.ts";
import { StatusBoard, type StatusHandler } from "./status.ts";
import { readToken } from "./tokens/token.ts";
import { TokenCache, type TokenKey } from "./tokens/token_cache.ts";
import type {
  ClerkConstructorOptions,
  Clerk as ClerkFace,
  ClerkOptions,
  ClerkStatus,
  ClerkUi,
  Listener,
  SetActiveParams,
  SignOut,
  SignOutCallback,
  SignOutOptions,
  Unsubscribe,
} from "./types/clerk.ts";
import type { SignInProps, SignUpProps, UserProfileProps } from "./types/components.ts";
import type { SignInRedirectOptions } from "./types/redirects.ts";
import type { TokenResource } from "./types/session.ts";
import type { UserResource } from "./types/user.ts";
import { UiSlot } from "./ui_slot.ts";
import { VERSION } from "./version.ts";

/** What servers and hosted pages leave in the page's address for the client (F §7.6). */
const LEFTOVERS = [
  "__clerk_db_jwt",
  "__clerk_handshake",
  "__clerk_handshake_nonce",
  "__clerk_help",
  "__clerk_synced",
  "suffixed_cookies",
];

class BrowserClerk implements ClerkFace {
  readonly version = VERSION;
  readonly publishableKey: string;
  readonly organization = null;
  options: ClerkOptions = {};

  readonly #key: PublishableKey;
  readonly #address: ClerkConstructorOptions;
  readonly #board = new StatusBoard();
  readonly #ui = new UiSlot();
  readonly #state = new ClerkState((client) => this.#writeCookies(client));
  readonly #tokens = new TokenCache({
    now: () => Date.now() / 1000,
    after: (seconds, callback) => {
      const timer = setTimeout(callback, seconds * 1000);
      return () => clearTimeout(timer);
    },
  });
  readonly #active = new ActiveSession(this.#state, {
    tokens: this.#tokens,
    tabs: () => this.#tabs,
    options: () => this.options,
    writeCookie: () => this.#keeper?.write(),
    navigate: (to) => this.#navigate(to, false),
    afterSignOutUrl: () => this.buildAfterSignOutUrl(),
  });
  #connection: Connection | undefined;
  #keeper: SessionKeeper | undefined;
  #tabs: CrossTab | undefined;
  #loading: Promise<void> | undefined;
  #isDisposed = false;

  constructor(publishableKey: string, options: ClerkConstructorOptions = {}) {
    this.#key = parsePublishableKey(publishableKey);
    this.publishableKey = publishableKey;
    this.#address = options;
  }

  get frontendApi(): string {
    return this.#key.frontendApi;
  }

  get proxyUrl(): string | undefined {
    const { proxyUrl } = this.#address;
    return typeof proxyUrl === "function" ? proxyUrl(new URL(location.href)) : proxyUrl;
  }

  get instanceType(): "production" | "development" {
    return this.#key.instanceType;
  }

  get status(): ClerkStatus {
    return this.#board.status;
  }

  get loaded(): boolean {
    return this.status === "ready" || this.status === "degraded";
  }

  get client(): Client | undefined {
    return this.#state.client;
  }

  get session(): SignedInSession | null | undefined {
    return this.#state.session;
  }

  get user(): UserResource | null | undefined {
    return this.#state.user;
  }

  get isSignedIn(): boolean {
    return this.session?.status === "active";
  }

  get environment(): Environment | undefined {
    return this.#state.environment;
  }

  // --- Loading

  load = (options: ClerkOptions = {}): Promise<void> => {
    this.#loading ??= this.#load(options).catch((error) => {
      this.#loading = undefined;
      this.#board.set("error");
      throw error;
    });
    return this.#loading;
  };

  async #load(options: ClerkOptions): Promise<void> {
    this.options = options;
    const connection = await connect(this.publishableKey, this.#key, this.#address, {
      sessionId: () => this.session?.id,
      clientArrived: (json) => this.#state.clientArrived(json),
      changed: () => this.#state.changed(),
      // A refusal of the question itself is its answer.
      unauthenticated: async () => (this.#active.isChecking ? undefined : this.#active.suspect(true)),
    });
    this.#connection = connection;
    LEFTOVERS.forEach(takeParameter);
    const client = new Client(this.#hostOver(connection));
    const asksByChange = this.instanceType === "development";
    const first = await firstLoad(connection, client, asksByChange);
    if (this.#isDisposed) {
      return;
    }
    this.#apply(first, client, connection);
    if (this.session && this.session.lastActiveToken === null) {
      // A token's claims are to be there when somebody is first shown to be signed in.
      await this.session.getToken().catch((error) => this.#active.refused(error));
    }
    this.#keepSession(connection);
    this.#board.set(first.degraded ? "degraded" : "ready");
    this.#state.changed();
    if (first.degraded) {
      recover(connection, client, asksByChange, () => !this.#isDisposed).then(
        (answer) => {
          this.#apply(answer, client, connection);
          this.#board.set("ready");
          this.#state.changed();
        },
        (error) => this.#isDisposed || console.error(error),
      );
    }
  }

  #apply(answer: FirstLoad, client: Client, { cookies }: Connection): void {
    const state = this.#state;
    state.environment = new Environment(answer.environment);
    cookies.partitioned = state.environment.partitionedCookies;
    const previous = state.session;
    client.apply(answer.client);
    state.client = client;
    state.session = previous ? state.find(previous.id) : this.#initialSession(client);
  }

  #initialSession(client: Client): SignedInSession | null {
    const { signedInSessions, lastActiveSessionId } = client;
    const { selectInitialSession } = this.options;
    return selectInitialSession
      ? this.#state.find(selectInitialSession(client)?.id)
      : (this.#state.find(lastActiveSessionId) ?? signedInSessions[0] ?? null);
  }

  #hostOver({ api }: Connection): ResourceHost {
    return {
      api,
      tokens: this.#tokens,
      isFocused: () => document.hasFocus(),
      setActive: this.setActive,
      changed: () => this.#state.changed(),
      signedOut: () => this.#active.ended(),
      tokenArrived: (key, token) => this.#tokenArrived(key, token),
    };
  }

  #tokenArrived(key: TokenKey, token: TokenResource): void {
    this.#tabs?.announceToken(key, token.getRawString());
    const { session } = this;
    const isActive =
      session?.id === key.sessionId &&
      key.template === undefined &&
      key.organizationId === (session.lastActiveOrganizationId ?? "");
    if (isActive) {
      session.lastActiveToken = token;
      this.#state.changed();
    }
  }

  #keepSession({ cookies }: Connection): void {
    this.#keeper = new SessionKeeper(
      {
        session: () => this.session,
        isSingleSession: () => this.environment?.isSingleSession() ?? true,
        touchesOnFocus: this.options.touchSession ?? true,
        refused: (error) => this.#active.refused(error),
      },
      cookies,
    );
    this.#keeper.start(this.options.polling ?? true);
    this.#tabs = joinTabs({
      signedOut: () => void this.#active.suspect(false),
      tokenArrived: (key, raw) => {
        if (this.#state.find(key.sessionId) !== null) {
          this.#tokens.put(key, readToken(raw));
        }
      },
    });
  }

  #writeCookies(client: Client): void {
    if (this.#isDisposed) {
      return;
    }
    if (this.session !== undefined) {
      this.#keeper?.write();
    }
    // A production instance's server writes this one itself (F §1.8).
    if (this.instanceType === "development") {
      const seconds = Math.floor((client.updatedAt?.getTime() ?? 0) / 1000);
      this.#connection?.cookies.setClientUpdatedAt(client.signedInSessions.length > 0 ? seconds : 0);
    }
  }

  dispose = (): void => {
    this.#isDisposed = true;
    this.#keeper?.stop();
    this.#tabs?.close();
    this.#tabs = undefined;
    this.#tokens.clear();
  };

  // --- Listeners

  addListener = (listener: Listener, { skipInitialEmit = false } = {}): Unsubscribe =>
    this.#state.listen(listener, !skipInitialEmit);

  on = (_event: "status", handler: StatusHandler, { notify = false } = {}): void =>
    this.#board.on(handler, notify);

  off = (_event: "status", handler: StatusHandler): void => this.#board.off(handler);

  // --- Sessions

  setActive = (params: SetActiveParams): Promise<void> => this.#active.choose(params);

  signOut: SignOut = async (
    first?: SignOutCallback | SignOutOptions,
    second?: SignOutOptions,
  ): Promise<void> => {
    await this.#loading;
    await this.#active.end(typeof first === "function" ? { ...second, beforeEmit: first } : (first ?? {}));
  };

  handleUnauthenticated = (): Promise<void> => this.#active.check(true);

  // --- The user interface

  attachUi = (ui: ClerkUi): Unsubscribe => this.#ui.attach(ui);

  openSignIn = (props: SignInProps = {}): void => {
    const ui = this.#ui.for("openSignIn");
    if (this.#mayHaveAnotherSession) {
      ui.open("signIn", props);
    }
  };

  openSignUp = (props: SignUpProps = {}): void => {
    const ui = this.#ui.for("openSignUp");
    if (this.#mayHaveAnotherSession) {
      ui.open("signUp", props);
    }
  };

  openUserProfile = (props: UserProfileProps = {}): void => {
    if (this.session) {
      this.#ui.for("openUserProfile").open("userProfile", props);
    } else if (this.instanceType === "development") {
      throw new ClerkRuntimeError(
        "openUserProfile(): nobody is signed in. Show what calls it only to users, for example within <SignedIn>.",
        { code: "not_signed_in" },
      );
    }
  };

  closeSignIn = (): void => this.#ui.close("signIn");
  closeSignUp = (): void => this.#ui.close("signUp");
  closeUserProfile = (): void => this.#ui.close("userProfile");

  /** A user who can have but one session needs no second sign-in (F §3.2). */
  get #mayHaveAnotherSession(): boolean {
    return !this.session || !this.environment?.isSingleSession();
  }

  // --- Addresses

  navigate = async (to: string | undefined, { replace = false } = {}): Promise<void> => {
    if (to) {
      await this.#navigate(to, replace);
    }
  };

  /** @returns whether the page is about to be left */
  async #navigate(to: string, replace: boolean): Promise<boolean> {
    const url = new URL(to, location.href);
    if (!allowedProtocols(this.options).includes(url.protocol)) {
      console.warn(
        `The page was not sent to "${url.protocol}…": add the protocol to allowedRedirectProtocols if it should be.`,
      );
      return false;
    }
    return goTo(url, replace, replace ? this.options.routerReplace : this.options.routerPush);
  }

  get #urls(): PageUrls {
    return new PageUrls(this.#key, this.options, this.environment?.displayConfig, this.#connection);
  }

  buildUrlWithAuth = (to: string): string => this.#urls.withAuth(to);
  buildSignInUrl = (options?: SignInRedirectOptions): string => this.#urls.signIn(options);
  buildSignUpUrl = (options?: SignInRedirectOptions): string => this.#urls.signUp(options);
  buildUserProfileUrl = (): string => this.#urls.userProfile();
  buildAfterSignInUrl = (options?: AfterOptions): string => this.#urls.after("signIn", options);
  buildAfterSignUpUrl = (options?: AfterOptions): string => this.#urls.after("signUp", options);
  buildAfterSignOutUrl = (): string => this.#urls.afterSignOut();
  buildAfterMultiSessionSingleSignOutUrl = (): string => this.#urls.afterSignOutOfOne();

  redirectWithAuth = (to: string): Promise<unknown> => this.navigate(this.buildUrlWithAuth(to));

  redirectToSignIn = (options?: SignInRedirectOptions): Promise<unknown> =>
    this.#redirect(() => this.buildSignInUrl(options));

  redirectToSignUp = (options?: SignInRedirectOptions): Promise<unknown> =>
    this.#redirect(() => this.buildSignUpUrl(options));

  redirectToUserProfile = (): Promise<unknown> => this.#redirect(this.buildUserProfileUrl);
  redirectToAfterSignIn = (): Promise<unknown> => this.#redirect(() => this.buildAfterSignInUrl());
  redirectToAfterSignUp = (): Promise<unknown> => this.#redirect(() => this.buildAfterSignUpUrl());
  redirectToAfterSignOut = (): Promise<unknown> => this.#redirect(this.buildAfterSignOutUrl);

  /** The addresses of pages are among the settings, so that a redirect waits for them. */
  async #redirect(build: () => string): Promise<void> {
    await this.#loading;
    await this.navigate(build());
  }
}

/** The browser's identity client. */
export type Clerk = ClerkFace & {
  /** Lets go of the page: no more timers, listeners to events or channels. */
  dispose(): void;
};

/**
 * The browser's identity client. Constructing it does nothing yet and works on
 * servers too; `load()` fetches who is signed in.
 *
 * @example
 * ```ts
 * const clerk = new Clerk(publishableKey);
 * await clerk.load();
 * if (clerk.isSignedIn) console.log(clerk.user?.fullName);
 * ```
 *
 * @throws Error when the publishable key is missing or malformed
 */
export const Clerk: new (publishableKey: string, options?: ClerkConstructorOptions) => Clerk = BrowserClerk;
