import { expect, test } from "vitest";
import { readToken } from "./token.ts";

const encode = (claims: unknown) => Buffer.from(JSON.stringify(claims)).toString("base64url");
const tokenOf = (claims: unknown) => `${encode({ alg: "RS256" })}.${encode(claims)}.sig`;

test("a token's claims are read in every script", () => {
  const raw = tokenOf({ iat: 1, exp: 61, name: "Jörg 東京 🙂" });
  expect(readToken(raw).jwt.claims.name).toBe("Jörg 東京 🙂");
  expect(readToken(raw).getRawString()).toBe(raw);
});

test("a token without its times, or that is none, is refused", () => {
  expect(() => readToken(tokenOf({ iat: 1 }))).toThrow("no iat or no exp");
  expect(() => readToken(tokenOf({ iat: "1", exp: 61 }))).toThrow("no iat or no exp");
  expect(() => readToken("a.b")).toThrow("not a JWT of three parts");
  expect(() => readToken("")).toThrow("not a JWT of three parts");
});
