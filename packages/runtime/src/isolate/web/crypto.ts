import { askHost } from "./bridge.ts";
import { binaryString, bytesOfBinaryString, copyBufferSource, packMessage, unpackMessage } from "./bytes.ts";
import { getRandomValues, randomUUID, requireCryptographicRandomness } from "./crypto_random.ts";
import { DOMException } from "./dom_exception.ts";
import { TextDecoder, TextEncoder } from "./encoding.ts";
import type { KeyDescription, SubtleRequest } from "./subtle/request.ts";

type KeyUsage = string;
type Algorithm = string | { readonly name: string; readonly [parameter: string]: unknown };

const internal = Symbol("CryptoKey");

/** https://w3c.github.io/webcrypto/#cryptokey-interface. The host's form of the key travels with every use of it. */
export class CryptoKey {
  readonly #description: KeyDescription;
  readonly #algorithm: unknown;

  constructor(key?: unknown, description?: KeyDescription) {
    if (key !== internal || description === undefined) {
      throw new TypeError("Illegal constructor: a CryptoKey comes from crypto.subtle.");
    }
    this.#description = description;
    this.#algorithm = revive(description.algorithm);
  }
  static create(description: KeyDescription): CryptoKey {
    return new CryptoKey(internal, description);
  }
  static describe(key: unknown): KeyDescription {
    if (!(key instanceof CryptoKey)) throw new TypeError("The key must be a CryptoKey.");
    return key.#description;
  }
  get type(): string {
    return this.#description.type;
  }
  get extractable(): boolean {
    return this.#description.extractable;
  }
  get algorithm(): unknown {
    return this.#algorithm;
  }
  get usages(): KeyUsage[] {
    return [...this.#description.usages];
  }
  get [Symbol.toStringTag](): string {
    return "CryptoKey";
  }
}

// Bytes and keys inside an algorithm's parameters, as JSON can carry them.
function plain(value: unknown): unknown {
  if (value instanceof CryptoKey) return { $key: CryptoKey.describe(value) };
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return { $bytes: binaryString(copyBufferSource(value, "A parameter")) };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, plain(held)]));
}

function revive(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (typeof record.$bytes === "string") return bytesOfBinaryString(record.$bytes);
  return Object.fromEntries(Object.entries(record).map(([key, held]) => [key, revive(held)]));
}

function named(algorithm: Algorithm): { name: string } {
  const object = typeof algorithm === "string" ? { name: algorithm } : algorithm;
  if (typeof object !== "object" || object === null || typeof object.name !== "string") {
    throw new TypeError("The algorithm must be a name or an object that has one.");
  }
  return plain(object) as { name: string };
}

function requireUsage(key: KeyDescription, usage: KeyUsage, algorithm: { name: string } | null): void {
  if (algorithm !== null && algorithm.name.toUpperCase() !== String(key.algorithm.name).toUpperCase()) {
    throw new DOMException(
      `The key is for ${key.algorithm.name}, not for ${algorithm.name}.`,
      "InvalidAccessError",
    );
  }
  if (!key.usages.includes(usage)) {
    throw new DOMException(`The key's usages do not allow "${usage}".`, "InvalidAccessError");
  }
}

async function ask<Head>(request: SubtleRequest, body?: Uint8Array) {
  return unpackMessage<Head>(await askHost("crypto", packMessage(request, body)));
}

const randomised = new Set(["ECDSA", "RSA-PSS"]);

/** https://w3c.github.io/webcrypto/#subtlecrypto-interface, done by the host. */
export class SubtleCrypto {
  constructor(key?: unknown) {
    if (key !== internal) throw new TypeError("Illegal constructor");
  }
  static create(): SubtleCrypto {
    return new SubtleCrypto(internal);
  }

  async digest(algorithm: Algorithm, data: unknown): Promise<ArrayBuffer> {
    const body = copyBufferSource(data, "The data");
    return (await ask({ operation: "digest", algorithm: named(algorithm) }, body)).body.buffer;
  }

  async importKey(
    format: string,
    keyData: unknown,
    algorithm: Algorithm,
    extractable: boolean,
    usages: KeyUsage[],
  ) {
    const jwk = format === "jwk";
    const { head } = await ask<{ key: KeyDescription }>(
      {
        operation: "importKey",
        format: String(format),
        algorithm: named(algorithm),
        extractable: Boolean(extractable),
        usages: [...usages],
        jwk: jwk ? (plain(keyData) as Record<string, unknown>) : null,
      },
      jwk ? undefined : copyBufferSource(keyData, "The key's data"),
    );
    return CryptoKey.create(head.key);
  }

  async exportKey(format: string, key: CryptoKey): Promise<unknown> {
    const description = CryptoKey.describe(key);
    if (!description.extractable) throw new DOMException("The key is not extractable.", "InvalidAccessError");
    const { head, body } = await ask<{ jwk?: Record<string, unknown> }>({
      operation: "exportKey",
      format: String(format),
      key: description,
    });
    if (head.jwk === undefined) return body.buffer;
    return { ...head.jwk, key_ops: key.usages, ext: key.extractable };
  }

  async generateKey(algorithm: Algorithm, extractable: boolean, usages: KeyUsage[]): Promise<unknown> {
    requireCryptographicRandomness();
    const { head } = await ask<{
      key?: KeyDescription;
      publicKey?: KeyDescription;
      privateKey?: KeyDescription;
    }>({
      operation: "generateKey",
      algorithm: named(algorithm),
      extractable: Boolean(extractable),
      usages: [...usages],
    });
    if (head.key !== undefined) return CryptoKey.create(head.key);
    return { publicKey: CryptoKey.create(head.publicKey!), privateKey: CryptoKey.create(head.privateKey!) };
  }

  async sign(algorithm: Algorithm, key: CryptoKey, data: unknown): Promise<ArrayBuffer> {
    const description = CryptoKey.describe(key);
    const parameters = named(algorithm);
    requireUsage(description, "sign", parameters);
    if (randomised.has(String(description.algorithm.name))) requireCryptographicRandomness();
    const body = copyBufferSource(data, "The data");
    return (await ask({ operation: "sign", algorithm: parameters, key: description }, body)).body.buffer;
  }

  async verify(algorithm: Algorithm, key: CryptoKey, signature: unknown, data: unknown): Promise<boolean> {
    const description = CryptoKey.describe(key);
    const parameters = named(algorithm);
    requireUsage(description, "verify", parameters);
    const given = binaryString(copyBufferSource(signature, "The signature"));
    const { head } = await ask<{ valid: boolean }>(
      { operation: "verify", algorithm: parameters, key: description, signature: given },
      copyBufferSource(data, "The data"),
    );
    return head.valid;
  }

  async encrypt(algorithm: Algorithm, key: CryptoKey, data: unknown): Promise<ArrayBuffer> {
    const parameters = named(algorithm);
    if (parameters.name.toUpperCase() === "RSA-OAEP") requireCryptographicRandomness();
    return await this.#cipher("encrypt", parameters, key, data);
  }

  async decrypt(algorithm: Algorithm, key: CryptoKey, data: unknown): Promise<ArrayBuffer> {
    return await this.#cipher("decrypt", named(algorithm), key, data);
  }

  async #cipher(
    operation: "encrypt" | "decrypt",
    algorithm: { name: string },
    key: CryptoKey,
    data: unknown,
  ) {
    const description = CryptoKey.describe(key);
    requireUsage(description, operation, algorithm);
    return (await ask({ operation, algorithm, key: description }, copyBufferSource(data, "The data"))).body
      .buffer;
  }

  async deriveBits(
    algorithm: Algorithm,
    baseKey: CryptoKey,
    length: number | null = null,
  ): Promise<ArrayBuffer> {
    const description = CryptoKey.describe(baseKey);
    const parameters = named(algorithm);
    requireUsage(description, "deriveBits", parameters);
    return (await ask({ operation: "deriveBits", algorithm: parameters, key: description, length })).body
      .buffer;
  }

  async deriveKey(
    algorithm: Algorithm,
    baseKey: CryptoKey,
    derivedKeyAlgorithm: Algorithm,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey> {
    const description = CryptoKey.describe(baseKey);
    const parameters = named(algorithm);
    requireUsage(description, "deriveKey", parameters);
    const derived = named(derivedKeyAlgorithm) as { name: string; length?: number };
    const { head } = await ask<{ length: number | null }>({ operation: "keyLength", algorithm: derived });
    const { body } = await ask({
      operation: "deriveBits",
      algorithm: parameters,
      key: description,
      length: head.length,
    });
    return await this.importKey("raw", body, derivedKeyAlgorithm, extractable, usages);
  }

  async wrapKey(
    format: string,
    key: CryptoKey,
    wrappingKey: CryptoKey,
    algorithm: Algorithm,
  ): Promise<ArrayBuffer> {
    const exported = await this.exportKey(format, key);
    const bytes = format === "jwk" ? new TextEncoder().encode(JSON.stringify(exported)) : exported;
    const description = CryptoKey.describe(wrappingKey);
    const parameters = named(algorithm);
    requireUsage(description, "wrapKey", parameters);
    if (parameters.name.toUpperCase() === "RSA-OAEP") requireCryptographicRandomness();
    const body = copyBufferSource(bytes, "The key");
    return (await ask({ operation: "encrypt", algorithm: parameters, key: description }, body)).body.buffer;
  }

  async unwrapKey(
    format: string,
    wrappedKey: unknown,
    unwrappingKey: CryptoKey,
    algorithm: Algorithm,
    unwrappedAlgorithm: Algorithm,
    extractable: boolean,
    usages: KeyUsage[],
  ): Promise<CryptoKey> {
    const description = CryptoKey.describe(unwrappingKey);
    const parameters = named(algorithm);
    requireUsage(description, "unwrapKey", parameters);
    const wrapped = copyBufferSource(wrappedKey, "The wrapped key");
    const { body } = await ask({ operation: "decrypt", algorithm: parameters, key: description }, wrapped);
    const data = format === "jwk" ? (JSON.parse(new TextDecoder().decode(body)) as unknown) : body;
    return await this.importKey(format, data, unwrappedAlgorithm, extractable, usages);
  }
}

/** https://w3c.github.io/webcrypto/#Crypto-interface */
export class Crypto {
  readonly #subtle = SubtleCrypto.create();
  constructor(key?: unknown) {
    if (key !== internal) throw new TypeError("Illegal constructor");
  }
  static create(): Crypto {
    return new Crypto(internal);
  }
  get subtle(): SubtleCrypto {
    return this.#subtle;
  }
  getRandomValues<T extends ArrayBufferView>(array: T): T {
    return getRandomValues(array);
  }
  randomUUID(): string {
    return randomUUID();
  }
}

/** The global `crypto`. */
export const crypto = Crypto.create();
