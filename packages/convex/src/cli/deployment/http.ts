import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { Failure, messageOf } from "../failure.ts";
import { protocolVersion } from "../version.ts";

const compress = promisify(brotliCompress);

/** A deployment and the key that opens it. */
export interface Deployment {
  /** Address without a slash at the end. */
  readonly url: string;
  /** Opaque; never shown. */
  readonly adminKey: string;
}

/** What the HTTP client takes from its surroundings, and what it reports. */
export interface HttpSurroundings {
  readonly fetch: typeof fetch;
  /** Waits some milliseconds; rejects when `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Called before each wait that a person would notice. */
  readonly onRetry?: (text: string) => void;
  /** A deprecation notice of the deployment. */
  readonly onNotice?: (text: string) => void;
}

/** One request. */
export interface ApiRequest {
  readonly method?: "GET" | "POST";
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether the body is sent compressed (R §4.4). */
  readonly brotli?: boolean;
  /** Total number of further tries; {@link maxRetries} by default. */
  readonly retries?: number;
  /** Whether a 404 may be a deployment that is not quite up yet; true by default (R §4.1). */
  readonly retryNotFound?: boolean;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** An answer other than 2xx. `code` and `message` are the deployment's, if it gave them. */
export class HttpFailure extends Failure {
  readonly status: number;

  constructor(status: number, code: string | undefined, message: string) {
    super(message, { code });
    this.status = status;
  }
}

/** The deployment could not be reached. */
export class UnreachableFailure extends Failure {}

/** Sends requests to a deployment, with its key and with the retries of R §4.1. */
export interface DeploymentHttp {
  readonly deployment: Deployment;
  /** The parsed JSON of the answer, or null for an empty one. Throws {@link HttpFailure} or {@link UnreachableFailure}. */
  json(path: string, request?: ApiRequest): Promise<unknown>;
}

/** How often a request is sent again before the command gives up: about 31 s altogether. */
export const maxRetries = 6;

/** Time before the try after `attempt` (from 0): 1 ms, then 1 s, 2 s, 4 s …, with up to a fifth more. */
export function retryDelayMs(attempt: number, random: () => number): number {
  const base = attempt === 0 ? 1 : 2 ** (attempt - 1) * 1000;
  return base * (1 + 0.2 * random());
}

const finalStatuses = new Set([400, 401, 402, 403, 405, 406, 412, 413, 414, 415, 416]);

/** Whether an answer is worth another try (R §4.1). */
export function isRetried(method: string, status: number, retryNotFound = true): boolean {
  if (status === 404) return retryNotFound;
  const ok = status >= 200 && status < 300;
  return !ok && method !== "POST" && !finalStatuses.has(status);
}

/** The real network and clock. */
export function realSurroundings(
  report: Pick<HttpSurroundings, "onRetry" | "onNotice"> = {},
): HttpSurroundings {
  return { fetch: (input, init) => fetch(input, init), sleep, random: Math.random, ...report };
}

/** Waits, or rejects with the signal's reason. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Waits, or ends the wait early when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const stop = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(stop, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/** Makes the client. `client` is the name by which the deployment knows the command (P §1.1). */
export function createDeploymentHttp(
  deployment: Deployment,
  surroundings: HttpSurroundings,
  client = "npm-cli",
): DeploymentHttp {
  const base = deployment.url.replace(/\/+$/, "");
  return {
    deployment,
    async json(path, request = {}) {
      const { method = "GET", retries = maxRetries, retryNotFound = true, signal } = request;
      const headers: Record<string, string> = {
        Authorization: `Convex ${deployment.adminKey}`,
        "Content-Type": "application/json",
        "Convex-Client": `${client}-${protocolVersion}`,
        ...request.headers,
      };
      const init: RequestInit = { method, headers, ...(signal === undefined ? {} : { signal }) };
      if (request.body !== undefined) {
        const text = JSON.stringify(request.body);
        if (request.brotli) {
          headers["Content-Encoding"] = "br";
          // Quality 4 is several times faster than the default, and nearly as small for code.
          init.body = await compress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
        } else {
          init.body = text;
        }
      }
      for (let attempt = 0; ; attempt++) {
        const outcome = await attemptOnce(surroundings, `${base}${path}`, init);
        if (outcome.type === "answer" && outcome.response.ok) {
          reportDeprecation(outcome.response, surroundings);
          return await parseJson(outcome.response, path, base);
        }
        const again =
          outcome.type === "unreachable" || isRetried(method, outcome.response.status, retryNotFound);
        if (!again || attempt >= retries || signal?.aborted) throw await failureOf(outcome, path, base);
        const delay = retryDelayMs(attempt, surroundings.random);
        if (delay >= 1000) {
          const what =
            outcome.type === "unreachable"
              ? `${base} does not answer (${reasonOf(outcome.error)})`
              : `${base}${path} answered ${outcome.response.status}`;
          surroundings.onRetry?.(`${what}. Trying again (${attempt + 1} of ${retries}) ...`);
        }
        await surroundings.sleep(delay, signal);
      }
    },
  };
}

type Outcome = { type: "answer"; response: Response } | { type: "unreachable"; error: unknown };

async function attemptOnce(surroundings: HttpSurroundings, url: string, init: RequestInit): Promise<Outcome> {
  try {
    return { type: "answer", response: await surroundings.fetch(url, init) };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    return { type: "unreachable", error };
  }
}

async function parseJson(response: Response, path: string, base: string): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(
      `${base}${path} answered with something other than JSON: ${text.slice(0, 200)}\nIs ${base} the address of the deployment, and not of its HTTP actions or of a website?`,
      { cause: error },
    );
  }
}

async function failureOf(outcome: Outcome, path: string, base: string): Promise<Failure> {
  if (outcome.type === "unreachable") {
    return new UnreachableFailure(
      `${base} cannot be reached (${reasonOf(outcome.error)}). Check that the deployment is running and that its address is right.`,
      { cause: outcome.error },
    );
  }
  const { status } = outcome.response;
  const text = await outcome.response.text();
  let code: string | undefined;
  let message: string | undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) {
      if ("code" in parsed && typeof parsed.code === "string") code = parsed.code;
      if ("message" in parsed && typeof parsed.message === "string") message = parsed.message;
    }
  } catch {
    // Not every answer on the way (a proxy's, say) is the deployment's: its text is shown as it is.
    message = text.trim() === "" ? undefined : text.trim().slice(0, 500);
  }
  if (status === 401 || status === 403) {
    return new HttpFailure(
      status,
      code,
      `${message ?? "The deployment refused the admin key."}\nCheck CONVEX_SELF_HOSTED_ADMIN_KEY: it must be the key of ${base}.`,
    );
  }
  if (status === 404 && message === undefined) {
    return new HttpFailure(
      status,
      code,
      `${base} has no ${path}. Check that the address is the deployment's, and that its version is up to date.`,
    );
  }
  return new HttpFailure(status, code, message ?? `${base}${path} answered with status ${status}.`);
}

/** Why a request got no answer: `fetch` hides it in the cause of a bare "fetch failed". */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== "" ? cause.message : messageOf(error);
}

function reportDeprecation(response: Response, surroundings: HttpSurroundings): void {
  const state = response.headers.get("x-convex-deprecation-state");
  if (state === null) return;
  const message = response.headers.get("x-convex-deprecation-message") ?? "";
  surroundings.onNotice?.(`The deployment says (${state}): ${message}`);
}
