import { packMessage, unpackMessage } from "./bytes.ts";
import type { FetchRequestHead, FetchResponseHead } from "./fetch.ts";

/** The fetches of one action, on the host's side. */
export interface HostFetches {
  /** Operation `fetch`. @throws TypeError when the connection fails */
  open(payload: string): Promise<string>;
  /** Operation `fetch.read`: the next chunk of a response's body. */
  read(fetchId: number): Promise<string>;
  /** Operation `fetch.abort`. */
  abort(fetchId: number): void;
  /** The action is over: nothing of it stays open. */
  close(): void;
}

const maximumRedirects = 20;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

interface Open {
  readonly controller: AbortController;
  reader: ReadableStreamDefaultReader<Uint8Array> | null;
}

/** Redirects are followed here, not by the given `fetch`, so that R §2.2's rules hold whatever it does. */
export function openHostFetches(fetch: typeof globalThis.fetch): HostFetches {
  const open = new Map<number, Open>();

  return {
    async open(payload) {
      const { head, body } = unpackMessage<FetchRequestHead>(payload);
      const mine: Open = { controller: new AbortController(), reader: null };
      open.set(head.fetchId, mine);
      try {
        const { response, url, redirected } = await followed(fetch, head, body, mine.controller.signal);
        mine.reader = response.body?.getReader() ?? null;
        const answer: FetchResponseHead = {
          status: response.status,
          statusText: response.statusText,
          headers: [...response.headers],
          url,
          redirected,
          opaqueRedirect: false,
          hasBody: mine.reader !== null,
        };
        if (mine.reader === null) open.delete(head.fetchId);
        return packMessage(answer);
      } catch (error) {
        open.delete(head.fetchId);
        throw connectionError(error);
      }
    },
    async read(fetchId) {
      const mine = open.get(fetchId);
      if (mine?.reader == null) return packMessage({ done: true });
      try {
        const { done, value } = await mine.reader.read();
        if (!done) return packMessage({ done: false }, value);
        open.delete(fetchId);
        return packMessage({ done: true });
      } catch (error) {
        open.delete(fetchId);
        throw connectionError(error);
      }
    },
    abort(fetchId) {
      open.get(fetchId)?.controller.abort();
      open.delete(fetchId);
    },
    close() {
      for (const { controller } of open.values()) controller.abort();
      open.clear();
    },
  };
}

async function followed(
  fetch: typeof globalThis.fetch,
  head: FetchRequestHead,
  body: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<{ response: Response; url: string; redirected: boolean }> {
  let { url, method } = head;
  const headers = new Headers(head.headers as [string, string][]);
  let sent: Uint8Array<ArrayBuffer> | null = head.hasBody ? body : null;
  for (let hops = 0; ; hops++) {
    const init: RequestInit = { method, headers, redirect: "manual", signal };
    if (sent !== null) init.body = sent;
    const response = await fetch(url, init);
    const location = redirectStatuses.has(response.status) ? response.headers.get("location") : null;
    if (location === null || head.redirect === "manual") return { response, url, redirected: hops > 0 };
    await response.body?.cancel();
    if (head.redirect === "error")
      throw new TypeError(`fetch failed: ${url} redirects, and redirect is "error".`);
    if (hops === maximumRedirects)
      throw new TypeError(`fetch failed: more than ${maximumRedirects} redirects.`);
    if (response.status !== 303 && head.streamed && sent !== null) {
      throw new TypeError("fetch failed: a request whose body is a stream cannot be redirected.");
    }
    const next = new URL(location, url);
    if (next.protocol !== "http:" && next.protocol !== "https:") {
      throw new TypeError(`fetch failed: ${url} redirects to ${next.protocol}, which cannot be fetched.`);
    }
    if (next.origin !== new URL(url).origin)
      for (const name of ["authorization", "cookie", "proxy-authorization"]) headers.delete(name);
    const becomesGet =
      (response.status === 303 && method !== "GET" && method !== "HEAD") ||
      ((response.status === 301 || response.status === 302) && method === "POST");
    if (becomesGet) {
      method = "GET";
      sent = null;
      for (const name of [
        "content-encoding",
        "content-language",
        "content-location",
        "content-type",
        "content-length",
      ]) {
        headers.delete(name);
      }
    }
    url = next.href;
  }
}

// Node says only "fetch failed" and hides the reason in `cause`, which a string cannot carry.
function connectionError(error: unknown): Error {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } };
  const reason = cause?.message || cause?.code;
  return new TypeError(reason ? `${message}: ${reason}` : message);
}
