import type { PublishableKey } from "../address/publishable_key.ts";
import { ClerkRuntimeError } from "../errors.ts";
import type { Connection } from "../page/connection.ts";
import type { ClerkOptions } from "../types/clerk.ts";
import type { DisplayConfigResource } from "../types/environment.ts";
import type { RedirectOptions, SignInRedirectOptions } from "../types/redirects.ts";
import { camelToSnake } from "../wire/snake_case.ts";
import { allowList } from "./allow_list.ts";
import { afterUrl, redirectParameters, searchOf, withHash } from "./redirect_urls.ts";

/** `params` stands in for the page's query. */
export type AfterOptions = { params?: URLSearchParams } & RedirectOptions;

/** The addresses that a page sends its visitors to (F §6.8). */
export class PageUrls {
  readonly #key: PublishableKey;
  readonly #options: ClerkOptions;
  readonly #display: DisplayConfigResource | undefined;
  readonly #connection: Connection | undefined;

  /** The last two are there once the client has loaded. */
  constructor(
    key: PublishableKey,
    options: ClerkOptions,
    display: DisplayConfigResource | undefined,
    connection: Connection | undefined,
  ) {
    this.#key = key;
    this.#options = options;
    this.#display = display;
    this.#connection = connection;
  }

  withAuth(to: string): string {
    const url = new URL(to, location.href);
    // The identity of a development browser is told to the pages of its own instance alone.
    if (url.origin !== location.origin && this.#ownOrigins().includes(url.origin)) {
      this.#connection?.devBrowser?.addTo(url);
    }
    return url.href;
  }

  signIn(options: SignInRedirectOptions = {}): string {
    return this.#flow(this.#options.signInUrl ?? this.#display?.signInUrl, "", options);
  }

  signUp(options: SignInRedirectOptions = {}): string {
    const { signInUrl, signUpUrl } = this.#options;
    // Sign-in and sign-up are one page when the app has a page for the first and none for the second.
    return signInUrl?.startsWith("/") && signUpUrl === undefined
      ? this.#flow(signInUrl, "create", options)
      : this.#flow(signUpUrl ?? this.#display?.signUpUrl, "", options);
  }

  userProfile(): string {
    return this.withAuth(this.#display?.userProfileUrl || location.href);
  }

  after(flow: "signIn" | "signUp", { params, ...props }: AfterOptions = {}): string {
    if (this.#connection === undefined) {
      throw new ClerkRuntimeError("Await clerk.load() first: the server says where to go after a sign-in.", {
        code: "clerk_not_loaded",
      });
    }
    const query = params ?? searchOf(new URL(location.href));
    const allowed = allowList(location.origin, this.#key, this.#connection.api.url, this.#options);
    return this.withAuth(afterUrl(flow, { props, options: this.#options, query, allowed }));
  }

  afterSignOut(): string {
    return this.withAuth(this.#options.afterSignOutUrl ?? "/");
  }

  afterSignOutOfOne(): string {
    const { afterMultiSessionSingleSignOutUrl, signInUrl } = this.#options;
    return this.withAuth(
      afterMultiSessionSingleSignOutUrl ??
        (signInUrl ? `${signInUrl}/choose` : this.#display?.afterSignOutOneUrl || "/"),
    );
  }

  #flow(base: string | undefined, step: string, options: SignInRedirectOptions): string {
    const page = new URL(location.href);
    const redirectUrl = options.redirectUrl || page.href;
    const parameters = redirectParameters({ ...options, redirectUrl }, this.#options, page.origin);
    for (const [name, value] of Object.entries(options.initialValues ?? {})) {
      if (value) {
        parameters.set(camelToSnake(name), value);
      }
    }
    return this.withAuth(withHash(base ?? "", page, step, parameters));
  }

  /** The origins of the identity server and of its pages. */
  #ownOrigins(): string[] {
    const { signInUrl, signUpUrl, userProfileUrl } = this.#display ?? {};
    return [this.#connection?.api.url, signInUrl, signUpUrl, userProfileUrl]
      .filter((url) => url !== undefined && URL.canParse(url))
      .map((url) => new URL(url!).origin);
  }
}
