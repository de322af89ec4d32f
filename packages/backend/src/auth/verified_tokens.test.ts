import { expect, it } from "vitest";
import { digestOfToken, VerifiedTokens } from "./verified_tokens.ts";

const LATER = 1000;

function user(id: string) {
  return {
    kind: "user",
    identity: { tokenIdentifier: `i|${id}`, subject: id, issuer: "i" },
    expiresAt: LATER,
    token: { issuer: "i", subject: id, id },
  } as const;
}

function filled(count: number): VerifiedTokens {
  const tokens = new VerifiedTokens();
  for (let i = 0; i < count; i++) {
    tokens.add(digestOfToken(`token ${i}`), user(String(i)));
  }
  return tokens;
}

const kept = (tokens: VerifiedTokens, i: number, now = 0) => tokens.get(digestOfToken(`token ${i}`), now);

it("remembers the latest thousands of tokens, and not more than ten thousand", () => {
  const tokens = filled(12_000);
  expect(kept(tokens, 11_999)).toEqual(user("11999"));
  expect(kept(tokens, 7000)).toEqual(user("7000"));
  expect(
    Array.from({ length: 12_000 }, (_, i) => kept(tokens, i)).filter(Boolean).length,
  ).toBeLessThanOrEqual(10_000);
});

it("forgets the tokens that it is told to, however long ago they came", () => {
  const tokens = filled(7000);
  tokens.forget(({ id }) => id === "10" || id === "6999");
  expect(kept(tokens, 10)).toBeNull();
  expect(kept(tokens, 6999)).toBeNull();
  expect(kept(tokens, 11)).toEqual(user("11"));
  tokens.clear();
  expect(kept(tokens, 11)).toBeNull();
});

it("knows no token that has run out", () => {
  const tokens = filled(1);
  expect(kept(tokens, 0, LATER - 1)).toEqual(user("0"));
  expect(kept(tokens, 0, LATER)).toBeNull();
});
