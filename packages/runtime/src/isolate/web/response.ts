import { Body, type BodyInit, type BodySource, extractBody } from "./body.ts";
import { Headers, type HeadersInit } from "./headers.ts";
import { URL } from "./url.ts";

export interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}

/** What only the realm itself may say of a response. */
interface ResponseOrigin {
  readonly url: string;
  readonly redirected: boolean;
  readonly type: "default" | "basic" | "error" | "opaqueredirect";
}

const nullBody = new Set([101, 103, 204, 205, 304]);
const internal = Symbol("Response");

/** https://fetch.spec.whatwg.org/#response-class */
export class Response extends Body {
  readonly #status: number;
  readonly #statusText: string;
  readonly #headers: Headers;
  readonly #origin: ResponseOrigin;

  constructor(body: BodyInit | null = null, init: ResponseInit = {}, key?: unknown, origin?: ResponseOrigin) {
    const trusted = key === internal;
    const status = init.status === undefined ? 200 : Math.trunc(Number(init.status));
    if (!trusted && !(status >= 200 && status <= 599)) {
      throw new RangeError(`A response's status must be from 200 to 599, not ${String(init.status)}.`);
    }
    const source = extractBody(body);
    if (source !== null && nullBody.has(status)) {
      throw new TypeError(`A response of status ${status} cannot have a body.`);
    }
    super(source);
    this.#status = status;
    this.#statusText = String(init.statusText ?? "");
    this.#headers = new Headers(init.headers);
    if (source?.type != null && !this.#headers.has("content-type"))
      this.#headers.set("content-type", source.type);
    this.#origin = trusted && origin !== undefined ? origin : { url: "", redirected: false, type: "default" };
  }

  static create(content: BodySource["content"] | null, init: ResponseInit, origin: ResponseOrigin): Response {
    return new Response(nullBody.has(init.status ?? 200) ? null : content, init, internal, origin);
  }

  static error(): Response {
    return Response.create(null, { status: 0 }, { url: "", redirected: false, type: "error" });
  }
  static redirect(url: string | URL, status = 302): Response {
    if (![301, 302, 303, 307, 308].includes(status))
      throw new RangeError(`${status} is not a redirect status.`);
    return new Response(null, { status, headers: { location: new URL(String(url)).href } });
  }
  static json(data: unknown, init: ResponseInit = {}): Response {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("The value cannot be written as JSON.");
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) headers.set("content-type", "application/json");
    return new Response(text, { ...init, headers });
  }

  get status(): number {
    return this.#status;
  }
  get statusText(): string {
    return this.#statusText;
  }
  get ok(): boolean {
    return this.#status >= 200 && this.#status <= 299;
  }
  override get headers(): Headers {
    return this.#headers;
  }
  get url(): string {
    return this.#origin.url;
  }
  get redirected(): boolean {
    return this.#origin.redirected;
  }
  get type(): string {
    return this.#origin.type;
  }
  get [Symbol.toStringTag](): string {
    return "Response";
  }
  clone(): Response {
    const body = Body.tee(this);
    const init = { status: this.#status, statusText: this.#statusText, headers: this.#headers };
    return Response.create(body === null ? null : body.content, init, this.#origin);
  }
}
