import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";
import {
  type AlgorithmName,
  aesLength,
  algorithmName,
  hashAlgorithm,
  namedCurve,
  SubtleError,
} from "./algorithms.ts";
import type { AlgorithmParameters, KeyDescription } from "./request.ts";

const allowedUsages: Readonly<Record<string, Partial<Record<KeyDescription["type"], readonly string[]>>>> = {
  HMAC: { secret: ["sign", "verify"] },
  AES: { secret: ["encrypt", "decrypt", "wrapKey", "unwrapKey"] },
  "AES-KW": { secret: ["wrapKey", "unwrapKey"] },
  HKDF: { secret: ["deriveKey", "deriveBits"] },
  PBKDF2: { secret: ["deriveKey", "deriveBits"] },
  "RSA-OAEP": { private: ["decrypt", "unwrapKey"], public: ["encrypt", "wrapKey"] },
  ECDH: { private: ["deriveKey", "deriveBits"], public: [] },
  X25519: { private: ["deriveKey", "deriveBits"], public: [] },
  signature: { private: ["sign"], public: ["verify"] },
};

/** The usages that a key of this algorithm and type may have. */
export function usagesFor(name: AlgorithmName, type: KeyDescription["type"]): readonly string[] {
  const group =
    allowedUsages[name] ?? (name.startsWith("AES-") ? allowedUsages.AES : allowedUsages.signature);
  return group?.[type] ?? [];
}

function checkUsages(name: AlgorithmName, type: KeyDescription["type"], usages: readonly string[]): void {
  const allowed = usagesFor(name, type);
  for (const usage of usages) {
    if (!allowed.includes(usage)) {
      throw new SubtleError("SyntaxError", `A ${type} key for ${name} cannot be used to "${usage}".`);
    }
  }
  if (usages.length === 0 && type !== "public") {
    throw new SubtleError("SyntaxError", "Usages cannot be empty when importing a key.");
  }
}

/** A key's description from node's form of it. */
export function describeKey(
  key: KeyObject,
  algorithm: AlgorithmParameters,
  extractable: boolean,
  usages: readonly string[],
): KeyDescription {
  const material =
    key.type === "secret"
      ? key.export()
      : key.type === "private"
        ? key.export({ format: "der", type: "pkcs8" })
        : key.export({ format: "der", type: "spki" });
  return {
    type: key.type,
    extractable,
    algorithm,
    usages: [...usages],
    material: material.toString("base64"),
  };
}

// Parsing an RSA key costs more than a signature with it.
const parsed = new Map<string, KeyObject>();
const parsedLimit = 200;

/** Node's form of a described key. */
export function keyObject(key: KeyDescription): KeyObject {
  const cacheKey = key.type + key.material;
  const known = parsed.get(cacheKey);
  if (known !== undefined) return known;
  const der = Buffer.from(key.material, "base64");
  const object =
    key.type === "secret"
      ? createSecretKey(der)
      : key.type === "private"
        ? createPrivateKey({ key: der, format: "der", type: "pkcs8" })
        : createPublicKey({ key: der, format: "der", type: "spki" });
  if (parsed.size >= parsedLimit) parsed.delete(parsed.keys().next().value!);
  parsed.set(cacheKey, object);
  return object;
}

/** What `key.algorithm` says of an asymmetric key. @throws DataError when the key is of another kind */
export function asymmetricAlgorithm(
  name: AlgorithmName,
  wanted: AlgorithmParameters,
  key: KeyObject,
): AlgorithmParameters {
  const details = key.asymmetricKeyDetails ?? {};
  if (name === "Ed25519" || name === "X25519") {
    if (key.asymmetricKeyType !== name.toLowerCase())
      throw new SubtleError("DataError", `The key is not an ${name} key.`);
    return { name };
  }
  if (name === "ECDSA" || name === "ECDH") {
    const curve = namedCurve(wanted);
    if (details.namedCurve !== curve.node) throw new SubtleError("DataError", "Named curve mismatch");
    return { name, namedCurve: curve.web };
  }
  if (key.asymmetricKeyType !== "rsa") throw new SubtleError("DataError", "The key is not an RSA key.");
  const exponent = (details.publicExponent ?? 65537n).toString(16);
  const bytes = Buffer.from(exponent.length % 2 === 0 ? exponent : `0${exponent}`, "hex");
  return {
    name,
    modulusLength: details.modulusLength,
    publicExponent: { $bytes: bytes.toString("latin1") },
    hash: hashAlgorithm(wanted.hash),
  };
}

export function secretAlgorithm(
  name: AlgorithmName,
  wanted: AlgorithmParameters,
  bits: number,
): AlgorithmParameters {
  if (name === "HMAC") return { name, hash: hashAlgorithm(wanted.hash), length: bits };
  if (name.startsWith("AES-")) return { name, length: aesLength(bits) };
  return { name };
}

/** `subtle.importKey`. @throws SubtleError */
export function importKey(
  format: string,
  wanted: AlgorithmParameters,
  extractable: boolean,
  usages: readonly string[],
  data: Buffer,
  jwk: Record<string, unknown> | null,
): KeyDescription {
  const name = algorithmName(wanted);
  const derives = name === "HKDF" || name === "PBKDF2";
  const symmetric = derives || name === "HMAC" || name.startsWith("AES-");
  if (symmetric) {
    if (derives && extractable)
      throw new SubtleError("SyntaxError", `A key for ${name} cannot be extractable.`);
    checkUsages(name, "secret", usages);
    const bytes = secretBytes(format, data, jwk);
    if (name === "HMAC" && bytes.length === 0)
      throw new SubtleError("DataError", "Zero-length key is not supported.");
    if (name.startsWith("AES-") && ![16, 24, 32].includes(bytes.length)) {
      throw new SubtleError("DataError", "Invalid key length");
    }
    const algorithm = secretAlgorithm(name, wanted, bytes.length * 8);
    return {
      type: "secret",
      extractable,
      algorithm,
      usages: [...usages],
      material: bytes.toString("base64"),
    };
  }
  let key: KeyObject;
  try {
    key = parseAsymmetric(name, wanted, format, data, jwk);
  } catch (error) {
    if (error instanceof SubtleError) throw error;
    throw new SubtleError("DataError", `The key could not be read: ${(error as Error).message}`);
  }
  checkUsages(name, key.type as "private" | "public", usages);
  return describeKey(key, asymmetricAlgorithm(name, wanted, key), extractable, usages);
}

function secretBytes(format: string, data: Buffer, jwk: Record<string, unknown> | null): Buffer {
  if (format === "raw" || format === "raw-secret") return data;
  if (format !== "jwk")
    throw new SubtleError("NotSupportedError", `A secret key cannot be imported as "${format}".`);
  if (jwk?.kty !== "oct" || typeof jwk.k !== "string") {
    throw new SubtleError("DataError", 'A secret JWK needs kty "oct" and k.');
  }
  return Buffer.from(jwk.k, "base64url");
}

function parseAsymmetric(
  name: AlgorithmName,
  wanted: AlgorithmParameters,
  format: string,
  data: Buffer,
  jwk: Record<string, unknown> | null,
): KeyObject {
  switch (format) {
    case "jwk": {
      const key = jwk as JsonWebKey;
      return typeof key.d === "string"
        ? createPrivateKey({ key, format: "jwk" })
        : createPublicKey({ key, format: "jwk" });
    }
    case "spki":
      return createPublicKey({ key: data, format: "der", type: "spki" });
    case "pkcs8":
      return createPrivateKey({ key: data, format: "der", type: "pkcs8" });
    case "raw":
    case "raw-public":
      if (name === "Ed25519" || name === "X25519") {
        return createPublicKey({
          key: { kty: "OKP", crv: name, x: data.toString("base64url") },
          format: "jwk",
        });
      }
      if (name === "ECDSA" || name === "ECDH") {
        const curve = namedCurve(wanted);
        if (data.length !== 1 + 2 * curve.bytes || data[0] !== 4) {
          throw new SubtleError("DataError", `A raw ${curve.web} key has ${1 + 2 * curve.bytes} bytes.`);
        }
        const x = data.subarray(1, 1 + curve.bytes).toString("base64url");
        const y = data.subarray(1 + curve.bytes).toString("base64url");
        return createPublicKey({ key: { kty: "EC", crv: curve.web, x, y }, format: "jwk" });
      }
      break;
  }
  throw new SubtleError("NotSupportedError", `A key for ${name} cannot be imported as "${format}".`);
}

/** `subtle.exportKey`. */
export function exportKey(
  format: string,
  key: KeyDescription,
): { jwk?: Record<string, unknown>; bytes?: Buffer } {
  const object = keyObject(key);
  const wrongType = () =>
    new SubtleError("InvalidAccessError", `A ${key.type} key cannot be exported as "${format}".`);
  switch (format) {
    case "raw":
    case "raw-secret":
    case "raw-public": {
      if (key.type === "secret") return { bytes: object.export() };
      if (key.type === "private") throw wrongType();
      const { x, y } = object.export({ format: "jwk" });
      if (x === undefined)
        throw new SubtleError("NotSupportedError", `A key for ${key.algorithm.name} has no raw form.`);
      const parts = [Buffer.from(x, "base64url")];
      if (y !== undefined) parts.unshift(Buffer.from([4]));
      if (y !== undefined) parts.push(Buffer.from(y, "base64url"));
      return { bytes: Buffer.concat(parts) };
    }
    case "spki":
      if (key.type !== "public") throw wrongType();
      return { bytes: object.export({ format: "der", type: "spki" }) };
    case "pkcs8":
      if (key.type !== "private") throw wrongType();
      return { bytes: object.export({ format: "der", type: "pkcs8" }) };
    case "jwk": {
      const alg = jwkAlgorithm(key);
      return { jwk: { ...object.export({ format: "jwk" }), ...(alg === null ? {} : { alg }) } };
    }
    default:
      throw new SubtleError("NotSupportedError", `"${format}" is not a key format.`);
  }
}

function jwkAlgorithm(key: KeyDescription): string | null {
  const { name, length } = key.algorithm;
  const hash = (key.algorithm.hash as { name?: string } | undefined)?.name?.slice(4) ?? "";
  switch (name) {
    case "HMAC":
      return `HS${hash}`;
    case "RSASSA-PKCS1-v1_5":
      return `RS${hash}`;
    case "RSA-PSS":
      return `PS${hash}`;
    case "RSA-OAEP":
      return hash === "1" ? "RSA-OAEP" : `RSA-OAEP-${hash}`;
    case "AES-CBC":
    case "AES-CTR":
    case "AES-GCM":
    case "AES-KW":
      return `A${String(length)}${name.slice(4)}`;
    case "Ed25519":
      return "Ed25519";
    default:
      return null;
  }
}
