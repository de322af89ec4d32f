import { createHash } from "node:crypto";
import { compareSync } from "bcryptjs";

/** Each more doubles the time; this is seconds. What is above would keep the threads from everybody else. */
const MOST_COST = 14;
/** The least that bcrypt is defined for. */
const LEAST_COST = 4;

/** `$2b$`, two digits of cost, 22 letters of salt, 31 of hash. `$2x$` marks hashes of a faulty implementation. */
const HASH = "\\$2[aby]\\$\\d{2}\\$[./A-Za-z0-9]{53}";

const PLAIN = new RegExp(`^${HASH}$`);
const DJANGO = new RegExp(`^bcrypt_sha256\\$(${HASH})$`);
const PEPPERED = new RegExp(`^(${HASH})\\$(.+)$`);

/** `bcrypt` (B §1.5). It reads no more than the first 72 bytes of a password. */
export const BCRYPT = {
  form: PLAIN,
  fault: costFault,
  matches: (password: string, digest: string) => compareSync(password, digest),
};

/** `bcrypt_sha256_django`: bcrypt of the hex SHA-256, so that long passwords count whole. */
export const BCRYPT_SHA256_DJANGO = {
  form: DJANGO,
  fault: (digest: string) => costFault(DJANGO.exec(digest)![1]!),
  matches: (password: string, digest: string) =>
    compareSync(createHash("sha256").update(password).digest("hex"), DJANGO.exec(digest)![1]!),
};

/** `bcrypt_peppered`: bcrypt of the password with the pepper, which comes last in the digest, behind it. */
export const BCRYPT_PEPPERED = {
  form: PEPPERED,
  fault: (digest: string) => costFault(PEPPERED.exec(digest)![1]!),
  matches(password: string, digest: string) {
    const [, hash, pepper] = PEPPERED.exec(digest)!;
    return compareSync(password + pepper!, hash!);
  },
};

function costFault(hash: string): string | null {
  const cost = Number(hash.split("$")[2]);
  return cost >= LEAST_COST && cost <= MOST_COST
    ? null
    : `its cost is ${cost}, and only ${LEAST_COST} to ${MOST_COST} is possible: import the user without a password, and let them reset it`;
}
