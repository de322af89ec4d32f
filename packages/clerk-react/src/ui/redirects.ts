import type { Clerk, SignInProps, SignUpProps } from "@tandem/clerk-js";

/** The query parameters that say where to go after a sign-in or a sign-up (F §6.8). */
const REDIRECT_PARAMETERS = [
  "redirect_url",
  "sign_in_force_redirect_url",
  "sign_in_fallback_redirect_url",
  "sign_up_force_redirect_url",
  "sign_up_fallback_redirect_url",
] as const;

/** The redirect parameters of the page's query and of `params`, which win. */
export function redirectParameters(params: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams(window.location.search);
  const found = new URLSearchParams();
  for (const name of REDIRECT_PARAMETERS) {
    const value = params.get(name) ?? query.get(name);
    if (value !== null) {
      found.set(name, value);
    }
  }
  return found;
}

/** Where a sign-in shown on a page leads. */
export function afterSignInUrl(clerk: Clerk, props: SignInProps, params: URLSearchParams): string {
  return clerk.buildAfterSignInUrl({
    params: redirectParameters(params),
    signInForceRedirectUrl: props.forceRedirectUrl,
    signInFallbackRedirectUrl: props.fallbackRedirectUrl,
  });
}

/** Where a sign-up shown on a page leads. */
export function afterSignUpUrl(clerk: Clerk, props: SignUpProps, params: URLSearchParams): string {
  return clerk.buildAfterSignUpUrl({
    params: redirectParameters(params),
    signUpForceRedirectUrl: props.forceRedirectUrl,
    signUpFallbackRedirectUrl: props.fallbackRedirectUrl,
  });
}

/**
 * The link from a sign-in to the sign-up or back: `address` with all that is known of where to go afterwards, so that
 * a detour does not lose it.
 */
export function linkKeepingRedirects(
  address: string,
  params: URLSearchParams,
  given: Readonly<Partial<Record<(typeof REDIRECT_PARAMETERS)[number], string | null | undefined>>>,
): string {
  const url = new URL(address, window.location.href);
  const kept = redirectParameters(params);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "string" && value !== "" && !kept.has(name)) {
      kept.set(name, value);
    }
  }
  for (const [name, value] of kept) {
    url.searchParams.set(name, value);
  }
  return url.href;
}
