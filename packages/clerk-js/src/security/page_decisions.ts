/** What a page's client decides by itself, as one module: what attackers lead people to is tried on it. */
export { parsePublishableKey } from "../address/publishable_key.ts";
export { documentCookies } from "../cookies/jar.ts";
export { SessionCookies } from "../cookies/session_cookies.ts";
export { goTo } from "../page/navigate.ts";
export { allowedProtocols, allowList, isAllowed } from "../redirects/allow_list.ts";
export { afterUrl } from "../redirects/redirect_urls.ts";
