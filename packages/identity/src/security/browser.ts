import { type RawReply, sendRaw } from "./raw_request.ts";

export type Fields = Readonly<Record<string, string>>;

/** A browser with a cookie jar that calls the Frontend API from a page, as clerk-js does (F §1.5, §1.6). */
export class Browser {
  readonly #url: string;
  readonly #headers: Fields;
  readonly #query: Fields;
  readonly cookies: Map<string, string>;

  /** `headers` and `query` go with every request. */
  constructor(
    url: string,
    {
      headers,
      query = {},
      cookies = new Map(),
    }: { headers: Fields; query?: Fields; cookies?: Map<string, string> },
  ) {
    this.#url = url;
    this.#headers = headers;
    this.#query = query;
    this.cookies = cookies;
  }

  get(path: string, query: Fields = {}): Promise<RawReply> {
    return this.#send("GET", path, query, undefined);
  }

  post(path: string, fields: Fields = {}, query: Fields = {}): Promise<RawReply> {
    return this.#send("POST", path, query, fields);
  }

  patch(path: string, fields: Fields = {}): Promise<RawReply> {
    return this.#send("POST", path, { _method: "PATCH" }, fields);
  }

  delete(path: string): Promise<RawReply> {
    return this.#send("POST", path, { _method: "DELETE" }, {});
  }

  /** Another browser with the same cookies as they are now: whoever stole or planted them. */
  copy(): Browser {
    return new Browser(this.#url, {
      headers: this.#headers,
      query: this.#query,
      cookies: new Map(this.cookies),
    });
  }

  async #send(method: string, path: string, query: Fields, fields: Fields | undefined): Promise<RawReply> {
    const search = new URLSearchParams({ ...this.#query, ...query }).toString();
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await sendRaw(this.#url, {
      method,
      path: search === "" ? path : `${path}?${search}`,
      headers: {
        ...this.#headers,
        ...(cookie === "" ? {} : { cookie }),
        ...(fields === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      },
      ...(fields === undefined ? {} : { body: new URLSearchParams(fields).toString() }),
    });
    for (const header of reply.headers.getSetCookie()) {
      const [pair = ""] = header.split(";");
      const equals = pair.indexOf("=");
      if (/Max-Age=0\b/i.test(header)) this.cookies.delete(pair.slice(0, equals));
      else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return reply;
  }
}
