import type { Instance } from "../instances/index.ts";
import type { Params } from "./params.ts";

export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/**
 * Who may call a route, and how it is guarded:
 * - `frontend`: pages, with cookies; the origin is checked, CORS answered, the `_method` override heeded (F §1).
 * - `backend`: whoever has the secret key (B §1.1).
 * - `open`: anybody, any origin, no cookies: discovery, keys, scripts.
 * - `page`: a browser that navigates: hosted pages and redirects.
 */
export type Audience = "frontend" | "backend" | "open" | "page";

/** One request, taken apart at the edge. */
export interface Call {
  readonly instance: Instance;
  readonly request: Request;
  readonly url: URL;
  /** The values of the path's `:names`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Params;
  readonly body: Params;
  readonly cookies: ReadonlyMap<string, string>;
  readonly origin: string | null;
  /** The caller's address, as the listener saw it or a trusted proxy says. */
  readonly ipAddress: string | null;
  /** Milliseconds since the epoch, the same throughout the request. */
  readonly now: number;
}

export interface Answer {
  /** 200 by default. */
  readonly status?: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with `type`. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
  /** Headers; `set-cookie` may come more than once. */
  readonly headers?: readonly (readonly [string, string])[];
}

export interface Route {
  readonly audience: Audience;
  readonly method: Method;
  /** From the root, with `:name` for a part that varies: `/v1/client/sessions/:id/tokens`. */
  readonly path: string;
  handle(call: Call): Promise<Answer> | Answer;
}

/** A redirect to an address that has been checked. */
export function redirect(location: string, status: 302 | 303 | 307 = 302): Answer {
  return { status, body: "", type: "text/plain", headers: [["location", location]] };
}
