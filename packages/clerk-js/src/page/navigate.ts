import type { RouterFn } from "../types/clerk.ts";

/** How long a page waits to be left before it takes it that it stays, in milliseconds. */
const LEAVING = 5000;

/**
 * Sends the page to an address: by the app's router within its origin, and by the
 * browser else. The browser leaves a page only after a while; what is waited for
 * here is that it has, so that nobody shows a next state on a page that is going.
 */
export async function goTo(url: URL, replace: boolean, router: RouterFn | undefined): Promise<void> {
  if (router !== undefined && url.origin === location.origin) {
    await router(url.pathname + url.search + url.hash);
    return;
  }
  const staysOnPage = url.hash !== "" && url.href.split("#")[0] === location.href.split("#")[0];
  if (replace) {
    location.replace(url);
  } else {
    location.assign(url);
  }
  if (!staysOnPage) {
    await new Promise((resolve) => setTimeout(resolve, LEAVING));
  }
}
