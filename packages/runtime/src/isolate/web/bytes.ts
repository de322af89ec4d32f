const CHUNK = 8192;

/** Bytes as a string of characters 0–255: the cheapest form that crosses the bridge. */
export function binaryString(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK) as unknown as number[]);
  }
  return text;
}

export function bytesOfBinaryString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** The bytes of a BufferSource, copied, so that later changes to it are not seen. */
export function copyBufferSource(source: unknown, what: string): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(
      source.buffer,
      source.byteOffset,
      source.byteLength,
    ).slice() as Uint8Array<ArrayBuffer>;
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source.slice(0));
  throw new TypeError(
    `${what} must be an ArrayBuffer or a view of one, not ${source === null ? "null" : typeof source}.`,
  );
}

export function isBufferSource(value: unknown): value is ArrayBuffer | ArrayBufferView {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A JSON head and bytes behind it, in one string. JSON text holds no raw line break. */
export function packMessage(head: unknown, body: Uint8Array = new Uint8Array(0)): string {
  return `${JSON.stringify(head)}\n${binaryString(body)}`;
}

export function unpackMessage<Head>(text: string): { head: Head; body: Uint8Array<ArrayBuffer> } {
  const end = text.indexOf("\n");
  return { head: JSON.parse(text.slice(0, end)) as Head, body: bytesOfBinaryString(text.slice(end + 1)) };
}
