import { AbortSignal } from "./abort.ts";
import { Body, type BodyInit, extractBody } from "./body.ts";
import { Headers, type HeadersInit } from "./headers.ts";
import { ReadableStream } from "./streams.ts";
import { URL } from "./url.ts";

export type RequestRedirect = "follow" | "error" | "manual";

export interface RequestInit {
  method?: string;
  headers?: HeadersInit;
  body?: BodyInit | null;
  redirect?: RequestRedirect;
  signal?: AbortSignal | null;
  duplex?: "half";
}

const normalised = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);

function methodOf(given: unknown): string {
  const method = String(given);
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method))
    throw new TypeError(`"${method}" is not a legal HTTP method.`);
  const upper = method.toUpperCase();
  if (upper === "CONNECT" || upper === "TRACE" || upper === "TRACK") {
    throw new TypeError(`The HTTP method "${method}" is not supported.`);
  }
  return normalised.has(upper) ? upper : method;
}

/** https://fetch.spec.whatwg.org/#request-class; what concerns only browsers is left out (R §2.2). */
export class Request extends Body {
  readonly #url: string;
  readonly #method: string;
  readonly #headers: Headers;
  readonly #redirect: RequestRedirect;
  readonly #signal: AbortSignal;

  constructor(input: Request | URL | string, init: RequestInit = {}) {
    if (input === undefined) throw new TypeError("Request needs a URL or a Request.");
    const from = input instanceof Request ? input : null;
    const method = init.method === undefined ? (from?.method ?? "GET") : methodOf(init.method);
    const own = init.body === undefined || init.body === null ? null : extractBody(init.body);
    if (own !== null && (method === "GET" || method === "HEAD")) {
      throw new TypeError("Request with GET/HEAD method cannot have body.");
    }
    if (init.body instanceof ReadableStream && init.duplex !== undefined && init.duplex !== "half") {
      throw new TypeError('The only value of "duplex" is "half".');
    }
    const source = own ?? (from !== null ? Body.take(from) : null);
    super(source);
    const url = new URL(from?.url ?? String(input));
    if (url.username !== "" || url.password !== "") {
      throw new TypeError("Request cannot be constructed from a URL that includes credentials.");
    }
    this.#url = url.href;
    this.#method = method;
    this.#headers = new Headers(init.headers ?? from?.headers);
    if (own?.type != null && !this.#headers.has("content-type")) this.#headers.set("content-type", own.type);
    const redirect = init.redirect ?? from?.redirect ?? "follow";
    if (redirect !== "follow" && redirect !== "error" && redirect !== "manual") {
      throw new TypeError(`"${redirect}" is not a redirect mode.`);
    }
    this.#redirect = redirect;
    const signal = init.signal === undefined ? from?.signal : init.signal;
    this.#signal = signal == null ? AbortSignal.create() : AbortSignal.any([signal]);
  }

  get url(): string {
    return this.#url;
  }
  get method(): string {
    return this.#method;
  }
  override get headers(): Headers {
    return this.#headers;
  }
  get redirect(): RequestRedirect {
    return this.#redirect;
  }
  get signal(): AbortSignal {
    return this.#signal;
  }
  get [Symbol.toStringTag](): string {
    return "Request";
  }
  clone(): Request {
    const body = Body.tee(this);
    const init: RequestInit = {
      method: this.#method,
      headers: this.#headers,
      redirect: this.#redirect,
      signal: this.#signal,
    };
    if (body !== null) init.body = body.content;
    return new Request(this.#url, init);
  }
}
