import { parseServerMessage, type Transition, type TransitionChunk } from "./server_message.ts";

/** Largest piece of a Transition, in UTF-8 bytes, and the size from which one is split (P §1.4). */
export const MAX_CHUNK_BYTES = 5_000_000;

/**
 * Splits the text of a Transition into chunks of at most `maxBytes` UTF-8 bytes (at least 4), never
 * inside a character. `transitionId` is the length of the whole in bytes.
 */
export function splitTransition(text: string, maxBytes: number = MAX_CHUNK_BYTES): TransitionChunk[] {
  const parts: string[] = [];
  let totalBytes = 0;
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    let width = 3;
    let units = 1;
    if (code < 0x80) width = 1;
    else if (code < 0x800) width = 2;
    else if (code >= 0xd800 && code <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) {
        width = 4;
        units = 2;
      }
    }
    if (bytes + width > maxBytes && i > start) {
      parts.push(text.slice(start, i));
      totalBytes += bytes;
      start = i;
      bytes = 0;
    }
    bytes += width;
    i += units;
  }
  parts.push(text.slice(start));
  totalBytes += bytes;
  const transitionId = String(totalBytes);
  return parts.map((chunk, partNumber) => ({
    type: "TransitionChunk",
    chunk,
    partNumber,
    totalParts: parts.length,
    transitionId,
  }));
}

/** Puts chunks together again. One per socket: a new socket starts with a new one. */
export class TransitionAssembler {
  #chunks: string[] = [];
  #first: TransitionChunk | undefined;

  /**
   * Takes the next chunk; answers the Transition when it was the last one, else null.
   * Throws `Invalid TransitionChunk` or `TransitionChunk received out of order…` (P §1.4) and forgets
   * what it had.
   */
  add(chunk: TransitionChunk): Transition | null {
    const first = this.#first ?? chunk;
    const { partNumber, totalParts } = chunk;
    if (
      !(partNumber >= 0 && partNumber < totalParts) ||
      totalParts !== first.totalParts ||
      chunk.transitionId !== first.transitionId
    ) {
      this.reset();
      throw new Error("Invalid TransitionChunk");
    }
    const expected = this.#chunks.length;
    if (partNumber !== expected) {
      this.reset();
      throw new Error(`TransitionChunk received out of order: expected part ${expected}, got ${partNumber}`);
    }
    this.#first = first;
    this.#chunks.push(chunk.chunk);
    if (this.#chunks.length < totalParts) return null;
    const text = this.#chunks.join("");
    this.reset();
    const message = parseServerMessage(text);
    if (message.type !== "Transition") {
      throw new Error(`Expected Transition, got ${message.type} after assembling chunks`);
    }
    return message;
  }

  /** Forgets an unfinished Transition: any other message but a Ping means that (P §1.4). */
  reset(): void {
    this.#chunks = [];
    this.#first = undefined;
  }
}
