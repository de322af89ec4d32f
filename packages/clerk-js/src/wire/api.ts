import type { ClerkAPIResponseError } from "../errors.ts";
import { API_VERSION, VERSION } from "../version.ts";
import { isPassing, responseError } from "./api_errors.ts";
import type { DevBrowser } from "./dev_browser.ts";
import { encodeForm, type FormFields } from "./form.ts";
import type { ClientJson, ErrorJson } from "./json.ts";
import { networkError, type Patience, persistently } from "./retry.ts";

export type ApiRequest = {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/v1`. */
  path: string;
  search?: Record<string, string | undefined>;
  body?: FormFields;
  /** Whether the client within the answer to a GET counts too (F §2.2). */
  updatesClient?: boolean;
  signal?: AbortSignal;
};

/** What the answers bring to whoever keeps the state. */
export type ApiListener = {
  /** The session that requests about the user are for. */
  sessionId(): string | undefined;
  /** The client as an answer had it, a refusal too (F §2.2). */
  clientArrived(client: ClientJson): void;
  /** Something has changed and has been applied. */
  changed(): void;
  /** A request was refused for want of a session; called before the error is thrown. */
  unauthenticated(): Promise<unknown>;
};

type Envelope = {
  response?: unknown;
  client?: ClientJson | null;
  meta?: { client?: ClientJson | null };
  errors?: ErrorJson[];
  clerk_trace_id?: string;
};

type Answer = { response: Response; payload: Envelope | null };

/** Requests to the Frontend API (F §1.5, §1.6, §2). */
export class Api {
  /** Without a slash at its end; the version follows. */
  readonly url: string;
  readonly #listener: ApiListener;
  readonly #devBrowser: DevBrowser | undefined;

  constructor(url: string, listener: ApiListener, devBrowser?: DevBrowser) {
    this.url = url;
    this.#listener = listener;
    this.#devBrowser = devBrowser;
  }

  /**
   * Sends a request and gives what it was answered with, out of its envelope.
   *
   * @param apply - brings the answer into the state, before anybody is told of the change
   * @throws ClerkAPIResponseError when the server refuses, ClerkRuntimeError `network_error` when it is out of reach
   */
  async request<T>(request: ApiRequest, apply?: (answer: T) => void): Promise<T> {
    const { response, payload } = await this.#answer(request);
    const changes = (request.method ?? "GET") !== "GET" || request.updatesClient;
    const client = payload?.client ?? payload?.meta?.client;
    if (changes && client) {
      this.#listener.clientArrived(client);
    }
    if (!response.ok) {
      if (changes && client) {
        this.#listener.changed();
      }
      const error = responseError(response.status, payload ?? undefined, response.headers.get("retry-after"));
      if (response.status === 401 && !isAboutTheBrowser(error)) {
        await this.#listener.unauthenticated();
      }
      throw error;
    }
    const answer = (payload && "response" in payload ? payload.response : payload) as T;
    apply?.(answer);
    if (changes) {
      this.#listener.changed();
    }
    return answer;
  }

  async #answer(request: ApiRequest): Promise<Answer> {
    const answer = await this.#send(request);
    if (
      this.#devBrowser &&
      answer.payload?.errors?.some(({ code }) => code === "dev_browser_unauthenticated")
    ) {
      await this.#devBrowser.renew();
      return this.#send(request);
    }
    return answer;
  }

  #send(request: ApiRequest): Promise<Answer> {
    return persistently(
      (failures) => this.#sendOnce(request, failures),
      isPassing,
      () => patienceFor(request),
    );
  }

  async #sendOnce(request: ApiRequest, failures: number): Promise<Answer> {
    const url = this.#urlOf(request, failures);
    const reads = (request.method ?? "GET") === "GET";
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, {
        method: reads ? "GET" : "POST",
        credentials: "include",
        // A body of parameters brings its content type along, and needs no leave from another origin.
        body: reads ? undefined : encodeForm(request.body ?? {}),
        signal: request.signal,
      });
      body = await response.text();
    } catch (error) {
      throw networkError(url, error);
    }
    const rotated = response.headers.get("Clerk-Db-Jwt");
    if (rotated) {
      this.#devBrowser?.keep(rotated);
    }
    return { response, payload: payloadOf(response, body) };
  }

  #urlOf({ method = "GET", path, search }: ApiRequest, failures: number): string {
    const url = new URL(`${this.url}/v1${path}`);
    const sessionId = /^\/(client|waitlist)/.test(path) ? undefined : this.#listener.sessionId();
    const parameters = {
      ...search,
      __clerk_api_version: API_VERSION,
      _clerk_js_version: VERSION,
      _method: method === "GET" || method === "POST" ? undefined : method,
      _clerk_session_id: sessionId,
      _clerk_retry_attempt: failures > 0 ? String(failures) : undefined,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    this.#devBrowser?.addTo(url);
    return url.href;
  }
}

/** Only what changes nothing is sent again: at once, and then ever more slowly (F §2.4). */
function patienceFor({ method = "GET", signal }: ApiRequest): Patience {
  const again = method === "GET" && !signal?.aborted;
  return {
    tries: !again ? 1 : navigator.onLine === false ? 11 : 4,
    delay: (failures) => (failures === 1 ? 0 : Math.min(700 * 2 ** (failures - 2), 5000)),
  };
}

function payloadOf({ ok, status }: Response, body: string): Envelope | null {
  if (status === 204) {
    return null;
  }
  try {
    return JSON.parse(body) as Envelope;
  } catch (error) {
    if (ok) {
      throw new TypeError("The identity server's answer is not JSON; is this its address?", { cause: error });
    }
    // A proxy's error page: the status says all there is to know.
    return null;
  }
}

/** Refusals with status 401 that say nothing about the session. */
function isAboutTheBrowser(error: ClerkAPIResponseError): boolean {
  return error.errors.some(
    ({ code }) => code === "requires_captcha" || code === "dev_browser_unauthenticated",
  );
}
