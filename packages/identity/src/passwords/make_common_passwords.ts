/**
 * Makes common_passwords_data.ts anew: `node make_common_passwords.ts LIST…`, each list a text file with one password
 * a line, or a JSON array.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { bitsOf } from "./common_passwords.ts";

/** One wrong answer in ten thousand takes 19.2 bits and 13 hashes for each entry. */
const BITS_PER_ENTRY = 19.2;
const HASHES = 13;

const words = new Set(
  process.argv.slice(2).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return file.endsWith(".json") ? (JSON.parse(text) as string[]) : text.split("\n");
  }),
);
const entries = [...words].map((word) => word.trim()).filter((word) => word !== "");
const bits = Buffer.alloc(Math.ceil((entries.length * BITS_PER_ENTRY) / 8));
for (const entry of entries) {
  for (const bit of bitsOf(entry, bits.length * 8, HASHES)) bits[bit >> 3]! |= 1 << (bit & 7);
}
const target = new URL("./common_passwords_data.ts", import.meta.url);
const head = readFileSync(target, "utf8").split("\nexport ")[0];
writeFileSync(
  target,
  `${head}\nexport const COMMON_PASSWORDS = {\n  entries: ${entries.length},\n  hashes: ${HASHES},\n  bits: "${bits.toString("base64")}",\n};\n`,
);
