import { callHost, currentMode } from "./bridge.ts";
import { bytesOfBinaryString } from "./bytes.ts";
import { DOMException } from "./dom_exception.ts";

let source: ((length: number) => Uint8Array) | null = null;

/** A call's own random bytes instead of the host's; `null` goes back to asking the host (operation `random`). */
export function setRandomSource(next: ((length: number) => Uint8Array) | null): void {
  source = next;
}

export function randomBytes(length: number): Uint8Array {
  return source !== null ? source(length) : bytesOfBinaryString(callHost("random", String(length)));
}

/** https://w3c.github.io/webcrypto/#Crypto-method-getRandomValues */
export function getRandomValues<T extends ArrayBufferView>(array: T): T {
  if (!ArrayBuffer.isView(array) || array instanceof DataView || /^Float/.test(array.constructor.name)) {
    throw new DOMException("getRandomValues needs an array of integers.", "TypeMismatchError");
  }
  if (array.byteLength > 65_536) {
    throw new DOMException(
      `getRandomValues gives at most 65536 bytes at once, not ${array.byteLength}.`,
      "QuotaExceededError",
    );
  }
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(randomBytes(array.byteLength));
  return array;
}

export function randomUUID(): string {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Key generation and salted signatures would not repeat (R §2.1). */
export function requireCryptographicRandomness(): void {
  const mode = currentMode();
  if (mode === "action") return;
  throw new Error(
    "Can't use cryptographic randomness in queries and mutations. Please consider using an action. See https://docs.convex.dev/functions/actions for more details.",
  );
}
