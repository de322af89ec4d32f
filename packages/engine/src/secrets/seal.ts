import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = "s1.";

/**
 * Seals secrets at rest: AES-256-GCM under a key of the instance secret. The `context` (what the secret is, and
 * whose) is authenticated too, so that a sealed text moved to another place does not open there.
 */
export class Seal {
  readonly #key: Buffer;
  readonly #random: (length: number) => Uint8Array;

  /** `instanceSecret`: 64 hex digits. */
  constructor(instanceSecret: string, random: (length: number) => Uint8Array) {
    this.#key = Buffer.from(
      hkdfSync("sha256", Buffer.from(instanceSecret, "hex"), "", "tandem secrets at rest", 32),
    );
    this.#random = random;
  }

  seal(plaintext: string, context: string): string {
    const nonce = this.#random(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(plaintext, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return FORMAT + sealed.toString("base64");
  }

  /** Throws when the text was not sealed here, or in another context, or under another instance secret. */
  open(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed.slice(FORMAT.length), "base64");
    if (!sealed.startsWith(FORMAT) || bytes.length < NONCE_BYTES + TAG_BYTES) {
      throw new Error(`The sealed ${context} is damaged.`);
    }
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return (
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
      );
    } catch (error) {
      throw new Error(
        `The sealed ${context} cannot be opened: was the instance secret (keys.json) replaced?`,
        {
          cause: error,
        },
      );
    }
  }
}
