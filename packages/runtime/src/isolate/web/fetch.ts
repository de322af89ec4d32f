import { Body } from "./body.ts";
import { askHost, requireAction, tellHost } from "./bridge.ts";
import { concatBytes, packMessage, unpackMessage } from "./bytes.ts";
import { Request, type RequestInit } from "./request.ts";
import { Response } from "./response.ts";
import { ReadableStream } from "./streams.ts";
import type { URL } from "./url.ts";

/** What goes to the host: the request without its body, which follows as bytes. */
export interface FetchRequestHead {
  readonly fetchId: number;
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly redirect: "follow" | "error" | "manual";
  readonly hasBody: boolean;
  /** A body that came as a stream cannot be sent twice (R §2.2). */
  readonly streamed: boolean;
}

export interface FetchResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly url: string;
  readonly redirected: boolean;
  readonly opaqueRedirect: boolean;
  readonly hasBody: boolean;
}

let nextFetch = 1;

/** Actions only (R §2.1). The host makes the connection; the body arrives chunk by chunk. */
export async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  requireAction("fetch()");
  const request = new Request(input, init);
  const { signal } = request;
  signal.throwIfAborted();
  const fetchId = nextFetch++;
  const source = Body.take(request);
  let body = new Uint8Array(0);
  if (source !== null) {
    if (source.content instanceof Uint8Array) body = source.content;
    else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of source.content) chunks.push(chunk);
      body = concatBytes(chunks);
    }
  }
  const head: FetchRequestHead = {
    fetchId,
    url: request.url,
    method: request.method,
    headers: [...request.headers],
    redirect: request.redirect,
    hasBody: source !== null,
    streamed: source !== null && !(source.content instanceof Uint8Array),
  };
  let stop: ((reason: unknown) => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = reject;
  });
  aborted.catch(() => undefined);
  let abortStream: ((reason: unknown) => void) | undefined;
  signal.addEventListener("abort", () => {
    tellHost("fetch.abort", String(fetchId));
    stop?.(signal.reason);
    abortStream?.(signal.reason);
  });
  const answer = await Promise.race([askHost("fetch", packMessage(head, body)), aborted]);
  const { head: response } = unpackMessage<FetchResponseHead>(answer);
  const content = !response.hasBody
    ? null
    : new ReadableStream<Uint8Array>(
        {
          start(controller) {
            abortStream = (reason) => controller.error(reason);
          },
          async pull(controller) {
            const { head: chunk, body: bytes } = unpackMessage<{ done: boolean }>(
              await askHost("fetch.read", String(fetchId)),
            );
            if (signal.aborted) return;
            if (chunk.done) {
              abortStream = undefined;
              controller.close();
            } else controller.enqueue(bytes);
          },
          cancel() {
            tellHost("fetch.abort", String(fetchId));
          },
        },
        { highWaterMark: 0 },
      );
  return Response.create(
    content,
    {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers as [string, string][],
    },
    {
      url: response.url,
      redirected: response.redirected,
      type: response.opaqueRedirect ? "opaqueredirect" : "basic",
    },
  );
}
