import { randomBytes } from "node:crypto";
import type { Limits } from "../limits.ts";

/** A digest like those of today, of no password that anybody knows: to compare with it costs the same. */
export function decoyDigest({ hashMemory, hashPasses }: Pick<Limits, "hashMemory" | "hashPasses">): string {
  const text = (length: number) => randomBytes(length).toString("base64").replace(/=+$/, "");
  return `$argon2id$v=19$m=${Math.ceil(hashMemory / 1024)},t=${hashPasses},p=1$${text(16)}$${text(32)}`;
}
