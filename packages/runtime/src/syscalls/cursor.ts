import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  timingSafeEqual,
} from "node:crypto";
import { type IndexKey, indexKeyFromBytes, indexKeyToBytes } from "@tandem/values";
import { SyscallError } from "./syscall_error.ts";

/** Where a page ends: behind a key, or at the end of everything. */
export type Position = { readonly kind: "after"; readonly key: IndexKey } | { readonly kind: "end" };

const VERSION = 1;
const TAG_LENGTH = 16;
const FINGERPRINT_LENGTH = 8;

/**
 * Cursors: opaque, authentic, and the same for the same position, because they are part of arguments and results
 * that are compared (P §4.7). The tag, an HMAC of the text, is the initial vector of the encryption (as in SIV).
 */
export class Cursors {
  readonly #encryptionKey: Buffer;
  readonly #tagKey: Buffer;

  /** `secret` is the instance's. */
  constructor(secret: string) {
    const keys = Buffer.from(hkdfSync("sha256", secret, "", "tandem cursor", 64));
    this.#encryptionKey = keys.subarray(0, 32);
    this.#tagKey = keys.subarray(32);
  }

  seal(position: Position, fingerprint: string): string {
    const key = position.kind === "end" ? new Uint8Array(0) : indexKeyToBytes(position.key);
    const plain = Buffer.concat([
      Buffer.from([position.kind === "end" ? 0 : 1]),
      createHash("sha256").update(fingerprint).digest().subarray(0, FINGERPRINT_LENGTH),
      key,
    ]);
    const tag = this.#tag(plain);
    const cipher = createCipheriv("aes-256-ctr", this.#encryptionKey, tag);
    return Buffer.concat([Buffer.from([VERSION]), tag, cipher.update(plain)]).toString("hex");
  }

  open(cursor: string, fingerprint: string): Position {
    const bytes = Buffer.from(cursor, "hex");
    if (bytes.length < 1 + TAG_LENGTH + 1 + FINGERPRINT_LENGTH || bytes[0] !== VERSION) throw unreadable();
    const tag = bytes.subarray(1, 1 + TAG_LENGTH);
    const decipher = createDecipheriv("aes-256-ctr", this.#encryptionKey, tag);
    const plain = decipher.update(bytes.subarray(1 + TAG_LENGTH));
    if (!timingSafeEqual(tag, this.#tag(plain))) throw unreadable();
    const expected = createHash("sha256").update(fingerprint).digest().subarray(0, FINGERPRINT_LENGTH);
    if (!plain.subarray(1, 1 + FINGERPRINT_LENGTH).equals(expected)) {
      throw invalidCursor(
        "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this cursor is from a different query.",
      );
    }
    if (plain[0] === 0) return { kind: "end" };
    return { kind: "after", key: indexKeyFromBytes(plain.subarray(1 + FINGERPRINT_LENGTH)) };
  }

  #tag(plain: Uint8Array): Buffer {
    return createHmac("sha256", this.#tagKey).update(plain).digest().subarray(0, TAG_LENGTH);
  }
}

function unreadable(): SyscallError {
  return invalidCursor("InvalidCursor: Failed to parse cursor");
}

function invalidCursor(message: string): SyscallError {
  return new SyscallError("InvalidCursor", message, {
    isConvexSystemError: true,
    paginationError: "InvalidCursor",
  });
}
