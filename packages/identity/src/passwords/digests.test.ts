import { createHash, pbkdf2Sync, scryptSync } from "node:crypto";
import { hashSync } from "@node-rs/argon2";
import { hashSync as bcrypt } from "bcryptjs";
import { describe, expect, test } from "vitest";
import { digestFault, HASHER_NAMES, matchesDigest } from "./digests.ts";

const PASSWORD = "a quiet evening";

const pbkdf2 = (algorithm: string, salt: string | Buffer, length = 32) =>
  pbkdf2Sync(PASSWORD, salt, 1000, length, algorithm);
const hash = (algorithm: string, ...parts: (string | Buffer)[]) =>
  createHash(algorithm)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest();

function symfony(): string {
  const text = `${PASSWORD}{salt}`;
  let digest = hash("sha512", text);
  for (let round = 1; round < 5000; round++) digest = hash("sha512", digest, text);
  return `sha512_symfony$5000$salt$${digest.toString("base64")}`;
}

const DIGESTS: Record<string, string[]> = {
  argon2id: [hashSync(PASSWORD, { algorithm: 2, memoryCost: 1024 })],
  argon2i: [hashSync(PASSWORD, { algorithm: 1, memoryCost: 1024 })],
  bcrypt: ["2a", "2b", "2y"].map((version) => bcrypt(PASSWORD, 4).replace("$2b$", `$${version}$`)),
  bcrypt_sha256_django: [`bcrypt_sha256$${bcrypt(hash("sha256", PASSWORD).toString("hex"), 4)}`],
  bcrypt_peppered: [`${bcrypt(`${PASSWORD}white$pepper`, 4)}$white$pepper`],
  pbkdf2_sha256: [
    `pbkdf2_sha256$1000$${Buffer.from("salt").toString("base64")}$${pbkdf2("sha256", "salt").toString("base64")}`,
  ],
  pbkdf2_sha256_django: [`pbkdf2_sha256$1000$salt$${pbkdf2("sha256", "salt").toString("base64")}`],
  pbkdf2_sha1: [
    `pbkdf2_sha1$1000$salt$${pbkdf2("sha1", "salt").toString("hex")}`,
    `pbkdf2_sha1$1000$a0b1$${pbkdf2("sha1", Buffer.from("a0b1", "hex"), 20).toString("hex")}$20`,
  ],
  pbkdf2_sha512: [`pbkdf2_sha512$1000$salt$${pbkdf2("sha512", "salt", 64).toString("hex")}`],
  pbkdf2_sha512_hex: [
    `pbkdf2_sha512$1000$a0b1$${pbkdf2("sha512", Buffer.from("a0b1", "hex"), 64).toString("hex")}`,
  ],
  scrypt_werkzeug: [
    `scrypt:1024:8:1$salt$${scryptSync(PASSWORD, "salt", 64, { N: 1024, r: 8, p: 1 }).toString("hex")}`,
  ],
  ldap_ssha: [
    `{SSHA}${Buffer.concat([hash("sha1", PASSWORD, "salt"), Buffer.from("salt")]).toString("base64")}`,
  ],
  md5: [hash("md5", PASSWORD).toString("hex")],
  sha256: [hash("sha256", PASSWORD).toString("hex")],
  md5_salted: [`salt$${hash("md5", "salt", PASSWORD).toString("hex")}`],
  sha256_salted: [`salt$${hash("sha256", PASSWORD, "salt").toString("hex")}`],
  sha512_symfony: [symfony()],
};

describe.each(Object.entries(DIGESTS))("%s", (hasher, digests) => {
  test.each(digests)("%s is that of its password only", (digest) => {
    expect(digestFault(digest, hasher)).toBeNull();
    expect(matchesDigest(PASSWORD, digest, hasher)).toBe(true);
    expect(matchesDigest(`${PASSWORD}.`, digest, hasher)).toBe(false);
  });

  test("another text is no digest", () => {
    expect(digestFault("hello", hasher)).toMatch(/does not have the form/);
  });
});

test("phpass: its published example", () => {
  const digest = "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0";
  for (const hasher of ["phpass", "md5_phpass"]) {
    expect(matchesDigest("test12345", digest, hasher)).toBe(true);
    expect(matchesDigest("test12346", digest, hasher)).toBe(false);
  }
});

test("scrypt of Firebase: its published example", () => {
  const digest = [
    "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
    "42xEC+ixf3L2lw==",
    "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
    "Bw==",
    "8",
    "14",
  ].join("$");
  expect(matchesDigest("user1password", digest, "scrypt_firebase")).toBe(true);
  expect(matchesDigest("user2password", digest, "scrypt_firebase")).toBe(false);
});

test("bcrypt: its published example", () => {
  const digest = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  expect(matchesDigest("U*U", digest, "bcrypt")).toBe(true);
  expect(matchesDigest("U*V", digest, "bcrypt")).toBe(false);
});

test("a hasher that cannot be verified here is refused with those that can", () => {
  expect(digestFault("x", "crypt")).toMatch(/Digests of "crypt".*argon2id/);
  expect(digestFault("x", "constructor")).toMatch(/cannot be verified/);
  expect(digestFault("$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "bcrypt")).toMatch(
    /form/,
  );
});

test("a digest that only Amazon Cognito could verify is refused with what to do", () => {
  expect(digestFault("awscognito#eu-1#client#jane", "awscognito")).toMatch(
    /asking Amazon Cognito.*without a password/,
  );
  expect(HASHER_NAMES).not.toContain("awscognito");
});

test("an imported digest cannot be made to cost without bound", () => {
  const greedy = "$argon2id$v=19$m=4000000,t=2,p=1$c2FsdHNhbHQ$YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4";
  expect(digestFault(greedy, "argon2id")).toMatch(/memory/);
  const costly = `$2b$15$${"a".repeat(53)}`;
  expect(digestFault(costly, "bcrypt")).toMatch(/its cost is 15, and only 4 to 14/);
  expect(digestFault(`bcrypt_sha256$${costly}`, "bcrypt_sha256_django")).toMatch(/cost is 15/);
  expect(digestFault(`${costly}$pepper`, "bcrypt_peppered")).toMatch(/cost is 15/);
  expect(digestFault(`$2b$03$${"a".repeat(53)}`, "bcrypt")).toMatch(/cost is 3/);
  expect(digestFault("pbkdf2_sha1$999999999$salt$aa", "pbkdf2_sha1")).toMatch(/iterations/);
  expect(digestFault(`scrypt:1048576:32:1$s$${"0".repeat(128)}`, "scrypt_werkzeug")).toMatch(/memory/);
});
