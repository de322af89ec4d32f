import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ProviderKey, parseKeySet } from "../key_sets.ts";
import { ThreadedSignatures } from "./threaded_signatures.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const edwards = generateKeyPairSync("ed25519");
const [rsaKey, edKey] = [publicKey, edwards.publicKey].map(providerKey) as [ProviderKey, ProviderKey];

const timers = {
  setTimeout: (run: () => void, milliseconds: number) => setTimeout(run, milliseconds),
  clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  setImmediate: (run: () => void) => void setImmediate(run),
};
let reported: unknown[];
let signatures: ThreadedSignatures;

beforeEach(() => {
  reported = [];
  signatures = new ThreadedSignatures(timers, (error) => reported.push(error));
});

afterEach(async () => {
  await signatures.close();
  expect(reported).toEqual([]);
});

function providerKey(key: KeyObject): ProviderKey {
  return parseKeySet(JSON.stringify({ keys: [key.export({ format: "jwk" })] }))[0]!;
}

function signed(text: string): string {
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
}

it("tells apart, among many, the tokens whose signature is another's", async () => {
  const tokens = Array.from({ length: 100 }, (_, i) => signed(`header.payload${i}`));
  const forged = tokens.map((token, i) =>
    i % 7 === 3 ? token.replace(`payload${i}.`, `payload${i}x.`) : token,
  );
  const verdicts = await Promise.all(forged.map((token) => signatures.stands(token, rsaKey)));
  expect(verdicts).toEqual(tokens.map((_, i) => i % 7 !== 3));
  expect(signatures.isThreaded).toBe(true);
});

it("gives no token the verdict on its neighbour, whatever a token is made of", async () => {
  const good = signed("a.b");
  const odd = [`${good}\n${good}`, "\n", "", ".", `${good}\n`, "a.b.\n", "\u{1F511}.b.c"];
  const asked = Array.from({ length: 5 }, () => [...odd, "a.forged.xyz"]).flat();
  const verdicts = await Promise.all(asked.map((token) => signatures.stands(token, rsaKey)));
  const alone: boolean[] = [];
  for (const token of asked) {
    alone.push(await signatures.stands(token, rsaKey));
  }
  expect(verdicts).toEqual(alone);
  expect(verdicts.filter((_, i) => asked[i] === "a.forged.xyz")).toEqual([false, false, false, false, false]);
});

it("judges each token by its own key", async () => {
  const edSigned = `e.d.${sign(null, Buffer.from("e.d"), edwards.privateKey).toString("base64url")}`;
  const rsaSigned = signed("r.s");
  const asked = Array.from({ length: 20 }, (_, i) => [
    i % 2 === 0 ? edSigned : rsaSigned,
    i % 4 < 2 ? edKey : rsaKey,
  ]) as [string, ProviderKey][];
  const verdicts = await Promise.all(asked.map(([token, key]) => signatures.stands(token, key)));
  expect(verdicts).toEqual(asked.map(([token, key]) => (token === edSigned) === (key === edKey)));
});

it("starts no thread for a few", async () => {
  expect(await signatures.stands(signed("a.b"), rsaKey)).toBe(true);
  expect(signatures.isThreaded).toBe(false);
});

it("leaves no token without an answer when it closes", async () => {
  const asked = Array.from({ length: 64 }, (_, i) => signatures.stands(signed(`a.${i}`), rsaKey));
  await new Promise((resolve) => setImmediate(resolve));
  await signatures.close();
  expect(await Promise.all(asked)).not.toContain(false);
});
