import type { RouterFn } from "../types/clerk.ts";

/**
 * Sends the page to an address: by the app's router within its origin, and by the
 * browser else.
 *
 * @returns whether the browser is about to leave the page, which takes it a while
 */
export async function goTo(url: URL, replace: boolean, router: RouterFn | undefined): Promise<boolean> {
  if (router !== undefined && url.origin === location.origin) {
    // A path that begins with two slashes is, to a router, an address on another host.
    await router(url.pathname.replace(/^\/{2,}/, "/") + url.search + url.hash);
    return false;
  }
  const staysOnPage = url.hash !== "" && url.href.split("#")[0] === location.href.split("#")[0];
  if (replace) {
    location.replace(url);
  } else {
    location.assign(url);
  }
  return !staysOnPage;
}
