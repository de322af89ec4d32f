import { binaryString, concatBytes, copyBufferSource, isBufferSource } from "./bytes.ts";
import { TextDecoder, TextEncoder } from "./encoding.ts";
import { ReadableStream } from "./streams.ts";

type BlobPart = ArrayBuffer | ArrayBufferView | Blob | string;

interface BlobOptions {
  type?: string;
  endings?: "transparent" | "native";
}

/** https://w3c.github.io/FileAPI/#blob-section; its bytes stay in memory. */
export class Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #type: string;

  constructor(parts: Iterable<BlobPart> = [], options: BlobOptions = {}) {
    if (typeof parts !== "object" || parts === null || !(Symbol.iterator in parts)) {
      throw new TypeError("The parts of a Blob must be an array.");
    }
    const encoder = new TextEncoder();
    const pieces: Uint8Array[] = [];
    for (const part of parts) {
      if (part instanceof Blob) pieces.push(part.#bytes);
      else if (isBufferSource(part)) pieces.push(copyBufferSource(part, "A part of a Blob"));
      else pieces.push(encoder.encode(String(part)));
    }
    this.#bytes = concatBytes(pieces);
    const type = String(options?.type ?? "");
    this.#type = /^[\x20-\x7e]*$/.test(type) ? type.toLowerCase() : "";
  }

  /** The bytes themselves, not a copy: for the realm's own code. */
  static bytesOf(blob: Blob): Uint8Array<ArrayBuffer> {
    return blob.#bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }
  get type(): string {
    return this.#type;
  }
  get [Symbol.toStringTag](): string {
    return "Blob";
  }

  slice(start = 0, end = this.size, type = ""): Blob {
    return new Blob([this.#bytes.slice(start, end)], { type });
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer;
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#bytes.slice();
  }
  async text(): Promise<string> {
    return new TextDecoder().decode(this.#bytes);
  }
  stream(): ReadableStream<Uint8Array> {
    const bytes = this.#bytes;
    return new ReadableStream<Uint8Array>({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes.slice());
        controller.close();
      },
    });
  }
}

export class File extends Blob {
  readonly #name: string;
  readonly #lastModified: number;

  constructor(
    parts: Iterable<BlobPart>,
    name: string,
    options: BlobOptions & { lastModified?: number } = {},
  ) {
    if (name === undefined) throw new TypeError("A File needs its parts and its name.");
    super(parts, options);
    this.#name = String(name);
    this.#lastModified =
      options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified));
  }
  get name(): string {
    return this.#name;
  }
  get lastModified(): number {
    return this.#lastModified;
  }
  get webkitRelativePath(): string {
    return "";
  }
  override get [Symbol.toStringTag](): string {
    return "File";
  }
}

export function binaryStringOfBlob(blob: Blob): string {
  return binaryString(Blob.bytesOf(blob));
}
