import type { ClientResource } from "./client.ts";
import type { SignInProps, SignUpProps, UserProfileProps } from "./components.ts";
import type { EnvironmentResource } from "./environment.ts";
import type { RedirectOptions, SignInRedirectOptions, SignUpRedirectOptions } from "./redirects.ts";
import type { SessionResource, SignedInSessionResource } from "./session.ts";
import type { UserResource } from "./user.ts";

export type ClerkStatus = "loading" | "ready" | "degraded" | "error";

/**
 * What listeners are told. A session and a user are undefined between two
 * states, while the page moves on after a sign-in: neither signed in nor out.
 */
export interface Resources {
  client: ClientResource;
  session: SignedInSessionResource | null | undefined;
  user: UserResource | null | undefined;
  organization: null;
}

export type Listener = (resources: Resources) => void;
export type Unsubscribe = () => void;

export type SetActiveNavigate = (params: {
  session: SessionResource;
  decorateUrl: (url: string) => string;
}) => unknown;

export interface SetActiveParams {
  /** The session, or its id; null signs out on this page alone. */
  session?: SignedInSessionResource | SessionResource | string | null;
  /** The organisation's id or slug; null is the personal workspace. */
  organization?: { id: string } | string | null;
  redirectUrl?: string;
  navigate?: SetActiveNavigate;
  /** Called while neither state is shown, before the new one is. */
  beforeEmit?: (session?: SessionResource | null) => unknown;
}

export type SetActive = (params: SetActiveParams) => Promise<void>;

export interface SignOutOptions {
  /** One session of several; without it, all of them end. */
  sessionId?: string;
  redirectUrl?: string;
}

export type SignOutCallback = () => unknown;

export interface SignOut {
  (options?: SignOutOptions): Promise<void>;
  (callback?: SignOutCallback, options?: SignOutOptions): Promise<void>;
}

/** Moves to an address of the same origin without loading it. */
export type RouterFn = (to: string, metadata?: unknown) => unknown;

export interface ClerkOptions {
  signInUrl?: string;
  signUpUrl?: string;
  afterSignOutUrl?: string | null;
  afterMultiSessionSingleSignOutUrl?: string | null;
  signInForceRedirectUrl?: string | null;
  signInFallbackRedirectUrl?: string | null;
  signUpForceRedirectUrl?: string | null;
  signUpFallbackRedirectUrl?: string | null;
  /** Where else a redirect may lead: origins with `*` as a wildcard, or patterns. */
  allowedRedirectOrigins?: (string | RegExp)[];
  allowedRedirectProtocols?: string[];
  routerPush?: RouterFn;
  routerReplace?: RouterFn;
  /** Where a session's pending task is solved, by the task's key. */
  taskUrls?: Record<string, string>;
  selectInitialSession?: (client: ClientResource) => SignedInSessionResource | null;
  /** Whether focus marks the session as in use. Default true. */
  touchSession?: boolean;
  /** Whether the `__session` cookie is kept fresh. Default true. */
  polling?: boolean;
  supportEmail?: string;
}

export interface ClerkConstructorOptions {
  /** The Frontend API's address when it is not the key's: absolute, or relative to the page. */
  proxyUrl?: string | ((url: URL) => string);
  /** A production instance's own domain: its Frontend API is `clerk.<domain>`. */
  domain?: string | ((url: URL) => string);
}

export type ModalKind = "signIn" | "signUp" | "userProfile";

/** What shows the modals; a user interface attaches itself with `attachUi()`. */
export interface ClerkUi {
  open(kind: ModalKind, props: SignInProps | SignUpProps | UserProfileProps): void;
  close(kind: ModalKind): void;
}

/** The browser's identity client. */
export interface Clerk {
  readonly version: string;
  readonly publishableKey: string;
  /** The Frontend API's host. */
  readonly frontendApi: string;
  readonly proxyUrl: string | undefined;
  readonly instanceType: "production" | "development";
  readonly status: ClerkStatus;
  /** Whether the client is ready, or degraded. */
  readonly loaded: boolean;
  readonly isSignedIn: boolean;
  readonly client: ClientResource | undefined;
  readonly session: SignedInSessionResource | null | undefined;
  readonly user: UserResource | null | undefined;
  readonly organization: null;
  /** The instance's settings; undefined until loaded. */
  readonly environment: EnvironmentResource | undefined;
  readonly options: ClerkOptions;

  /** Fetches the environment and the client. Once; later calls wait for the first. */
  load(options?: ClerkOptions): Promise<void>;
  /** Calls back at every change, and once at once when there is something to tell. */
  addListener(listener: Listener, options?: { skipInitialEmit?: boolean }): Unsubscribe;
  on(event: "status", handler: (status: ClerkStatus) => void, options?: { notify?: boolean }): void;
  off(event: "status", handler: (status: ClerkStatus) => void): void;

  setActive: SetActive;
  signOut: SignOut;

  attachUi(ui: ClerkUi): Unsubscribe;
  openSignIn(props?: SignInProps): void;
  closeSignIn(): void;
  openSignUp(props?: SignUpProps): void;
  closeSignUp(): void;
  openUserProfile(props?: UserProfileProps): void;
  closeUserProfile(): void;

  /** Goes to an address, by the app's router when it is on this origin. One of another protocol than allowed is refused. */
  navigate(to: string | undefined, options?: { replace?: boolean }): Promise<unknown>;
  buildUrlWithAuth(to: string): string;
  buildSignInUrl(options?: SignInRedirectOptions): string;
  buildSignUpUrl(options?: SignUpRedirectOptions): string;
  buildUserProfileUrl(): string;
  /** Where to go after a sign-in; `params` are more query parameters to read from. */
  buildAfterSignInUrl(options?: { params?: URLSearchParams } & RedirectOptions): string;
  buildAfterSignUpUrl(options?: { params?: URLSearchParams } & RedirectOptions): string;
  buildAfterSignOutUrl(): string;
  buildAfterMultiSessionSingleSignOutUrl(): string;
  redirectWithAuth(to: string): Promise<unknown>;
  redirectToSignIn(options?: SignInRedirectOptions): Promise<unknown>;
  redirectToSignUp(options?: SignUpRedirectOptions): Promise<unknown>;
  redirectToUserProfile(): Promise<unknown>;
  redirectToAfterSignIn(): Promise<unknown>;
  redirectToAfterSignUp(): Promise<unknown>;
  redirectToAfterSignOut(): Promise<unknown>;
  /** Finds out whether the session is still there, and signs out on this page if it is not. */
  handleUnauthenticated(): Promise<unknown>;
}
