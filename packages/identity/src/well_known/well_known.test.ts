import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { startIdentity } from "../testing/start_identity.ts";

interface KeySet {
  keys: Record<string, string>[];
}

interface ErrorEnvelope {
  errors: { code: string }[];
  clerk_trace_id: string;
}

async function json<T>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T;
}

test("the issuer's discovery document names itself and its keys", async () => {
  await using server = await startIdentity();
  const discovery = await json<{ issuer: string; jwks_uri: string }>(
    fetch(`${server.url}/.well-known/openid-configuration`),
  );
  expect(discovery.issuer).toBe(server.issuer);
  const { keys } = await json<KeySet>(fetch(discovery.jwks_uri));
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({ kty: "RSA", alg: "RS256", use: "sig", e: "AQAB" });
  expect(createPublicKey({ key: keys[0]!, format: "jwk" }).asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(server.reported).toEqual([]);
});

test("a restart keeps keys and secret key", async () => {
  const first = await startIdentity();
  const keys = await json<KeySet>(fetch(`${first.url}/.well-known/jwks.json`));
  const { secretKey } = first;
  await using second = await first.restart();
  expect(await json<KeySet>(fetch(`${second.url}/.well-known/jwks.json`))).toEqual(keys);
  expect(second.secretKey).toBe(secretKey);
  expect(secretKey).toMatch(/^sk_test_[0-9A-Za-z]{42}$/);
});

test("what is not there is said in the error envelope", async () => {
  await using server = await startIdentity();
  const response = await fetch(`${server.url}/v1/nothing`);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/json");
  const body = await json<ErrorEnvelope>(response);
  expect(body.errors[0]).toMatchObject({ code: "resource_not_found" });
  expect(body.clerk_trace_id).toMatch(/^[0-9A-Za-z]{32}$/);
});

test("a host name that is nobody's gets no answer of an instance", async () => {
  await using server = await startIdentity();
  const request = new Request("http://evil.example/.well-known/jwks.json");
  const response = await server.identity.fetch(request, { ipAddress: null });
  expect(response.status).toBe(400);
  expect((await json<ErrorEnvelope>(response)).errors[0]!.code).toBe("host_invalid");
});
