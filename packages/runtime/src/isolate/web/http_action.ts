import { AbortSignal } from "./abort.ts";
import { Body } from "./body.ts";
import { binaryString, bytesOfBinaryString, concatBytes } from "./bytes.ts";
import { Request } from "./request.ts";
import { Response } from "./response.ts";

interface RequestJson {
  readonly url: string;
  readonly headerPairs: [string, string][];
  readonly method: string;
  /** The body as a string of characters 0–255; `null` is none. */
  readonly streamId: string | null;
}

/** R §1.3. Of the stream ids, which are the host's own business, the body's one carries the bytes themselves. */
export function requestFromConvexJson(json: unknown): Request {
  const convexJson = json as RequestJson;
  const bodiless = convexJson.method === "GET" || convexJson.method === "HEAD";
  return new Request(convexJson.url, {
    method: convexJson.method,
    headers: convexJson.headerPairs,
    body: bodiless || convexJson.streamId === null ? null : bytesOfBinaryString(convexJson.streamId),
    signal: AbortSignal.create(),
  });
}

export async function responseToConvexJson(response: unknown): Promise<unknown> {
  if (!(response instanceof Response)) throw new Error("HTTP actions must return a Response");
  const source = Body.take(response);
  const headers = [...response.headers];
  let body: string | null = null;
  if (source !== null) {
    const chunks: Uint8Array[] = [];
    if (source.content instanceof Uint8Array) {
      chunks.push(source.content);
      if (!response.headers.has("content-length"))
        headers.push(["content-length", String(source.content.length)]);
    } else for await (const chunk of source.content) chunks.push(chunk);
    body = binaryString(concatBytes(chunks));
  }
  return {
    headerPairs: headers,
    status: response.status,
    streamId: body,
    ...(response.url ? { url: response.url } : {}),
  };
}
