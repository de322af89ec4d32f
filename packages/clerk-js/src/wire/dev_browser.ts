import type { CookieJar } from "../cookies/jar.ts";
import type { responseError } from "./api_errors.ts";
import type { ErrorJson } from "./json.ts";
import type { networkError } from "./retry.ts";

const NAME = "__clerk_db_jwt";
const YEAR = 365 * 24 * 60 * 60;

/** What the page offers to a development browser's identity. */
export type DevBrowserPage = {
  jar: CookieJar;
  suffix: string;
  secure: boolean;
  /** Takes a parameter out of the page's address; undefined when it is not there. */
  takeParameter(name: string): string | undefined;
  /** The errors of requests: given, so that this file, which few pages load, divides no other in two. */
  errors: { network: typeof networkError; response: typeof responseError };
};

/**
 * The identity of this browser at a development instance of another site, to
 * which cookies would not flow (F §1.7).
 */
export class DevBrowser {
  readonly #page: DevBrowserPage;
  readonly #endpoint: string;
  #token: string | undefined;

  /** @param endpoint - the address that makes an identity */
  constructor(page: DevBrowserPage, endpoint: string) {
    this.#page = page;
    this.#endpoint = endpoint;
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
    const response = await fetch(this.#endpoint, { method: "POST", credentials: "omit" }).catch((error) => {
      throw this.#page.errors.network(this.#endpoint, error);
    });
    const body = (await response.json()) as { id?: string; errors?: ErrorJson[] };
    if (!response.ok || !body.id) {
      throw this.#page.errors.response(response.status, body, response.headers.get("retry-after"));
    }
    return body.id;
  }
}
