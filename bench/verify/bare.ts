/** The limit of `verify`: the signatures of the same tokens and nothing else, one after another on one thread. */
import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { latencies } from "../harness/benchmark.ts";

const { tokens: file, jwks } = JSON.parse(process.argv[2]!) as {
  readonly tokens: string;
  readonly jwks: { readonly keys: readonly [JsonWebKey] };
};
const key = createPublicKey({ format: "jwk", key: jwks.keys[0] });
const signed = (JSON.parse(readFileSync(file, "utf8")) as string[]).map((token) => {
  const end = token.lastIndexOf(".");
  return {
    text: Buffer.from(token.slice(0, end)),
    signature: Buffer.from(token.slice(end + 1), "base64url"),
  };
});

const samples: number[] = [];
const began = performance.now();
for (const { text, signature } of signed) {
  const from = performance.now();
  if (!verify("RSA-SHA256", text, key, signature)) {
    throw new Error("A token's signature is not of the issuer's key.");
  }
  samples.push(performance.now() - from);
}
console.log(JSON.stringify(latencies(samples, (performance.now() - began) / 1000)));
