import type { Seams } from "../seams.ts";

/** Why a document could not be had. */
export type FetchFault =
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "status"; readonly status: number; readonly body: string };

export class DocumentError extends Error {
  readonly url: string;
  readonly fault: FetchFault;

  constructor(url: string, fault: FetchFault) {
    super(
      fault.kind === "status" ? `${url} answered ${fault.status} ${fault.body}` : `${url}: ${fault.reason}`,
    );
    this.name = "DocumentError";
    this.url = url;
    this.fault = fault;
  }
}

export interface FetchedDocument {
  readonly contentType: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

interface Kept {
  readonly document: FetchedDocument;
  readonly freshUntil: number;
}

/** Without a word of the provider's own (Cache-Control), a document counts as fresh for so long. */
const DEFAULT_FRESH_MILLISECONDS = 60_000;
/** A provider cannot make us hold on to keys for longer than this. */
const LONGEST_FRESH_MILLISECONDS = 24 * 3600_000;
const KEPT_DOCUMENTS = 100;
const BODY_SHOWN = 200;

/**
 * Fetches providers' documents (discovery, keys) and keeps each for as long as its Cache-Control allows. Callers
 * that ask at the same time share one request.
 */
export class ProviderDocuments {
  readonly #seams: Seams;
  readonly #timeout: number;
  readonly #kept = new Map<string, Kept>();
  readonly #running = new Map<string, Promise<FetchedDocument>>();

  /** `timeout` in milliseconds. */
  constructor(seams: Seams, timeout: number) {
    this.#seams = seams;
    this.#timeout = timeout;
  }

  /** The document as it is kept, when it is still fresh; null otherwise. */
  kept(url: string): FetchedDocument | null {
    const kept = this.#kept.get(url);
    return kept !== undefined && kept.freshUntil > this.#seams.clock.now() ? kept.document : null;
  }

  /**
   * Throws {@link DocumentError}. With `newerThan` (a time in ms) a kept document that is not newer is fetched
   * again: that is how a key that the provider has just rotated in is found.
   */
  async get(url: string, newerThan = Number.NEGATIVE_INFINITY): Promise<FetchedDocument> {
    const kept = this.kept(url);
    if (kept !== null && kept.fetchedAt > newerThan) {
      return kept;
    }
    let running = this.#running.get(url);
    if (running === undefined) {
      running = this.#fetch(url).finally(() => this.#running.delete(url));
      this.#running.set(url, running);
    }
    return running;
  }

  async #fetch(url: string): Promise<FetchedDocument> {
    const abort = new AbortController();
    const timer = this.#seams.timers.setTimeout(() => abort.abort(), this.#timeout);
    try {
      const response = await this.#seams.fetch(url, {
        headers: { accept: "application/json" },
        signal: abort.signal,
      });
      const text = await response.text();
      if (response.status !== 200) {
        throw new DocumentError(url, {
          kind: "status",
          status: response.status,
          body: text.slice(0, BODY_SHOWN),
        });
      }
      const document = {
        contentType: response.headers.get("content-type") ?? "",
        text,
        fetchedAt: this.#seams.clock.now(),
      };
      this.#keep(url, document, freshFor(response.headers.get("cache-control")));
      return document;
    } catch (error) {
      if (error instanceof DocumentError) {
        throw error;
      }
      const reason = abort.signal.aborted ? `no answer within ${this.#timeout} ms` : reasonOf(error);
      throw new DocumentError(url, { kind: "unreachable", reason });
    } finally {
      this.#seams.timers.clearTimeout(timer);
    }
  }

  #keep(url: string, document: FetchedDocument, freshMilliseconds: number): void {
    this.#kept.delete(url);
    this.#kept.set(url, { document, freshUntil: document.fetchedAt + freshMilliseconds });
    if (this.#kept.size > KEPT_DOCUMENTS) {
      this.#kept.delete(this.#kept.keys().next().value!);
    }
  }
}

/** How long a response may be used without asking again (RFC 9111 §5.2.2), in milliseconds. */
function freshFor(cacheControl: string | null): number {
  if (cacheControl === null) {
    return DEFAULT_FRESH_MILLISECONDS;
  }
  if (/\bno-(store|cache)\b/i.test(cacheControl)) {
    return 0;
  }
  const maxAge = /\bmax-age\s*=\s*"?(\d+)/i.exec(cacheControl);
  return maxAge === null
    ? DEFAULT_FRESH_MILLISECONDS
    : Math.min(Number(maxAge[1]) * 1000, LONGEST_FRESH_MILLISECONDS);
}

/** `fetch` hides what happened in the cause of a bare "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) {
    const code = "code" in cause && typeof cause.code === "string" ? `${cause.code} ` : "";
    return `${code}${cause.message}`.trim() || cause.name;
  }
  return String(cause);
}
