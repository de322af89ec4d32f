/** WHATWG streams: the kept ponyfill, and the three kinds of transform the platform adds. */
import { ReadableStream as PonyfillReadableStream, TransformStream } from "web-streams-polyfill";
import { TextDecoder, TextEncoder } from "./encoding.ts";

export {
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  ReadableByteStreamController,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from "web-streams-polyfill";

export { PonyfillReadableStream as ReadableStream };

export class TextEncoderStream {
  readonly #transform = new TransformStream<string, Uint8Array>({
    transform: (chunk, controller) => {
      // A surrogate pair may be cut by a chunk's end.
      const text = this.#held + String(chunk);
      const last = text.charCodeAt(text.length - 1);
      this.#held = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : "";
      const whole = this.#held === "" ? text : text.slice(0, -1);
      if (whole !== "") controller.enqueue(this.#encoder.encode(whole));
    },
    flush: (controller) => {
      if (this.#held !== "") controller.enqueue(this.#encoder.encode(this.#held));
    },
  });
  readonly #encoder = new TextEncoder();
  #held = "";

  get encoding(): string {
    return "utf-8";
  }
  get readable() {
    return this.#transform.readable;
  }
  get writable() {
    return this.#transform.writable;
  }
}

export class TextDecoderStream {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #transform = new TransformStream<Uint8Array, string>({
    transform: (chunk, controller) => {
      const text = this.#decoder.decode(chunk as Uint8Array<ArrayBuffer>, { stream: true });
      if (text !== "") controller.enqueue(text);
    },
    flush: (controller) => {
      const text = this.#decoder.decode();
      if (text !== "") controller.enqueue(text);
    },
  });

  constructor(label = "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    this.#decoder = new TextDecoder(label, options);
  }
  get encoding(): string {
    return this.#decoder.encoding;
  }
  get fatal(): boolean {
    return this.#decoder.fatal;
  }
  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }
  get readable() {
    return this.#transform.readable;
  }
  get writable() {
    return this.#transform.writable;
  }
}
