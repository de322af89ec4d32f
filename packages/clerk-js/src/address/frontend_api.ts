import type { PublishableKey } from "./publishable_key.ts";

const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost|.+\.localhost)$/;

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

/** Where to find the Frontend API, when the app says more than the key does. */
export type AddressOptions = { proxyUrl?: string; domain?: string };

/**
 * The address that every path of the Frontend API is appended to, without a
 * slash at its end (F §1.2).
 *
 * Beyond F, a key whose host is this machine is reached by plain `http`, and by
 * the name of this machine that the page itself uses: `localhost` and `127.0.0.1`
 * are two sites to a browser, and cookies do not flow from one to the other.
 *
 * @param page - the page's own address
 * @throws Error when the proxy's address is neither absolute nor a path
 */
export function frontendApiUrl(key: PublishableKey, page: URL | undefined, options: AddressOptions): string {
  if (options.proxyUrl) {
    return proxied(options.proxyUrl, page);
  }
  if (key.instanceType === "production" && options.domain) {
    return `https://clerk.${options.domain.replace(/^clerk\./, "")}`;
  }
  const url = new URL(`https://${key.frontendApi}`);
  if (!isLoopback(url.hostname)) {
    return url.origin;
  }
  // A port of 443 would be lost with the scheme that it is the default of.
  const port = /:(\d+)$/.exec(key.frontendApi)?.[1];
  const hostname = page !== undefined && isLoopback(page.hostname) ? page.hostname : url.hostname;
  return `http://${hostname}${port === undefined ? "" : `:${port}`}`;
}

function proxied(proxyUrl: string, page: URL | undefined): string {
  const absolute = /^https?:\/\//.test(proxyUrl);
  if (!absolute && (page === undefined || !proxyUrl.startsWith("/"))) {
    throw new Error(
      `The proxyUrl "${proxyUrl}" is neither an address (https://…) nor a path of this page's origin (/…).`,
    );
  }
  return new URL(proxyUrl, page).href.replace(/\/+$/, "");
}

/**
 * Whether a browser counts two addresses as one site, so that cookies flow.
 *
 * @param site - the page's registrable domain, or its host when it has none
 */
export function isSameSite(api: URL, page: URL, site: string): boolean {
  return (
    api.protocol === page.protocol &&
    (api.hostname === page.hostname || api.hostname === site || api.hostname.endsWith(`.${site}`))
  );
}
