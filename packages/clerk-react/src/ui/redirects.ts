import type { Clerk, InitialValues, SignInProps, SignUpProps } from "@tandem/clerk-js";
import { addressOf, parseHash } from "./steps/hash_steps.ts";

/** The query parameters that say where to go after a sign-in or a sign-up (F §6.8). */
const REDIRECT_PARAMETERS = [
  "redirect_url",
  "sign_in_force_redirect_url",
  "sign_in_fallback_redirect_url",
  "sign_up_force_redirect_url",
  "sign_up_fallback_redirect_url",
] as const;

/** What the page's address was given: the parameters of its query, and of its hash, which win. */
export function addressParameters(): URLSearchParams {
  const parameters = new URLSearchParams(window.location.search);
  for (const [name, value] of parseHash(window.location.hash).params) {
    parameters.set(name, value);
  }
  return parameters;
}

/** Takes parameters out of the page's address, query and hash, leaving no trace in the history. */
export function takeFromAddress(names: readonly string[]): void {
  const url = new URL(window.location.href);
  const { step, params } = parseHash(url.hash);
  for (const name of names) {
    url.searchParams.delete(name);
    if (params.has(name)) {
      params.delete(name);
      url.hash = addressOf(step, params);
    }
  }
  window.history.replaceState(window.history.state, "", url);
}

/** What the fields hold from the start: what the address says, as links of the client do, else what the app says. */
export function initialValues(props: SignInProps | SignUpProps): InitialValues {
  const here = addressParameters();
  const of = (name: string, value: string | undefined): string | undefined => here.get(name) ?? value;
  const { emailAddress, phoneNumber, username, firstName, lastName } = props.initialValues ?? {};
  return {
    emailAddress: of("email_address", emailAddress),
    phoneNumber: of("phone_number", phoneNumber),
    username: of("username", username),
    firstName: of("first_name", firstName),
    lastName: of("last_name", lastName),
  };
}

/** Where a sign-in leads: the address's own wishes are the client's to read. */
export function afterSignInUrl(clerk: Clerk, props: SignInProps): string {
  return clerk.buildAfterSignInUrl({
    signInForceRedirectUrl: props.forceRedirectUrl,
    signInFallbackRedirectUrl: props.fallbackRedirectUrl,
  });
}

/** Where a sign-up leads. */
export function afterSignUpUrl(clerk: Clerk, props: SignUpProps): string {
  return clerk.buildAfterSignUpUrl({
    signUpForceRedirectUrl: props.forceRedirectUrl,
    signUpFallbackRedirectUrl: props.fallbackRedirectUrl,
  });
}

/** Whether the app's sign-in page is its sign-up page too: it has a page of its own for the first alone (F §6.8). */
export function signUpIsOnSignInPage({ options: { signInUrl, signUpUrl } }: Clerk): boolean {
  return signInUrl?.startsWith("/") === true && signUpUrl === undefined;
}

/** The app's sign-up page, or the hosted one; a step of the sign-in page when that is both. */
export function signUpPage(clerk: Clerk): string {
  const { options, environment } = clerk;
  return signUpIsOnSignInPage(clerk)
    ? `${options.signInUrl}#/create`
    : (options.signUpUrl ?? environment?.displayConfig.signUpUrl ?? "");
}

/** The app's sign-in page, or the hosted one. */
export function signInPage({ options, environment }: Clerk): string {
  return options.signInUrl ?? environment?.displayConfig.signInUrl ?? "";
}

/**
 * The link from a sign-in to the sign-up or back: `address` with all that is known of where to go afterwards, so that
 * a detour does not lose it.
 */
export function linkKeepingRedirects(
  address: string,
  given: Readonly<Partial<Record<(typeof REDIRECT_PARAMETERS)[number], string | null | undefined>>>,
): string {
  const url = new URL(address, window.location.href);
  const here = addressParameters();
  for (const name of REDIRECT_PARAMETERS) {
    const value = here.get(name) ?? given[name];
    // A path is one of this page's server: the other page may be another's.
    if (value && URL.canParse(value, window.location.href)) {
      url.searchParams.set(name, new URL(value, window.location.href).href);
    }
  }
  return url.href;
}
