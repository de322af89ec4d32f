import { createHash, pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";
import { argon2Costs, matchesArgon2 } from "./argon2.ts";
import { BCRYPT, BCRYPT_PEPPERED, BCRYPT_SHA256_DJANGO } from "./bcrypt.ts";
import { matchesFirebaseScrypt } from "./firebase_scrypt.ts";
import { matchesPhpass } from "./phpass.ts";

/** How the digest of one hasher looks, and how a password is held against it (B §1.5). */
interface Hasher {
  readonly form: RegExp;
  /** What is wrong with a digest of the right form, or null: such as a cost that would block the threads. */
  fault?(digest: string): string | null;
  matches(password: string, digest: string): boolean;
}

const HEX = "(?:[0-9a-fA-F]{2})+";
const BASE64 = "[A-Za-z0-9+/_-]+={0,2}";

/** An imported digest may not cost more than this. */
const MOST_ITERATIONS = 5_000_000;
const MOST_MEMORY = 256 * 1024 * 1024;
const MOST_PASSES = 64;

const HASHERS: Record<string, Hasher> = {
  argon2id: argon2("argon2id"),
  argon2i: argon2("argon2i"),
  bcrypt: BCRYPT,
  bcrypt_sha256_django: BCRYPT_SHA256_DJANGO,
  bcrypt_peppered: BCRYPT_PEPPERED,
  pbkdf2_sha256: pbkdf2(
    new RegExp(`^pbkdf2_sha256\\$\\d+\\$${BASE64}\\$${BASE64}$`),
    "sha256",
    (salt, hash) => ({
      salt: Buffer.from(salt, "base64"),
      hash: Buffer.from(hash, "base64"),
    }),
  ),
  pbkdf2_sha256_django: pbkdf2(
    new RegExp(`^pbkdf2_sha256\\$\\d+\\$[^$]+\\$${BASE64}$`),
    "sha256",
    (salt, hash) => ({ salt: Buffer.from(salt), hash: Buffer.from(hash, "base64") }),
  ),
  pbkdf2_sha1: pbkdf2(
    new RegExp(`^pbkdf2_sha1\\$\\d+\\$[^$]+\\$${HEX}(?:\\$\\d+)?$`),
    "sha1",
    (salt, hash, keyLength) => ({
      salt: keyLength !== undefined && isHex(salt) ? Buffer.from(salt, "hex") : Buffer.from(salt),
      hash: Buffer.from(hash, "hex"),
    }),
  ),
  pbkdf2_sha512: pbkdf2(new RegExp(`^pbkdf2_sha512\\$\\d+\\$[^$]+\\$${HEX}$`), "sha512", (salt, hash) => ({
    salt: Buffer.from(salt),
    hash: Buffer.from(hash, "hex"),
  })),
  pbkdf2_sha512_hex: pbkdf2(
    new RegExp(`^pbkdf2_sha512(?:_hex)?\\$\\d+\\$${HEX}\\$${HEX}$`),
    "sha512",
    (salt, hash) => ({ salt: Buffer.from(salt, "hex"), hash: Buffer.from(hash, "hex") }),
  ),
  phpass: { form: /^\$[PH]\$[./0-9A-Za-z]{31}$/, matches: matchesPhpass },
  md5_phpass: { form: /^\$[PH]\$[./0-9A-Za-z]{31}$/, matches: matchesPhpass },
  scrypt_firebase: {
    form: new RegExp(
      `^${BASE64}\\$${BASE64}\\$${BASE64}\\$(?:${BASE64})?\\$(?:[1-9]|1[0-6])\\$(?:[1-9]|1[0-7])$`,
    ),
    matches: matchesFirebaseScrypt,
  },
  scrypt_werkzeug: {
    form: /^scrypt:\d{1,7}:\d{1,2}:\d{1,2}\$[^$]+\$[0-9a-f]{128}$/,
    fault(digest) {
      const [, cost, blockSize, parallel] = digest.split("$")[0]!.split(":").map(Number);
      if (cost! < 2 || (cost! & (cost! - 1)) !== 0) return "the cost of scrypt is no power of two";
      if (blockSize! < 1 || parallel! < 1) return "the parameters of scrypt are at least 1";
      return 128 * cost! * blockSize! > MOST_MEMORY
        ? `it needs more than ${MOST_MEMORY} bytes of memory`
        : null;
    },
    matches(password, digest) {
      const [args, salt, hash] = digest.split("$");
      const [, cost, blockSize, parallel] = args!.split(":").map(Number);
      const derived = scryptSync(password, salt!, 64, {
        N: cost!,
        r: blockSize!,
        p: parallel!,
        maxmem: 2 * MOST_MEMORY,
      });
      return sameBytes(derived, Buffer.from(hash!, "hex"));
    },
  },
  ldap_ssha: {
    form: /^\{SSHA\}[A-Za-z0-9+/]{28,}={0,2}$/,
    matches(password, digest) {
      const bytes = Buffer.from(digest.slice("{SSHA}".length), "base64");
      const salted = createHash("sha1").update(password).update(bytes.subarray(20)).digest();
      return sameBytes(salted, bytes.subarray(0, 20));
    },
  },
  md5: bare("md5", 32),
  sha256: bare("sha256", 64),
  md5_salted: salted("md5", 32),
  sha256_salted: salted("sha256", 64),
  sha512_symfony: {
    form: /^sha512_symfony\$\d+\$[^$]*\$.+$/,
    fault: (digest) => iterationsFault(Number(digest.split("$")[1])),
    matches(password, digest) {
      const [, iterations, salt, hash] = digest.split("$");
      const text = salt === "" ? password : `${password}{${salt}}`;
      let derived = createHash("sha512").update(text).digest();
      for (let round = 1; round < Number(iterations); round++) {
        derived = createHash("sha512").update(derived).update(text).digest();
      }
      const given =
        isHex(hash!) && hash!.length === 128 ? Buffer.from(hash!, "hex") : Buffer.from(hash!, "base64");
      return sameBytes(derived, given);
    },
  },
};

/** Hashers of B §1.5 that are refused for a reason of their own. */
const REFUSED: Record<string, string> = {
  awscognito:
    'A digest of "awscognito" has no hash in it: its passwords can only be verified by asking Amazon Cognito, and this server asks nobody. Import the user without a password, and let them reset it or sign in by a code.',
};

/** The names of the hashers whose digests can be imported. */
export const HASHER_NAMES: readonly string[] = Object.keys(HASHERS);

/** Why a digest cannot be imported, or null when it can. Says what to do. */
export function digestFault(digest: string, hasher: string): string | null {
  if (Object.hasOwn(REFUSED, hasher)) return REFUSED[hasher]!;
  const known = Object.hasOwn(HASHERS, hasher) ? HASHERS[hasher]! : null;
  if (known === null) {
    return `Digests of "${hasher}" cannot be verified here: give one of ${HASHER_NAMES.join(", ")}, or import the user without a password.`;
  }
  if (!known.form.test(digest)) return `The digest does not have the form of "${hasher}".`;
  const fault = known.fault?.(digest) ?? null;
  return fault === null ? null : `The digest cannot be used: ${fault}.`;
}

/** Is `digest` that of the password? Throws on a digest that {@link digestFault} objects to. */
export function matchesDigest(password: string, digest: string, hasher: string): boolean {
  const fault = digestFault(digest, hasher);
  if (fault !== null) throw new Error(fault);
  return HASHERS[hasher]!.matches(password, digest);
}

function argon2(kind: "argon2i" | "argon2id"): Hasher {
  return {
    form: new RegExp(`^\\$${kind}\\$v=\\d+\\$[a-z0-9,=]+\\$[A-Za-z0-9+/]+\\$[A-Za-z0-9+/]+$`),
    fault(digest) {
      const costs = argon2Costs(digest);
      if (costs === null) return "it is no digest of version 19 with m, t and p, salt and hash";
      if (costs.memory > MOST_MEMORY) return `it needs more than ${MOST_MEMORY} bytes of memory`;
      if (costs.passes > MOST_PASSES || costs.lanes > MOST_PASSES)
        return `it needs more than ${MOST_PASSES} passes`;
      return null;
    },
    matches: matchesArgon2,
  };
}

function pbkdf2(
  form: RegExp,
  algorithm: string,
  read: (salt: string, hash: string, keyLength: string | undefined) => { salt: Buffer; hash: Buffer },
): Hasher {
  return {
    form,
    fault: (digest) => iterationsFault(Number(digest.split("$")[1])),
    matches(password, digest) {
      const [, iterations, saltText, hashText, keyLength] = digest.split("$");
      const { salt, hash } = read(saltText!, hashText!, keyLength);
      const derived = pbkdf2Sync(password, salt, Number(iterations), hash.length, algorithm);
      return sameBytes(derived, hash);
    },
  };
}

function bare(algorithm: string, length: number): Hasher {
  return {
    form: new RegExp(`^[0-9a-fA-F]{${length}}$`),
    matches: (password, digest) =>
      sameBytes(createHash(algorithm).update(password).digest(), Buffer.from(digest, "hex")),
  };
}

/** `salt$hash`; which of salt and password comes first differs between those who write them. */
function salted(algorithm: string, length: number): Hasher {
  return {
    form: new RegExp(`^[^$]+\\$[0-9a-fA-F]{${length}}$`),
    matches(password, digest) {
      const [salt, text] = digest.split("$");
      const hash = Buffer.from(text!, "hex");
      const before = sameBytes(
        createHash(algorithm)
          .update(salt + password)
          .digest(),
        hash,
      );
      const after = sameBytes(
        createHash(algorithm)
          .update(password + salt)
          .digest(),
        hash,
      );
      return before || after;
    },
  };
}

function iterationsFault(iterations: number): string | null {
  return iterations >= 1 && iterations <= MOST_ITERATIONS
    ? null
    : `its iterations are not from 1 to ${MOST_ITERATIONS}`;
}

function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
