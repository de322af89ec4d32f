import { frontendApiUrl, isSameSite } from "../address/frontend_api.ts";
import type { PublishableKey } from "../address/publishable_key.ts";
import { type CookieJar, documentCookies } from "../cookies/jar.ts";
import { SessionCookies } from "../cookies/session_cookies.ts";
import { siteOf } from "../cookies/site.ts";
import { cookieSuffix } from "../cookies/suffix.ts";
import type { ClerkConstructorOptions } from "../types/clerk.ts";
import { API_VERSION } from "../version.ts";
import { Api, type ApiListener } from "../wire/api.ts";
import { responseError } from "../wire/api_errors.ts";
import type { DevBrowser } from "../wire/dev_browser.ts";
import { networkError } from "../wire/retry.ts";
import { takeParameter } from "./address_bar.ts";
import { isEmbedded } from "./embedded.ts";

/** What a page has once it knows its server: requests, and the cookies for the app's own server. */
export type Connection = { api: Api; cookies: SessionCookies; devBrowser: DevBrowser | undefined };

/** Finds the server that a publishable key belongs to, as seen from this page. */
export async function connect(
  publishableKey: string,
  key: PublishableKey,
  options: ClerkConstructorOptions,
  listener: ApiListener,
): Promise<Connection> {
  const page = new URL(location.href);
  const url = frontendApiUrl(key, page, {
    proxyUrl: resolve(options.proxyUrl, page),
    domain: resolve(options.domain, page),
  });
  const jar = documentCookies(document);
  const scope = {
    jar,
    suffix: await cookieSuffix(publishableKey),
    site: siteOf(page.hostname, jar),
    secure: page.protocol === "https:",
  };
  const needsDevBrowser = key.instanceType === "development" && !isSameSite(new URL(url), page, scope.site);
  const devBrowser = needsDevBrowser ? await openDevBrowser(url, scope) : undefined;
  return {
    api: new Api(url, listener, devBrowser),
    cookies: new SessionCookies({ ...scope, embedded: isEmbedded() }),
    devBrowser,
  };
}

/** Only pages of development instances on another site need its code. */
async function openDevBrowser(
  url: string,
  page: { jar: CookieJar; suffix: string; secure: boolean },
): Promise<DevBrowser> {
  const { DevBrowser } = await import("../wire/dev_browser.ts");
  const errors = { network: networkError, response: responseError };
  const endpoint = `${url}/v1/dev_browser?__clerk_api_version=${API_VERSION}`;
  const devBrowser = new DevBrowser({ ...page, takeParameter, errors }, endpoint);
  await devBrowser.setUp();
  return devBrowser;
}

function resolve(value: string | ((url: URL) => string) | undefined, page: URL): string | undefined {
  return typeof value === "function" ? value(page) : value;
}
