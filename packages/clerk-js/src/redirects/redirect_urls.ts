import type { RedirectOptions } from "../types/redirects.ts";
import { camelToSnake } from "../wire/snake_case.ts";
import { type AllowList, isAllowed } from "./allow_list.ts";

const NAMES = [
  "signInForceRedirectUrl",
  "signInFallbackRedirectUrl",
  "signUpForceRedirectUrl",
  "signUpFallbackRedirectUrl",
  "redirectUrl",
] as const;

/** What decides where a page goes after a sign-in or a sign-up. */
export type RedirectSources = {
  /** What the component or the call was given. */
  props: RedirectOptions;
  /** What the client was loaded with. */
  options: RedirectOptions;
  /** The page's query; `searchOf()` reads it. */
  query: URLSearchParams;
  allowed: AllowList;
};

/**
 * Where to go after a sign-in or a sign-up: the first of the sources that names an
 * allowed address, in the order of F §6.8. A disallowed one is passed over.
 */
export function afterUrl(
  flow: "signIn" | "signUp",
  { props, options, query, allowed }: RedirectSources,
): string {
  const force = `${flow}ForceRedirectUrl` as const;
  const fallback = `${flow}FallbackRedirectUrl` as const;
  const candidates = [
    query.get(camelToSnake(force)),
    props[force],
    options[force],
    query.get("redirect_url"),
    props.redirectUrl,
    query.get(camelToSnake(fallback)),
    props[fallback],
    options[fallback],
    "/",
  ];
  for (const candidate of candidates) {
    if (candidate && URL.canParse(candidate, allowed.page)) {
      const url = new URL(candidate, allowed.page);
      if (isAllowed(url, allowed)) {
        return url.href;
      }
    }
  }
  return allowed.page;
}

/**
 * The query parameters by which another page learns where to go after its sign-in or sign-up.
 *
 * @param origin - this page's own, which paths are of: the other page may be another server's
 */
export function redirectParameters(
  props: RedirectOptions,
  options: RedirectOptions,
  origin: string,
): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const name of NAMES) {
    const url = props[name] ?? options[name];
    if (url) {
      parameters.set(camelToSnake(name), new URL(url, origin).href);
    }
  }
  return parameters;
}

/** The query of an address, with that of a hash such as `#/factor-one?redirect_url=…` (F §6.8). */
export function searchOf(url: URL): URLSearchParams {
  const [, hashSearch] = url.hash.split("?");
  return new URLSearchParams([...url.searchParams, ...new URLSearchParams(hashSearch ?? "")]);
}

/** Puts a step and parameters into the hash of an address: `/sign-in#/create?redirect_url=…`. */
export function withHash(base: string, page: URL, step: string, parameters: URLSearchParams): string {
  const url = new URL(base || page.href, page);
  // An app may have its routes in the hash: then the page is one of them.
  const [route = "", query] = url.hash.slice(1).split("?");
  const search = [query, parameters.toString()].filter(Boolean).join("&");
  const path = step ? `${route.replace(/\/$/, "")}/${step}` : route;
  if (path || search) {
    url.hash = (path || "/") + (search && `?${search}`);
  }
  return url.href;
}
