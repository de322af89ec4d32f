import type { CookieAttributes, CookieJar } from "./jar.ts";

const SESSION = "__session";
const CLIENT_UAT = "__client_uat";
const ACTIVE_CONTEXT = "clerk_active_context";
const YEAR = 365 * 24 * 60 * 60;

/** Where and for which instance the cookies are written. */
export type CookieScope = {
  jar: CookieJar;
  suffix: string;
  /** The page's registrable domain. */
  site: string;
  secure: boolean;
  /** Whether the page is shown inside a page of another site. */
  embedded: boolean;
};

/** The cookies by which the app's own server knows who is signed in (F §1.8). */
export class SessionCookies {
  readonly #scope: CookieScope;
  #partitioned = false;

  constructor(scope: CookieScope) {
    this.#scope = scope;
  }

  set partitioned(value: boolean) {
    this.#partitioned = value;
  }

  get token(): string | undefined {
    return this.#read(SESSION);
  }

  /** Writes the session token, or removes it. */
  setToken(token: string | null): void {
    this.#write(SESSION, token, this.#attributes);
  }

  /** When the client last changed, in Unix seconds; 0 means that nobody is signed in. */
  setClientUpdatedAt(seconds: number): void {
    const { jar, suffix, site } = this.#scope;
    const value = String(seconds);
    if (jar.get(`${CLIENT_UAT}_${suffix}`) === value && jar.get(CLIENT_UAT) === value) {
      return;
    }
    this.#write(CLIENT_UAT, value, {
      ...this.#attributes,
      sameSite: this.#attributes.sameSite === "None" ? "None" : "Strict",
      // An address or a single name takes no domain: a cookie for it alone is what is wanted.
      domain: site.includes(".") && !/^[\d.]+$|^\[/.test(site) ? site : undefined,
    });
  }

  /** The session and organisation of the tab that wrote the token last: `<session>:<organization>`. */
  get activeContext(): string | undefined {
    return this.#scope.jar.get(ACTIVE_CONTEXT);
  }

  setActiveContext(context: string): void {
    this.#scope.jar.set(ACTIVE_CONTEXT, context, { ...this.#attributes, maxAge: undefined });
  }

  get #attributes(): CookieAttributes {
    const foreign = this.#partitioned || this.#scope.embedded;
    return {
      sameSite: foreign ? "None" : "Lax",
      secure: foreign || this.#scope.secure,
      partitioned: this.#partitioned,
      maxAge: YEAR,
    };
  }

  #read(name: string): string | undefined {
    return this.#scope.jar.get(`${name}_${this.#scope.suffix}`) ?? this.#scope.jar.get(name);
  }

  #write(name: string, value: string | null, attributes: CookieAttributes): void {
    for (const cookie of [name, `${name}_${this.#scope.suffix}`]) {
      if (value === null) {
        this.#scope.jar.remove(cookie, attributes);
      } else {
        this.#scope.jar.set(cookie, value, attributes);
      }
    }
  }
}
