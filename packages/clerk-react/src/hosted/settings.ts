/** What the server writes onto the root element of a hosted page. */
export interface HostedSettings {
  readonly publishableKey: string;
  readonly applicationName: string;
  /** Origins besides the page's own to which it may send people back, with `*` as a wildcard. */
  readonly allowedOrigins: readonly (string | RegExp)[];
}

const LOOPBACK_ORIGIN = /^https?:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost|[^/]+\.localhost)(:\d+)?$/;

/**
 * Reads `data-publishable-key`, `data-application-name` and `data-allowed-origins` (separated by spaces) of `root`. A
 * page that is itself on this machine may send people to any page of this machine: that is where apps are developed.
 *
 * @throws Error when there is no publishable key
 */
export function readSettings(root: HTMLElement, page: URL): HostedSettings {
  const { publishableKey, applicationName = "", allowedOrigins = "" } = root.dataset;
  if (publishableKey === undefined || publishableKey === "") {
    throw new Error("The hosted page's root element has no data-publishable-key.");
  }
  return {
    publishableKey,
    applicationName,
    allowedOrigins: [
      page.origin,
      ...allowedOrigins.split(/\s+/).filter(Boolean),
      ...(LOOPBACK_ORIGIN.test(page.origin) ? [LOOPBACK_ORIGIN] : []),
    ],
  };
}

/**
 * This page by the name of this machine that the app at `redirectUrl` uses: `localhost` and `127.0.0.1` are two sites
 * to a browser, and a sign-in at one is unknown at the other. Undefined when the page is where it should be.
 */
export function pageBesideApp(page: URL, redirectUrl: string | null): URL | undefined {
  if (redirectUrl === null || !URL.canParse(redirectUrl) || !LOOPBACK_ORIGIN.test(page.origin)) {
    return undefined;
  }
  const { origin, hostname } = new URL(redirectUrl);
  if (!LOOPBACK_ORIGIN.test(origin) || hostname === page.hostname) {
    return undefined;
  }
  const beside = new URL(page);
  beside.hostname = hostname;
  return beside;
}

/**
 * The same page with its step in the hash, where the components keep it: `/sign-in/choose` → `/sign-in#/choose`. Links
 * of the client have it in the path (F §6.8, §9.7).
 */
export function pageOfStep(page: URL): URL {
  const [, name = "", step = ""] = page.pathname.split(/^\/([^/]+)\/*/);
  const shown = new URL(page);
  shown.pathname = `/${name}`;
  if (step !== "") {
    const [, query] = page.hash.split("?");
    shown.hash = `/${step.replace(/\/+$/, "")}${query === undefined ? "" : `?${query}`}`;
  }
  return shown;
}
