import { ICON_LINK } from "../http/icon.ts";
import type { Instance } from "../instances/index.ts";
import { escapeHtml } from "../mail/texts.ts";

/** What the page's script finds on its root element, and the style sheet when there is one. */
export function hostedPage(instance: Instance, nonce: string, hasStyleSheet: boolean): string {
  const { settings, publishableKey } = instance;
  const name = escapeHtml(settings.applicationName);
  const origins = escapeHtml(redirectOrigins(instance).join(" "));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
${ICON_LINK}
${hasStyleSheet ? `<link rel="stylesheet" href="/hosted/main.css">\n` : ""}</head>
<body>
<div id="root" data-publishable-key="${escapeHtml(publishableKey)}" data-application-name="${name}" data-allowed-origins="${origins}"></div>
<noscript>Signing in to ${name} needs JavaScript.</noscript>
<script type="module" nonce="${nonce}" src="/hosted/main.js"></script>
</body>
</html>
`;
}

/**
 * What the page may load and do: our own files, our own server, and nothing in a frame of somebody else's. In
 * development the server has several names on the machine, and the page may call it by any.
 */
export function hostedPolicy({ issuer, environment }: Instance, nonce: string): string {
  const atHome = environment === "development" ? " http://localhost:* http://127.0.0.1:*" : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `connect-src 'self' ${issuer}${atHome}`,
    `img-src 'self' data: https: ${issuer}`,
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Where people may be sent afterwards; the server itself checks every address as well. */
function redirectOrigins({ settings, environment, issuer }: Instance): string[] {
  if (environment === "development") return [...settings.allowedOrigins];
  const domain = new URL(issuer).hostname.replace(/^clerk\./, "");
  return [...settings.allowedOrigins, `https://${domain}`, `https://*.${domain}`];
}
