import { type PublishableKey, parsePublishableKey } from "./address/publishable_key.ts";
import { ClerkAPIResponseError, ClerkRuntimeError } from "./errors.ts";
import { takeParameter } from "./page/address_bar.ts";
import { clientFromCookie } from "./page/client_from_cookie.ts";
import { type Connection, connect } from "./page/connection.ts";
import { type CrossTab, joinTabs } from "./page/cross_tab.ts";
import { savedEnvironment, saveEnvironment } from "./page/environment_snapshot.ts";
import { goTo } from "./page/navigate.ts";
import { SessionKeeper } from "./page/session_keeper.ts";
import { allowedProtocols } from "./redirects/allow_list.ts";
import { type AfterOptions, PageUrls } from "./redirects/page_urls.ts";
import { Client } from "./resources/client.ts";
import { Environment } from "./resources/environment.ts";
import type { ResourceHost } from "./resources/resource.ts";
import type { SignedInSession } from "./resources/session.ts";
import { StatusBoard, type StatusHandler } from "./status.ts";
import { readToken } from "./tokens/token.ts";
import { TokenCache } from "./tokens/token_cache.ts";
import type {
  ClerkConstructorOptions,
  Clerk as ClerkFace,
  ClerkOptions,
  ClerkStatus,
  ClerkUi,
  Listener,
  ModalKind,
  Resources,
  SetActiveParams,
  SignOut,
  SignOutCallback,
  SignOutOptions,
  Unsubscribe,
} from "./types/clerk.ts";
import type { SignInProps, SignUpProps, UserProfileProps } from "./types/components.ts";
import type { SignInRedirectOptions } from "./types/redirects.ts";
import type { SessionResource } from "./types/session.ts";
import type { UserResource } from "./types/user.ts";
import { VERSION } from "./version.ts";
import { endsSession, isPassing } from "./wire/api_errors.ts";
import type { ClientJson, EnvironmentJson } from "./wire/json.ts";
import { persistently } from "./wire/retry.ts";

/** How long the first answer may take before the page starts without it, in milliseconds (F §2.4). */
const PATIENCE_AT_START = 7000;

/** How long a page has to be left before it is taken to stay after all, in milliseconds. */
const LEAVING = 5000;

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
  client: Client | undefined;
  /** Undefined while loading, and between two states. */
  session: SignedInSession | null | undefined;
  environment: Environment | undefined;
  options: ClerkOptions = {};

  readonly #key: PublishableKey;
  readonly #address: ClerkConstructorOptions;
  readonly #tokens = new TokenCache({
    now: () => Date.now() / 1000,
    after: (seconds, callback) => {
      const timer = setTimeout(callback, seconds * 1000);
      return () => clearTimeout(timer);
    },
  });
  readonly #board = new StatusBoard();
  readonly #listeners = new Set<Listener>();
  readonly #uis: ClerkUi[] = [];
  #connection: Connection | undefined;
  #keeper: SessionKeeper | undefined;
  #tabs: CrossTab | undefined;
  #loading: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  /** Whether listeners wait while several steps make one change. */
  #holding = false;
  /** Whether the page is being left; a next state on it could send it elsewhere on its way. */
  #leaving = false;

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

  get isSignedIn(): boolean {
    return this.session?.status === "active";
  }

  get user(): UserResource | null | undefined {
    return this.session ? this.session.user : this.session;
  }

  // --- Loading

  load = (options: ClerkOptions = {}): Promise<void> => {
    this.#loading ??= this.#load(options);
    return this.#loading;
  };

  async #load(options: ClerkOptions): Promise<void> {
    this.options = options;
    try {
      this.#connection = connect(this.publishableKey, this.#key, this.#address, {
        sessionId: () => this.session?.id,
        clientArrived: (json) => this.#clientArrived(json),
        changed: () => this.#changed(),
        // A refusal of the question itself is its answer.
        unauthenticated: async () => (this.#checking === undefined ? this.#check(true) : undefined),
      });
      await this.#connection.devBrowser?.setUp();
      LEFTOVERS.forEach(takeParameter);
      const client = new Client(this.#host);
      const [environment, answer] = await Promise.all([this.#fetchEnvironment(), this.#fetchClient(client)]);
      this.environment = new Environment(environment.json ?? {});
      this.#connection.cookies.partitioned = this.environment.partitionedCookies;
      client.apply(answer.json);
      this.client = client;
      this.session = this.#initialSession(client);
      await this.#claimsOf(this.session);
      this.#keepSession(this.#connection);
      this.#board.set(environment.passing || answer.passing ? "degraded" : "ready");
      this.#changed();
      if (this.status === "degraded") {
        void this.#recover(client);
      }
    } catch (error) {
      this.#loading = undefined;
      this.#board.set("error");
      throw error;
    }
  }

  /** The settings; yesterday's, or none, while the server is out of order (F §2.3). */
  async #fetchEnvironment(): Promise<FetchedEnvironment> {
    const { api } = this.#connected;
    try {
      // A development instance notes the page's origin by the change that is asked for.
      const method = this.instanceType === "development" ? "PATCH" : "GET";
      const json = await api.request<EnvironmentJson>({ method, path: "/environment" });
      saveEnvironment(api.url, json);
      return { json, passing: false };
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      return { json: savedEnvironment(api.url), passing: true };
    }
  }

  /** The client; what the cookie tells of it, while the server is out of order (F §2.3). */
  async #fetchClient(client: Client): Promise<{ json: ClientJson | null; passing: boolean }> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_AT_START);
    try {
      return { json: await client.fetch(abort.signal), passing: false };
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      return { json: clientFromCookie(this.#connected.cookies.token), passing: true };
    } finally {
      clearTimeout(timer);
    }
  }

  /** The claims of a token are to be there when somebody is first shown to be signed in. */
  async #claimsOf(session: SignedInSession | null): Promise<void> {
    if (session !== null && session.lastActiveToken === null) {
      await session.getToken();
    }
  }

  /** Goes on asking a server that was out of order at the start, until it answers. */
  async #recover(client: Client): Promise<void> {
    const [environment, json] = await persistently(
      () => Promise.all([this.#fetchEnvironment().then(mustBeFresh), client.fetch()]),
      isPassing,
      () => ({
        tries: Number.POSITIVE_INFINITY,
        delay: (failures) => Math.min(1000 * 2 ** failures, 30_000),
      }),
    );
    this.environment = new Environment(environment);
    this.#connected.cookies.partitioned = this.environment.partitionedCookies;
    const wasSignedIn = this.session !== null;
    client.apply(json);
    this.session = wasSignedIn ? this.#sameSession() : this.#initialSession(client);
    this.#board.set("ready");
    this.#changed();
  }

  #keepSession({ cookies }: Connection): void {
    this.#keeper = new SessionKeeper(
      {
        session: () => this.session,
        isSingleSession: () => this.environment?.isSingleSession() ?? true,
        touchesOnFocus: this.options.touchSession ?? true,
        refused: (error) => this.#refused(error),
      },
      cookies,
    );
    this.#keeper.start(this.options.polling ?? true);
    this.#tabs = joinTabs({
      signedOut: () => void this.#check(false),
      tokenArrived: (key, raw) => {
        if (this.client?.sessions.some(({ id }) => id === key.sessionId)) {
          this.#tokens.put(key, readToken(raw));
        }
      },
    });
  }

  /** Lets go of the page: no more timers, listeners to events or channels. */
  dispose = (): void => {
    this.#keeper?.stop();
    this.#tabs?.close();
    this.#tokens.clear();
    this.#listeners.clear();
  };

  // --- State

  get #connected(): Connection {
    if (this.#connection === undefined) {
      throw new ClerkRuntimeError("The client has not been loaded. Call clerk.load() first.", {
        code: "clerk_not_loaded",
      });
    }
    return this.#connection;
  }

  get #loadedClient(): Client {
    if (this.client === undefined) {
      throw new ClerkRuntimeError("The client has not been loaded. Await clerk.load() first.", {
        code: "clerk_not_loaded",
      });
    }
    return this.client;
  }

  get #host(): ResourceHost {
    return {
      api: this.#connected.api,
      tokens: this.#tokens,
      isFocused: () => document.hasFocus(),
      setActive: this.setActive,
      changed: () => this.#changed(),
      signedOut: () => this.#signedOutByServer(),
      tokenArrived: (key, token) => {
        this.#tabs?.announceToken(key, token.getRawString());
        const { session } = this;
        const organizationId = session?.lastActiveOrganizationId ?? "";
        if (
          session?.id === key.sessionId &&
          key.template === undefined &&
          key.organizationId === organizationId
        ) {
          session.lastActiveToken = token;
          this.#changed();
        }
      },
    };
  }

  #initialSession(client: Client): SignedInSession | null {
    const chosen = this.options.selectInitialSession?.(client);
    const { signedInSessions, lastActiveSessionId } = client;
    return (
      signedInSessions.find(({ id }) => id === (chosen?.id ?? lastActiveSessionId)) ??
      signedInSessions[0] ??
      null
    );
  }

  #clientArrived(json: ClientJson): void {
    // An answer that overtakes the first load brings what that load is about to bring.
    this.client?.apply(json);
    if (!this.#holding && this.session) {
      this.session = this.#sameSession();
    }
  }

  /** The present session as the client has it now; null when it has ended. */
  #sameSession(): SignedInSession | null {
    return this.client?.signedInSessions.find(({ id }) => id === this.session?.id) ?? null;
  }

  #changed(): void {
    if (this.#holding || this.client === undefined) {
      return;
    }
    this.#writeCookies(this.client);
    if (!this.#leaving) {
      this.#emit();
    }
  }

  #writeCookies(client: Client): void {
    if (this.session !== undefined) {
      this.#keeper?.write();
    }
    // A production instance's server writes this one itself (F §1.8).
    if (this.instanceType === "development") {
      const signedIn = client.signedInSessions.length > 0;
      this.#connected.cookies.setClientUpdatedAt(
        signedIn ? Math.floor((client.updatedAt?.getTime() ?? 0) / 1000) : 0,
      );
    }
  }

  #emit(): void {
    const resources = this.#resources;
    if (resources !== undefined) {
      for (const listener of [...this.#listeners]) {
        listener(resources);
      }
    }
  }

  get #resources(): Resources | undefined {
    return this.client && { client: this.client, session: this.session, user: this.user, organization: null };
  }

  addListener = (listener: Listener, { skipInitialEmit = false } = {}): Unsubscribe => {
    this.#listeners.add(listener);
    if (this.#resources !== undefined && !skipInitialEmit) {
      listener(this.#resources);
    }
    return () => this.#listeners.delete(listener);
  };

  on = (_event: "status", handler: StatusHandler, { notify = false } = {}): void =>
    this.#board.on(handler, notify);

  off = (_event: "status", handler: StatusHandler): void => this.#board.off(handler);

  // --- Sessions

  setActive = async (params: SetActiveParams): Promise<void> => {
    const client = this.#loadedClient;
    const chosen = params.session === undefined ? this.session : this.#find(params.session);
    if (!chosen) {
      if (params.organization) {
        throw new ClerkRuntimeError("An organisation cannot be active while nobody is signed in.", {
          code: "not_signed_in",
        });
      }
      return this.#moveTo(() => null, params);
    }
    const { organization } = params;
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
      await this.handleUnauthenticated();
    }
    const active = (): SignedInSession | null =>
      client.signedInSessions.find(({ id }) => id === chosen.id) ?? null;
    await active()?.getToken();
    const task = active()?.currentTask;
    const taskUrl = task && this.options.taskUrls?.[task.key];
    await this.#moveTo(active, taskUrl === undefined ? params : { redirectUrl: taskUrl });
  };

  #find(session: SessionResource | string | null): SignedInSession | null {
    if (session === null) {
      return null;
    }
    const id = typeof session === "string" ? session : session.id;
    const found = this.#loadedClient.signedInSessions.find((candidate) => candidate.id === id);
    if (found === undefined) {
      throw new ClerkRuntimeError(
        `The session "${id}" cannot be made active: this client has no such session, or it has ended.`,
        { code: "session_not_found" },
      );
    }
    return found;
  }

  /** Makes a session the active one; while the page moves on, it shows neither the old state nor the new. */
  async #moveTo(
    next: () => SignedInSession | null,
    { redirectUrl, navigate, beforeEmit }: SetActiveParams,
  ): Promise<void> {
    const session = next();
    if (redirectUrl || navigate || beforeEmit) {
      this.session = session;
      this.#keeper?.write();
      // A pending session has its task to show where it is.
      if (session?.status !== "pending") {
        this.session = undefined;
        this.#emit();
      }
      await beforeEmit?.(session);
      if (redirectUrl) {
        this.#leaving = await this.#navigate(redirectUrl, false);
      } else if (navigate && session) {
        await navigate({ session, decorateUrl: (url) => url });
      }
    }
    this.session = next();
    this.#changed();
    if (this.#leaving) {
      setTimeout(() => {
        this.#leaving = false;
        this.#changed();
      }, LEAVING);
    }
  }

  signOut: SignOut = async (
    first?: SignOutCallback | SignOutOptions,
    second?: SignOutOptions,
  ): Promise<void> => {
    const callback = typeof first === "function" ? first : undefined;
    const { sessionId, redirectUrl } = (typeof first === "function" ? second : first) ?? {};
    const client = this.#loadedClient;
    if (client.sessions.length === 0) {
      return;
    }
    const { signedInSessions } = client;
    const one = sessionId === undefined ? undefined : signedInSessions.find(({ id }) => id === sessionId);
    const others = one !== undefined && signedInSessions.length > 1;
    const current = !others || one.id === this.session?.id;
    this.#holding = current;
    try {
      await (others ? one.remove() : client.removeSessions());
    } catch (error) {
      // A session that is over already is what was wanted.
      if (!endsSession(error)) {
        throw error;
      }
    } finally {
      this.#holding = false;
    }
    if (current) {
      this.#tokens.clear(this.session?.id);
      this.#tabs?.announceSignOut();
      await this.#moveTo(
        () => null,
        callback ? { beforeEmit: callback } : { redirectUrl: redirectUrl ?? this.buildAfterSignOutUrl() },
      );
    }
  };

  handleUnauthenticated = (): Promise<void> => this.#check(true);

  /** Asks the server whether the session is still there; one question at a time. */
  #check(announces: boolean): Promise<void> {
    this.#checking ??= this.#checkSession(announces).finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #checkSession(announces: boolean): Promise<void> {
    const { client, session } = this;
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
    client.apply(json);
    this.session = this.#sameSession();
    if (this.session === null) {
      this.#tokens.clear(session.id);
      if (announces) {
        this.#tabs?.announceSignOut();
      }
    }
    this.#changed();
  }

  async #signedOutByServer(): Promise<void> {
    this.#tokens.clear(this.session?.id);
    this.session = null;
    this.#tabs?.announceSignOut();
    this.#changed();
  }

  /** What a call in the background does about its failure: nobody awaits it to be told. */
  async #refused(error: unknown): Promise<void> {
    if (endsSession(error)) {
      await this.handleUnauthenticated().catch((failure) =>
        console.debug("It could not be found out whether the session is still there.", failure),
      );
    } else {
      console.debug("The session could not be kept fresh; it will be tried again.", error);
    }
  }

  // --- The user interface

  attachUi = (ui: ClerkUi): Unsubscribe => {
    this.#uis.push(ui);
    return () => {
      this.#uis.splice(this.#uis.indexOf(ui), 1);
    };
  };

  openSignIn = (props: SignInProps = {}): void => this.#openForVisitor("signIn", props);
  closeSignIn = (): void => this.#close("signIn");
  openSignUp = (props: SignUpProps = {}): void => this.#openForVisitor("signUp", props);
  closeSignUp = (): void => this.#close("signUp");

  openUserProfile = (props: UserProfileProps = {}): void => {
    if (this.session) {
      this.#ui("openUserProfile").open("userProfile", props);
    } else if (this.instanceType === "development") {
      throw new ClerkRuntimeError(
        "openUserProfile(): nobody is signed in. Show what calls it only to users, for example within <SignedIn>.",
        { code: "not_signed_in" },
      );
    }
  };

  closeUserProfile = (): void => this.#close("userProfile");

  /** A user who can have but one session needs no second sign-in (F §3.2). */
  #openForVisitor(kind: "signIn" | "signUp", props: SignInProps | SignUpProps): void {
    const ui = this.#ui(kind === "signIn" ? "openSignIn" : "openSignUp");
    if (!this.session || !this.environment?.isSingleSession()) {
      ui.open(kind, props);
    }
  }

  #ui(caller: string): ClerkUi {
    const ui = this.#uis.at(-1);
    if (ui === undefined) {
      throw new ClerkRuntimeError(
        `${caller}() needs a user interface, and none is attached. Render <ClerkProvider>, or attach your own with clerk.attachUi().`,
        { code: "no_user_interface" },
      );
    }
    return ui;
  }

  #close(kind: ModalKind): void {
    this.#uis.at(-1)?.close(kind);
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

  get #urls(): PageUrls {
    return new PageUrls(this.#key, this.options, this.environment?.displayConfig, this.#connection);
  }
}

/** What `#fetchEnvironment()` came to. */
type FetchedEnvironment = { json: EnvironmentJson | undefined; passing: boolean };

function mustBeFresh({ json, passing }: FetchedEnvironment): EnvironmentJson {
  if (json === undefined || passing) {
    throw new ClerkRuntimeError("The instance's settings are still out of reach.", { code: "network_error" });
  }
  return json;
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
