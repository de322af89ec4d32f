import type { PublishableKey } from "../address/publishable_key.ts";

const PROTOCOLS = ["http:", "https:", "wails:", "chrome-extension:"];

/** Where redirects may lead. */
export type AllowList = {
  /** The page's own origin, which is always allowed. */
  page: string;
  origins: readonly (string | RegExp)[];
  protocols: readonly string[];
};

/** The allow-list of an app that names none: its own sites and the identity server (F §6.8). */
export function allowList(
  page: string,
  key: PublishableKey,
  api: string,
  options: { allowedRedirectOrigins?: (string | RegExp)[]; allowedRedirectProtocols?: string[] },
): AllowList {
  const home = key.frontendApi.replace(/^clerk\./, "");
  const own = [`https://${home}`, `https://*.${home}`];
  if (key.instanceType === "development") {
    own.push(`https://${key.frontendApi}`, new URL(api).origin);
  }
  return {
    page,
    origins: options.allowedRedirectOrigins ?? own,
    protocols: allowedProtocols(options),
  };
}

/** The kinds of address that a page may be sent to at all; `javascript:` is none of them. */
export function allowedProtocols(options: { allowedRedirectProtocols?: string[] }): string[] {
  return [...PROTOCOLS, ...(options.allowedRedirectProtocols ?? [])];
}

/** Whether a page may be sent to an address. */
export function isAllowed(url: URL, list: AllowList): boolean {
  return (
    list.protocols.includes(url.protocol) &&
    (url.origin === list.page || list.origins.some((pattern) => matches(url.origin, pattern)))
  );
}

function matches(origin: string, pattern: string | RegExp): boolean {
  if (typeof pattern !== "string") {
    return pattern.test(origin);
  }
  const source = pattern
    .replace(/\/+$/, "")
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/]*");
  return new RegExp(`^${source}$`, "i").test(origin);
}
