import { setCookie } from "../http/index.ts";
import type { Instance } from "../instances/index.ts";

/** Seconds that the app's cookies are kept; what is in them ends much earlier. */
const COOKIE_LIFETIME = 365 * 24 * 3600;

/** Who is signed in at a browser, as an app's server has to know it. */
export interface SignedInState {
  /** A session token; null when nobody is signed in. */
  readonly token: string | null;
  /** Seconds since the epoch; 0 when nobody is signed in. Never later than the token. */
  readonly since: number;
  /** By which the app's server gets the next token; null when nobody is signed in. */
  readonly refresh: string | null;
  /** Of a development browser. */
  readonly devBrowser: string | null;
}

/**
 * The `Set-Cookie` texts that an app's server hands on to the browser (B §2.9), each with and without the instance's
 * suffix. Scripts have to read most of them: clerk-js keeps them up to date.
 */
export function directivesOf(
  { environment, issuer, cookieSuffix }: Instance,
  { token, since, refresh, devBrowser }: SignedInState,
  secure: boolean,
): string[] {
  const options = { maxAge: COOKIE_LIFETIME, httpOnly: false, secure };
  const domain =
    environment === "production" ? { domain: new URL(issuer).hostname.replace(/^clerk\./, "") } : {};
  const both = (name: string) => [name, `${name}_${cookieSuffix}`];
  return [
    ...both("__client_uat").map((name) => setCookie(name, String(since), { ...options, ...domain })),
    ...both("__session").map((name) =>
      token === null ? setCookie(name, "", { ...options, maxAge: 0 }) : setCookie(name, token, options),
    ),
    // For the app's server alone.
    refresh === null
      ? setCookie(`__refresh_${cookieSuffix}`, "", { ...options, httpOnly: true, maxAge: 0 })
      : setCookie(`__refresh_${cookieSuffix}`, refresh, { ...options, httpOnly: true }),
    ...(devBrowser === null
      ? []
      : both("__clerk_db_jwt").map((name) => setCookie(name, devBrowser, options))),
  ];
}
