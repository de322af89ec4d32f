import type { Instance } from "./instance.ts";
import { isLoopback } from "./instances.ts";

/**
 * May pages of this origin call the instance's Frontend API, and be redirected to? In development every page of this
 * machine may; in production the instance's own domain with its subdomains. Both: the allowed origins.
 */
export function isAllowedOrigin(instance: Instance, origin: string): boolean {
  const { settings, issuer, environment } = instance;
  if (origin === issuer || settings.allowedOrigins.includes(origin)) return true;
  const url = URL.canParse(origin) ? new URL(origin) : null;
  if (url === null || url.origin !== origin) return false;
  if (environment === "development") return isLoopback(url.host);
  const domain = new URL(issuer).hostname.replace(/^clerk\./, "");
  return url.protocol === "https:" && (url.hostname === domain || url.hostname.endsWith(`.${domain}`));
}

/** May a browser be sent to this absolute address? */
export function isAllowedRedirect(instance: Instance, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "" &&
    isAllowedOrigin(instance, url.origin)
  );
}
