import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  diffieHellman,
  generateKeyPair,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  pbkdf2,
  pbkdf2Sync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { promisify } from "node:util";
import {
  type AlgorithmName,
  aesLength,
  algorithmName,
  derivedKeyLength,
  hashBlockBits,
  namedCurve,
  nodeHash,
  optionalParameterBytes,
  parameterBytes,
  parameterKey,
  SubtleError,
} from "./algorithms.ts";
import {
  asymmetricAlgorithm,
  describeKey,
  exportKey,
  importKey,
  keyObject,
  secretAlgorithm,
  usagesFor,
} from "./keys.ts";
import type { AlgorithmParameters, KeyDescription, SubtleRequest } from "./request.ts";

/** JSON head and bytes of an answer. */
export interface SubtleAnswer {
  readonly head: unknown;
  readonly body: Buffer;
}

const nothing = Buffer.alloc(0);
const bytes = (body: Buffer): SubtleAnswer => ({ head: null, body });

/** Does what `crypto.subtle` asks, at once. @throws SubtleError, TypeError */
export function runSubtle(request: SubtleRequest, data: Buffer): SubtleAnswer {
  switch (request.operation) {
    case "digest":
      return bytes(createHash(nodeHash(request.algorithm)).update(data).digest());
    case "importKey": {
      const { format, algorithm, extractable, usages, jwk } = request;
      return { head: { key: importKey(format, algorithm, extractable, usages, data, jwk) }, body: nothing };
    }
    case "exportKey": {
      const exported = exportKey(request.format, request.key);
      return {
        head: exported.jwk === undefined ? {} : { jwk: exported.jwk },
        body: exported.bytes ?? nothing,
      };
    }
    case "generateKey":
      return generate(request.algorithm, request.extractable, request.usages, (kind, options) =>
        generateKeyPairSync(kind as "rsa", options as { modulusLength: number }),
      );
    case "sign":
      return bytes(signature(request.algorithm, request.key, data));
    case "verify": {
      const given = Buffer.from(request.signature, "latin1");
      return { head: { valid: isValid(request.algorithm, request.key, given, data) }, body: nothing };
    }
    case "encrypt":
    case "decrypt":
      return bytes(cipher(request.operation, request.algorithm, request.key, data));
    case "deriveBits":
      return bytes(derive(request.algorithm, request.key, request.length));
    case "keyLength":
      return { head: { length: derivedKeyLength(request.algorithm) }, body: nothing };
    default:
      request satisfies never;
      throw new SubtleError("NotSupportedError", "Unknown operation.");
  }
}

/** As `runSubtle`, but what takes long (PBKDF2, making RSA keys) is done beside the event loop. */
export async function runSubtleAside(request: SubtleRequest, data: Buffer): Promise<SubtleAnswer> {
  if (request.operation === "deriveBits" && algorithmName(request.algorithm) === "PBKDF2") {
    const { salt, iterations, length, hash } = pbkdf2Parameters(request.algorithm, request.length);
    return bytes(await promisify(pbkdf2)(keyObject(request.key).export(), salt, iterations, length, hash));
  }
  if (request.operation === "generateKey" && algorithmName(request.algorithm).startsWith("RSA")) {
    const pair = await promisify(generateKeyPair)("rsa", rsaOptions(request.algorithm));
    return generate(request.algorithm, request.extractable, request.usages, () => pair);
  }
  return runSubtle(request, data);
}

type MakePair = (kind: string, options: object) => { publicKey: KeyObject; privateKey: KeyObject };

function rsaOptions(algorithm: AlgorithmParameters): { modulusLength: number; publicExponent: number } {
  const modulusLength = Number(algorithm.modulusLength);
  if (!(modulusLength >= 512 && modulusLength <= 16_384)) {
    throw new SubtleError(
      "OperationError",
      `An RSA modulus of ${String(algorithm.modulusLength)} bits is not possible.`,
    );
  }
  const exponent = parameterBytes(algorithm, "publicExponent");
  return { modulusLength, publicExponent: Number.parseInt(exponent.toString("hex"), 16) };
}

function generate(
  algorithm: AlgorithmParameters,
  extractable: boolean,
  usages: readonly string[],
  pairOf: MakePair,
): SubtleAnswer {
  const name = algorithmName(algorithm);
  if (name === "HMAC" || name.startsWith("AES-")) {
    const bits =
      name === "HMAC"
        ? (derivedKeyLength(algorithm) ?? hashBlockBits(algorithm.hash))
        : aesLength(algorithm.length);
    const raw = randomBytes(Math.ceil(bits / 8));
    const key = importKey("raw", algorithm, extractable, usages, raw, null);
    return { head: { key: { ...key, algorithm: secretAlgorithm(name, algorithm, bits) } }, body: nothing };
  }
  const pair = pairOf(...pairKind(name, algorithm));
  const own = (type: "private" | "public") => usages.filter((usage) => usagesFor(name, type).includes(usage));
  const stray = usages.find((usage) => ![...own("private"), ...own("public")].includes(usage));
  if (stray !== undefined)
    throw new SubtleError("SyntaxError", `A key pair for ${name} cannot be used to "${stray}".`);
  if (own("private").length === 0)
    throw new SubtleError("SyntaxError", "The private key would have no usages.");
  const described = asymmetricAlgorithm(name, algorithm, pair.publicKey);
  return {
    head: {
      publicKey: describeKey(pair.publicKey, described, true, own("public")),
      privateKey: describeKey(pair.privateKey, described, extractable, own("private")),
    },
    body: nothing,
  };
}

function pairKind(name: AlgorithmName, algorithm: AlgorithmParameters): [string, object] {
  if (name === "Ed25519" || name === "X25519") return [name.toLowerCase(), {}];
  if (name === "ECDSA" || name === "ECDH") return ["ec", { namedCurve: namedCurve(algorithm).node }];
  if (name.startsWith("RSA")) return ["rsa", rsaOptions(algorithm)];
  throw new SubtleError("NotSupportedError", `A key for ${name} cannot be generated.`);
}

function keyHash(key: KeyDescription): string {
  return nodeHash(key.algorithm.hash);
}

function signingOptions(name: AlgorithmName, algorithm: AlgorithmParameters, key: KeyObject) {
  switch (name) {
    case "ECDSA":
      return { key, dsaEncoding: "ieee-p1363" as const };
    case "RSA-PSS":
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: Number(algorithm.saltLength ?? 0) };
    case "RSASSA-PKCS1-v1_5":
      return { key, padding: constants.RSA_PKCS1_PADDING };
    case "Ed25519":
      return { key };
    default:
      throw new SubtleError("NotSupportedError", `${name} cannot sign.`);
  }
}

function signingHash(
  name: AlgorithmName,
  algorithm: AlgorithmParameters,
  key: KeyDescription,
): string | null {
  if (name === "Ed25519") return null;
  return name === "ECDSA" ? nodeHash(algorithm.hash) : keyHash(key);
}

function signature(algorithm: AlgorithmParameters, key: KeyDescription, data: Buffer): Buffer {
  const name = algorithmName(key.algorithm);
  if (name === "HMAC") return createHmac(keyHash(key), keyObject(key)).update(data).digest();
  return sign(signingHash(name, algorithm, key), data, signingOptions(name, algorithm, keyObject(key)));
}

function isValid(algorithm: AlgorithmParameters, key: KeyDescription, given: Buffer, data: Buffer): boolean {
  const name = algorithmName(key.algorithm);
  if (name === "HMAC") {
    const expected = signature(algorithm, key, data);
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
  return verify(
    signingHash(name, algorithm, key),
    data,
    signingOptions(name, algorithm, keyObject(key)),
    given,
  );
}

function cipher(
  operation: "encrypt" | "decrypt",
  algorithm: AlgorithmParameters,
  key: KeyDescription,
  data: Buffer,
): Buffer {
  const name = algorithmName(key.algorithm);
  try {
    if (name === "RSA-OAEP") {
      const label = optionalParameterBytes(algorithm, "label");
      const options = {
        key: keyObject(key),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: keyHash(key),
        ...(label === null || label.length === 0 ? {} : { oaepLabel: label }),
      };
      return operation === "encrypt" ? publicEncrypt(options, data) : privateDecrypt(options, data);
    }
    return aes(name, operation, algorithm, key, data);
  } catch (error) {
    if (error instanceof SubtleError || error instanceof TypeError) throw error;
    throw new SubtleError("OperationError", "The operation failed for an operation-specific reason");
  }
}

function aes(
  name: AlgorithmName,
  operation: "encrypt" | "decrypt",
  algorithm: AlgorithmParameters,
  key: KeyDescription,
  data: Buffer,
): Buffer {
  const bits = aesLength(key.algorithm.length);
  const raw = keyObject(key);
  const through = (kind: string, iv: Buffer) => {
    const coder = operation === "encrypt" ? createCipheriv(kind, raw, iv) : createDecipheriv(kind, raw, iv);
    return Buffer.concat([coder.update(data), coder.final()]);
  };
  switch (name) {
    case "AES-CBC":
      return through(`aes-${bits}-cbc`, sixteen(parameterBytes(algorithm, "iv"), "iv"));
    case "AES-CTR":
      return through(`aes-${bits}-ctr`, sixteen(parameterBytes(algorithm, "counter"), "counter"));
    case "AES-KW":
      return through(`aes${bits}-wrap`, Buffer.alloc(8, 0xa6));
    case "AES-GCM": {
      const tagLength = Number(algorithm.tagLength ?? 128) / 8;
      if (![4, 8, 12, 13, 14, 15, 16].includes(tagLength)) {
        throw new SubtleError(
          "OperationError",
          `${String(algorithm.tagLength)} is not a valid AES-GCM tag length`,
        );
      }
      const options = { authTagLength: tagLength };
      const iv = parameterBytes(algorithm, "iv");
      const additional = optionalParameterBytes(algorithm, "additionalData");
      const kind = `aes-${bits}-gcm` as "aes-256-gcm";
      if (operation === "encrypt") {
        const coder = createCipheriv(kind, raw, iv, options);
        if (additional !== null) coder.setAAD(additional);
        return Buffer.concat([coder.update(data), coder.final(), coder.getAuthTag()]);
      }
      if (data.length < tagLength) throw new SubtleError("OperationError", "The provided data is too small.");
      const coder = createDecipheriv(kind, raw, iv, options);
      if (additional !== null) coder.setAAD(additional);
      coder.setAuthTag(data.subarray(data.length - tagLength));
      return Buffer.concat([coder.update(data.subarray(0, data.length - tagLength)), coder.final()]);
    }
    default:
      throw new SubtleError("NotSupportedError", `${name} cannot ${operation}.`);
  }
}

function sixteen(value: Buffer, what: string): Buffer {
  if (value.length !== 16)
    throw new SubtleError("OperationError", `algorithm.${what} must contain exactly 16 bytes`);
  return value;
}

function wholeBytes(length: number | null): number {
  if (length === null || length % 8 !== 0) {
    throw new SubtleError("OperationError", "length must be a multiple of 8 and cannot be null");
  }
  return length / 8;
}

function pbkdf2Parameters(algorithm: AlgorithmParameters, length: number | null) {
  const iterations = Number(algorithm.iterations);
  if (!(iterations >= 1)) throw new SubtleError("OperationError", "iterations cannot be zero");
  const salt = parameterBytes(algorithm, "salt");
  return { salt, iterations, length: wholeBytes(length), hash: nodeHash(algorithm.hash) };
}

/** Some 300 ms of one processor, with no way to stop in between: everybody else on the lane waits. */
const MOST_ITERATIONS = 1_000_000;

function derive(algorithm: AlgorithmParameters, key: KeyDescription, bits: number | null): Buffer {
  const name = algorithmName(algorithm);
  switch (name) {
    case "PBKDF2": {
      const { salt, iterations, length, hash } = pbkdf2Parameters(algorithm, bits);
      if (iterations > MOST_ITERATIONS) {
        throw new SubtleError(
          "OperationError",
          `PBKDF2 with ${iterations} iterations takes too long for a query or mutation, which may ask for up to ${MOST_ITERATIONS}. Do it in an action.`,
        );
      }
      return pbkdf2Sync(keyObject(key).export(), salt, iterations, length, hash);
    }
    case "HKDF": {
      const length = wholeBytes(bits);
      const salt = parameterBytes(algorithm, "salt");
      const info = parameterBytes(algorithm, "info");
      return Buffer.from(hkdfSync(nodeHash(algorithm.hash), keyObject(key).export(), salt, info, length));
    }
    case "ECDH":
    case "X25519": {
      const publicKey = keyObject(parameterKey(algorithm, "public"));
      const secret = diffieHellman({ privateKey: privateOf(key), publicKey });
      if (bits === null) return secret;
      if (bits > secret.length * 8)
        throw new SubtleError("OperationError", "derived bit length is too small");
      const cut = Buffer.from(secret.subarray(0, Math.ceil(bits / 8)));
      if (bits % 8 !== 0) cut[cut.length - 1]! &= 0xff << (8 - (bits % 8));
      return cut;
    }
    default:
      throw new SubtleError("NotSupportedError", `${name} cannot derive bits.`);
  }
}

function privateOf(key: KeyDescription): KeyObject {
  if (key.type !== "private")
    throw new SubtleError("InvalidAccessError", "The base key must be a private key.");
  return keyObject(key);
}
