import { type Call, setCookie } from "../http/index.ts";
import type { Instance } from "../instances/index.ts";

/**
 * The name of the cookie that says which browser this is. Over http it carries the instance's suffix: cookies know no
 * ports, and two projects on localhost would else throw out each other.
 */
function clientCookieName(instance: Instance): string {
  return isSecure(instance) ? "__client" : `__client_${instance.cookieSuffix}`;
}

/** The secret that a browser's cookie brought, or null. */
export function clientCookieOf({ instance, cookies }: Call): string | null {
  return cookies.get(clientCookieName(instance)) || null;
}

/** Gives a browser its cookie. `lifetime` is in milliseconds; 0 takes it away. */
export function clientCookie(
  instance: Instance,
  secret: string,
  lifetime: number,
): readonly [string, string] {
  return [
    "set-cookie",
    setCookie(clientCookieName(instance), secret, {
      maxAge: Math.floor(lifetime / 1000),
      httpOnly: true,
      secure: isSecure(instance),
    }),
  ];
}

/**
 * In production the server tells the app's own servers, by a cookie on the whole domain, since when somebody is signed
 * in (F §1.8): seconds since the epoch, 0 for nobody. In development the page writes it itself.
 */
export function signedInSinceCookies(
  instance: Instance,
  updatedAt: number | null,
  lifetime: number,
): readonly (readonly [string, string])[] {
  if (instance.environment !== "production") return [];
  const value = String(updatedAt === null ? 0 : Math.floor(updatedAt / 1000));
  const options = {
    maxAge: Math.floor(lifetime / 1000),
    httpOnly: false,
    secure: isSecure(instance),
    domain: new URL(instance.issuer).hostname.replace(/^clerk\./, ""),
  };
  return ["__client_uat", `__client_uat_${instance.cookieSuffix}`].map(
    (name) => ["set-cookie", setCookie(name, value, options)] as const,
  );
}

function isSecure({ issuer }: Instance): boolean {
  return issuer.startsWith("https:");
}
