import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { expect, test } from "vitest";
import type { SessionRow, UserRow } from "../store/index.ts";
import { type StartedIdentity, startIdentity } from "../testing/start_identity.ts";
import { mintTemplateToken } from "../tokens/template_token.ts";

interface Template {
  id: string;
  name: string;
  claims: Record<string, unknown>;
  lifetime: number;
  [field: string]: unknown;
}

async function api(server: StartedIdentity, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as unknown };
}

async function refusal(answer: ReturnType<typeof api>) {
  const { status, json } = await answer;
  const [error] = (json as { errors: { code: string; long_message: string }[] }).errors;
  return { status, code: error!.code, text: error!.long_message };
}

async function templates(server: StartedIdentity): Promise<Template[]> {
  return (await api(server, "GET", "/jwt_templates")).json as Template[];
}

const user = {
  id: `user_${"a".repeat(27)}`,
  username: null,
  usernameKey: null,
  externalId: null,
  firstName: "Ada",
  lastName: "Lovelace",
  primaryEmailAddressId: null,
  publicMetadata: '{"plan":"pro"}',
  privateMetadata: '{"secret":"s3cret"}',
  unsafeMetadata: "{}",
  lastSignInAt: null,
  createdAt: 1_700_000_000_500,
  updatedAt: 1_700_000_001_500,
} as UserRow;
const session = { id: `sess_${"b".repeat(27)}`, actor: null } as SessionRow;

async function mint(server: StartedIdentity, id: string, origin: string | null = null): Promise<string> {
  const template = (await server.parts.store.read().get("jwt_templates", id))!;
  const instance = await server.parts.instances.byEnvironment("development");
  return mintTemplateToken(server.parts, { instance, session, user, template, origin });
}

function decode(jwt: string) {
  const [header, claims] = jwt.split(".").map((part) => Buffer.from(part, "base64url").toString());
  return { header: JSON.parse(header!), claims: JSON.parse(claims!) };
}

test("the template of Convex is there from the start, and its token is what Convex asks for", async () => {
  await using server = await startIdentity();
  const [convex] = await templates(server);
  expect(convex).toMatchObject({ name: "convex", lifetime: 3600, claims: { aud: "convex" } });
  const { header, claims } = decode(await mint(server, convex!.id, "http://localhost:5173"));
  expect(header).toMatchObject({ alg: "RS256", typ: "JWT", cat: "cl_B7d4PD222AAA" });
  expect(claims).toMatchObject({
    iss: server.issuer,
    sub: user.id,
    aud: "convex",
    azp: "http://localhost:5173",
    name: "Ada Lovelace",
    given_name: "Ada",
    nickname: null,
    email_verified: false,
    updated_at: 1_700_000_001,
  });
  expect(claims.exp - claims.iat).toBe(3600);
  expect(claims.iat - claims.nbf).toBe(5);
  expect(claims.jti).toMatch(/^b{27}\.[0-9A-Za-z]+$/);
  expect(claims).not.toHaveProperty("sid");
});

test("every token is another one", async () => {
  await using server = await startIdentity();
  const [convex] = await templates(server);
  expect(await mint(server, convex!.id)).not.toBe(await mint(server, convex!.id));
});

test("the template of Convex cannot be renamed or deleted, but changed", async () => {
  await using server = await startIdentity();
  const { id } = (await templates(server))[0]!;
  const path = `/jwt_templates/${id}`;
  expect(await refusal(api(server, "PATCH", path, { name: "other" }))).toMatchObject({
    status: 400,
    text: expect.stringContaining("ask for it by this name"),
  });
  expect((await refusal(api(server, "DELETE", path))).status).toBe(400);
  const changed = await api(server, "PATCH", path, { name: "convex", lifetime: 600 });
  expect(changed.json).toMatchObject({ name: "convex", lifetime: 600 });
});

test("a template is made, read, changed and deleted", async () => {
  await using server = await startIdentity();
  const made = (
    await api(server, "POST", "/jwt_templates", {
      name: "hasura",
      claims: { plan: "{{user.public_metadata.plan}}" },
    })
  ).json as Template;
  expect(made).toMatchObject({
    object: "jwt_template",
    lifetime: 60,
    allowed_clock_skew: 5,
    custom_signing_key: false,
  });
  expect(decode(await mint(server, made.id)).claims.plan).toBe("pro");
  expect((await api(server, "GET", `/jwt_templates/${made.id}`)).json).toEqual(made);
  expect((await api(server, "GET", "/jwt_templates?paginated=true")).json).toMatchObject({ total_count: 2 });
  expect(await refusal(api(server, "POST", "/jwt_templates", { name: "hasura", claims: {} }))).toMatchObject({
    code: "duplicate_record",
  });
  expect((await api(server, "DELETE", `/jwt_templates/${made.id}`)).json).toEqual({
    object: "jwt_template",
    id: made.id,
    deleted: true,
  });
  expect((await refusal(api(server, "GET", `/jwt_templates/${made.id}`))).status).toBe(404);
});

test.each(["iss", "sub", "exp", "azp", "jti", "sid", "v", "o", "fva"])(
  "the reserved claim %s cannot be given",
  async (claim) => {
    await using server = await startIdentity();
    const body = { name: "mine", claims: { [claim]: "x" } };
    expect(await refusal(api(server, "POST", "/jwt_templates", body))).toMatchObject({
      status: 400,
      code: "jwt_template_reserved_claim",
      text: expect.stringContaining(`'${claim}'`),
    });
  },
);

test("a template whose tokens would not fit is refused with their size", async () => {
  await using server = await startIdentity();
  for (const length of [3000, 40_000]) {
    const body = { name: "huge", claims: { text: "x".repeat(length) } };
    expect(await refusal(api(server, "POST", "/jwt_templates", body))).toMatchObject({
      code: "jwt_template_too_large",
      text: expect.stringMatching(/\d{4,} bytes/),
    });
  }
});

test("private metadata is in no token", async () => {
  await using server = await startIdentity();
  const body = {
    name: "spy",
    claims: { a: "{{user.private_metadata}}", b: "{{user.private_metadata.secret}}" },
  };
  const { id } = (await api(server, "POST", "/jwt_templates", body)).json as Template;
  expect(decode(await mint(server, id)).claims).toMatchObject({ a: null, b: null });
});

test("tokens are signed by a key of one's own, which is never told", async () => {
  await using server = await startIdentity();
  const secret = "a-secret-of-at-least-thirty-two-characters";
  const own = (fields: object) =>
    api(server, "POST", "/jwt_templates", { claims: {}, custom_signing_key: true, ...fields });
  const made = (await own({ name: "hs", signing_algorithm: "HS256", signing_key: secret })).json as Template;
  expect(JSON.stringify(made)).not.toContain(secret);
  const token = await mint(server, made.id);
  const [head, claims, signature] = token.split(".");
  expect(decode(token).header.alg).toBe("HS256");
  expect(createHmac("sha256", secret).update(`${head}.${claims}`).digest("base64url")).toBe(signature);

  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const rsa = (await own({ name: "rs", signing_algorithm: "RS256", signing_key: pem })).json as Template;
  const [rsaHead, rsaClaims, rsaSignature] = (await mint(server, rsa.id)).split(".");
  const input = Buffer.from(`${rsaHead}.${rsaClaims}`);
  expect(verify("RSA-SHA256", input, publicKey, Buffer.from(rsaSignature!, "base64url"))).toBe(true);

  expect(
    (await refusal(own({ name: "x", signing_algorithm: "RS256", signing_key: "s3cret" }))).text,
  ).not.toContain("s3cret");
  expect((await refusal(own({ name: "x", signing_algorithm: "HS256", signing_key: "short" }))).status).toBe(
    422,
  );
  expect((await refusal(own({ name: "x" }))).code).toBe("form_conditional_param_missing");
});

test("a key that verifiers refuse, or that would sign nothing, is refused", async () => {
  await using server = await startIdentity();
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
  const signing_key = short.export({ type: "pkcs8", format: "pem" });
  const own = (fields: object) =>
    refusal(api(server, "POST", "/jwt_templates", { name: "mine", claims: {}, ...fields }));
  expect(await own({ custom_signing_key: true, signing_algorithm: "RS256", signing_key })).toMatchObject({
    code: "form_param_value_invalid",
    text: expect.stringContaining("2048 bits"),
  });
  const secret = "a-secret-of-at-least-thirty-two-characters";
  expect((await own({ signing_key: secret })).code).toBe("form_conditional_param_disallowed");
  expect((await own({ signing_algorithm: "HS256" })).code).toBe("form_conditional_param_disallowed");
  const usual = { name: "mine", claims: {}, custom_signing_key: false, signing_algorithm: "RS256" };
  expect((await api(server, "POST", "/jwt_templates", usual)).status).toBe(200);
});
