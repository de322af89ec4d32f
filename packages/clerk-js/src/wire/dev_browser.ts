import type { CookieJar } from "../cookies/jar.ts";
import { ClerkRuntimeError } from "../errors.ts";

const NAME = "__clerk_db_jwt";
const YEAR = 365 * 24 * 60 * 60;

/** What the page offers to a development browser's identity. */
export type DevBrowserPage = {
  jar: CookieJar;
  suffix: string;
  secure: boolean;
  /** Takes a parameter out of the page's address; undefined when it is not there. */
  takeParameter(name: string): string | undefined;
};

/**
 * The identity of this browser at a development instance of another site, to
 * which cookies would not flow (F §1.7).
 */
export class DevBrowser {
  readonly #page: DevBrowserPage;
  readonly #fetch: () => Promise<Response>;
  #token: string | undefined;

  constructor(page: DevBrowserPage, fetch: () => Promise<Response>) {
    this.#page = page;
    this.#fetch = fetch;
  }

  /** Takes the identity from the address or the cookie, or has the server make one. */
  async setUp(): Promise<void> {
    const { jar, suffix, takeParameter } = this.#page;
    const known = takeParameter(NAME) ?? jar.get(`${NAME}_${suffix}`) ?? jar.get(NAME);
    this.keep(known || (await this.#create()));
  }

  /** Forgets the identity that the server does not know any more, and has it make another. */
  async renew(): Promise<void> {
    this.keep(await this.#create());
  }

  keep(token: string): void {
    this.#token = token;
    for (const name of [NAME, `${NAME}_${this.#page.suffix}`]) {
      this.#page.jar.set(name, token, { sameSite: "Lax", secure: this.#page.secure, maxAge: YEAR });
    }
  }

  /** Adds the identity to an address of the identity server. */
  addTo(url: URL): void {
    if (this.#token !== undefined) {
      url.searchParams.set(NAME, this.#token);
    }
  }

  async #create(): Promise<string> {
    const response = await this.#fetch();
    const body = (await response.json()) as { id?: string };
    if (!response.ok || !body.id) {
      throw new ClerkRuntimeError(
        `The identity server gave this browser no identity (POST /v1/dev_browser: status ${response.status}).`,
        { code: "dev_browser_failed" },
      );
    }
    return body.id;
  }
}
