/** The page's cookies, as far as scripts may see them. Values are written as they are: tokens and ids need no escapes. */
export type CookieJar = {
  get(name: string): string | undefined;
  set(name: string, value: string, attributes: CookieAttributes): void;
  remove(name: string, attributes: CookieAttributes): void;
};

export type CookieAttributes = {
  domain?: string;
  sameSite: "Lax" | "Strict" | "None";
  secure: boolean;
  partitioned?: boolean;
  /** Seconds; without it the cookie ends with the browser's session. */
  maxAge?: number;
};

/** The cookies of a document. */
export function documentCookies(document: { cookie: string }): CookieJar {
  const set = (name: string, value: string, attributes: CookieAttributes): void => {
    document.cookie = [
      `${name}=${value}`,
      "Path=/",
      attributes.domain && `Domain=${attributes.domain}`,
      attributes.maxAge !== undefined && `Max-Age=${attributes.maxAge}`,
      `SameSite=${attributes.sameSite}`,
      attributes.secure && "Secure",
      attributes.partitioned && "Partitioned",
    ]
      .filter(Boolean)
      .join("; ");
  };
  return {
    get: (name) => {
      const pair = document.cookie.split("; ").find((candidate) => candidate.startsWith(`${name}=`));
      return pair?.slice(name.length + 1);
    },
    set,
    remove: (name, attributes) => set(name, "", { ...attributes, maxAge: 0 }),
  };
}
