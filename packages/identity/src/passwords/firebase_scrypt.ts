import { createCipheriv, scryptSync, timingSafeEqual } from "node:crypto";

/**
 * Firebase's own scrypt: `hash$salt$signer_key$salt_separator$rounds$mem_cost`, base64. The derived key encrypts the
 * project's signer key, and that is the hash.
 */
export function matchesFirebaseScrypt(password: string, digest: string): boolean {
  const [hash, salt, signerKey, separator, rounds, memoryCost] = digest.split("$");
  const key = scryptSync(password, Buffer.concat([base64(salt!), base64(separator!)]), 32, {
    N: 2 ** Number(memoryCost),
    r: Number(rounds),
    p: 1,
    maxmem: 512 * 1024 * 1024,
  });
  const cipher = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const sealed = Buffer.concat([cipher.update(base64(signerKey!)), cipher.final()]);
  const expected = base64(hash!);
  return sealed.length === expected.length && timingSafeEqual(sealed, expected);
}

function base64(text: string): Buffer {
  return Buffer.from(text, "base64");
}
