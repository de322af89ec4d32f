import type { AlgorithmParameters, KeyDescription } from "./request.ts";

/** An error that reaches the isolate as a DOMException of this name. */
export class SubtleError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const names = [
  "SHA-1",
  "SHA-256",
  "SHA-384",
  "SHA-512",
  "HMAC",
  "AES-CBC",
  "AES-CTR",
  "AES-GCM",
  "AES-KW",
  "RSASSA-PKCS1-v1_5",
  "RSA-PSS",
  "RSA-OAEP",
  "ECDSA",
  "ECDH",
  "Ed25519",
  "X25519",
  "HKDF",
  "PBKDF2",
] as const;

export type AlgorithmName = (typeof names)[number];

/** The registered spelling of an algorithm's name. @throws NotSupportedError */
export function algorithmName(algorithm: AlgorithmParameters): AlgorithmName {
  const wanted = algorithm.name.toUpperCase();
  const found = names.find((name) => name.toUpperCase() === wanted);
  if (found === undefined)
    throw new SubtleError("NotSupportedError", `Unrecognized algorithm name: "${algorithm.name}".`);
  return found;
}

/** `SHA-256` → node's `sha256`. A hash is given by name or as an object that has one. */
export function nodeHash(hash: unknown): string {
  const name = typeof hash === "string" ? hash : (hash as { name?: unknown } | null)?.name;
  if (typeof name !== "string") throw new TypeError("The algorithm needs a hash.");
  const match = /^SHA-(1|256|384|512)$/i.exec(name);
  if (match === null) throw new SubtleError("NotSupportedError", `"${name}" is not a supported hash.`);
  return `sha${match[1]}`;
}

export function hashAlgorithm(hash: unknown): AlgorithmParameters {
  return { name: `SHA-${nodeHash(hash).slice(3)}` };
}

/** The HMAC block size of a hash, in bits: the default length of its keys. */
export function hashBlockBits(hash: unknown): number {
  const node = nodeHash(hash);
  return node === "sha384" || node === "sha512" ? 1024 : 512;
}

/** Bytes among an algorithm's parameters. @throws TypeError when they are required and missing */
export function parameterBytes(algorithm: AlgorithmParameters, name: string): Buffer {
  const bytes = optionalParameterBytes(algorithm, name);
  if (bytes === null) throw new TypeError(`${algorithm.name} needs the parameter "${name}".`);
  return bytes;
}

export function optionalParameterBytes(algorithm: AlgorithmParameters, name: string): Buffer | null {
  const value = algorithm[name] as { $bytes?: unknown } | undefined;
  return typeof value?.$bytes === "string" ? Buffer.from(value.$bytes, "latin1") : null;
}

export function parameterKey(algorithm: AlgorithmParameters, name: string): KeyDescription {
  const value = algorithm[name] as { $key?: KeyDescription } | undefined;
  if (value?.$key === undefined) throw new TypeError(`${algorithm.name} needs the key "${name}".`);
  return value.$key;
}

/** An elliptic curve by its web name. */
export function namedCurve(algorithm: AlgorithmParameters): { web: string; node: string; bytes: number } {
  switch (algorithm.namedCurve) {
    case "P-256":
      return { web: "P-256", node: "prime256v1", bytes: 32 };
    case "P-384":
      return { web: "P-384", node: "secp384r1", bytes: 48 };
    case "P-521":
      return { web: "P-521", node: "secp521r1", bytes: 66 };
    default:
      throw new SubtleError(
        "NotSupportedError",
        `"${String(algorithm.namedCurve)}" is not a supported curve.`,
      );
  }
}

/** The bits of a key of this algorithm, when it is derived (`get key length`); `null` for HKDF and PBKDF2. */
export function derivedKeyLength(algorithm: AlgorithmParameters): number | null {
  const name = algorithmName(algorithm);
  if (name.startsWith("AES-")) return aesLength(algorithm.length);
  if (name === "HMAC")
    return typeof algorithm.length === "number" ? algorithm.length : hashBlockBits(algorithm.hash);
  if (name === "HKDF" || name === "PBKDF2") return null;
  throw new SubtleError("NotSupportedError", `A key for ${name} cannot be derived.`);
}

export function aesLength(length: unknown): 128 | 192 | 256 {
  if (length === 128 || length === 192 || length === 256) return length;
  throw new SubtleError("OperationError", `An AES key has 128, 192 or 256 bits, not ${String(length)}.`);
}
