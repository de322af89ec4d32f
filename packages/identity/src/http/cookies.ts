/** The cookies that a request brought. */
export function readCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const equals = part.indexOf("=");
    if (equals === -1) continue;
    const name = part.slice(0, equals).trim();
    if (!cookies.has(name)) cookies.set(name, part.slice(equals + 1).trim());
  }
  return cookies;
}

export interface CookieOptions {
  /** Seconds; 0 removes it. */
  readonly maxAge: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly domain?: string;
  readonly sameSite?: "Lax" | "Strict" | "None";
}

/** A `Set-Cookie` value (RFC 6265). Names and values are ours: letters, digits and `_-.` only. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  return [
    `${name}=${value}`,
    "Path=/",
    `Max-Age=${options.maxAge}`,
    ...(options.domain === undefined ? [] : [`Domain=${options.domain}`]),
    ...(options.httpOnly ? ["HttpOnly"] : []),
    ...(options.secure ? ["Secure"] : []),
    `SameSite=${options.sameSite ?? "Lax"}`,
  ].join("; ");
}
