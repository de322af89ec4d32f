import { Blob } from "./blob.ts";
import { requireAction } from "./bridge.ts";
import { concatBytes, copyBufferSource, isBufferSource } from "./bytes.ts";
import { randomBytes } from "./crypto_random.ts";
import { TextDecoder, TextEncoder } from "./encoding.ts";
import { decodeMultipart, encodeMultipart, FormData } from "./form_data.ts";
import type { Headers } from "./headers.ts";
import { ReadableStream } from "./streams.ts";
import { URLSearchParams } from "./url.ts";

export type BodyInit =
  | ReadableStream
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | FormData
  | URLSearchParams
  | string;

/** A body that has not been read: bytes at hand, or a stream of them. */
export interface BodySource {
  readonly content: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** The content type that goes with it, unless the headers name another. */
  readonly type: string | null;
}

/** https://fetch.spec.whatwg.org/#bodyinit-unions */
export function extractBody(body: unknown): BodySource | null {
  if (body === null || body === undefined) return null;
  if (body instanceof ReadableStream) {
    if (body.locked) throw new TypeError("The stream given as a body is locked.");
    return { content: body as ReadableStream<Uint8Array>, type: null };
  }
  if (body instanceof Blob) return { content: Blob.bytesOf(body), type: body.type === "" ? null : body.type };
  if (isBufferSource(body)) return { content: copyBufferSource(body, "A body"), type: null };
  const encoder = new TextEncoder();
  if (body instanceof FormData) {
    const boundary = `----formdata-${[...randomBytes(16)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    return { content: encodeMultipart(body, boundary), type: `multipart/form-data; boundary=${boundary}` };
  }
  if (body instanceof URLSearchParams) {
    const type = "application/x-www-form-urlencoded;charset=UTF-8";
    return { content: encoder.encode(body.toString()) as Uint8Array<ArrayBuffer>, type };
  }
  return {
    content: encoder.encode(String(body)) as Uint8Array<ArrayBuffer>,
    type: "text/plain;charset=UTF-8",
  };
}

async function readStream(stream: ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(chunks);
    if (!(value instanceof Uint8Array)) throw new TypeError("A body's stream must yield Uint8Array chunks.");
    chunks.push(value);
  }
}

/** What Request and Response share: https://fetch.spec.whatwg.org/#body-mixin */
export abstract class Body {
  #source: BodySource | null;
  #stream: ReadableStream<Uint8Array> | null = null;
  #used = false;

  constructor(source: BodySource | null) {
    this.#source = source;
    if (source !== null && !(source.content instanceof Uint8Array)) this.#stream = source.content;
  }

  abstract get headers(): Headers;

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#source === null) return null;
    const { content } = this.#source;
    if (this.#stream === null && content instanceof Uint8Array) {
      const self = this;
      this.#stream = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            self.#used = true;
            if (content.length > 0) controller.enqueue(content.slice());
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    }
    return this.#stream;
  }

  get bodyUsed(): boolean {
    return this.#used;
  }

  /** Takes the body out of it, for a copy or for sending; it counts as used from now on. */
  static take(body: Body): BodySource | null {
    if (body.#source === null) return null;
    body.#assertUnused();
    body.#used = true;
    return body.#stream === null ? body.#source : { content: body.#stream, type: body.#source.type };
  }

  /** The body for a second reader, as `clone()` wants it. */
  static tee(body: Body): BodySource | null {
    if (body.#source === null) return null;
    body.#assertUnused();
    const { content, type } = body.#source;
    if (body.#stream === null && content instanceof Uint8Array) return { content, type };
    const [mine, theirs] = body.#stream!.tee();
    body.#stream = mine;
    return { content: theirs, type };
  }

  #assertUnused(): void {
    if (this.#used || this.#stream?.locked === true)
      throw new TypeError("Body has already been used or is locked.");
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const source = Body.take(this);
    if (source === null) return new Uint8Array(0);
    return source.content instanceof Uint8Array ? source.content.slice() : await readStream(source.content);
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
  async blob(): Promise<Blob> {
    return new Blob([await this.bytes()], { type: this.headers.get("content-type") ?? "" });
  }
  async formData(): Promise<FormData> {
    requireAction("formData()");
    const type = this.headers.get("content-type") ?? "";
    const boundary = /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type);
    if (boundary !== null) return decodeMultipart(await this.bytes(), (boundary[1] ?? boundary[2])!);
    if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
      throw new TypeError(`A body of content type "${type}" is not form data.`);
    }
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(await this.text())) form.append(name, value);
    return form;
  }
}
