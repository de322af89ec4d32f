import { randomBytes } from "node:crypto";
import type { ApiError, AuthInfo } from "@tandem/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Seams } from "../seams.ts";
import type { Authenticator, TokenGate } from "./caller.ts";
import { createAuthenticator, issueAdminKey } from "./index.ts";
import { TestingIssuer } from "./testing_issuer.ts";

let issuer: TestingIssuer;
let now: number;
let providers: AuthInfo[];
const instance = { instanceName: "tandem", instanceSecret: "ab".repeat(32) };

const seams: Seams = {
  clock: { now: () => now },
  timers: {
    setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
    setImmediate: (run) => void setImmediate(run),
  },
  random: { bytes: (length) => randomBytes(length) },
  fetch,
};

function authenticator(redact = false, gate?: TokenGate): Authenticator {
  return createAuthenticator({
    ...(gate === undefined ? {} : { gate }),
    ...instance,
    providers: () => providers,
    seams,
    redact,
    providerTimeout: 2000,
  });
}

async function refusal(token: string, redact = false): Promise<ApiError> {
  return authenticator(redact)
    .user(token)
    .then(
      () => expect.fail("the token was accepted"),
      (error) => error,
    );
}

beforeEach(async () => {
  now = Date.now();
  issuer = await TestingIssuer.start();
  await issuer.addKey("rsa", "RS256");
  providers = [{ domain: issuer.url, applicationID: "app" }];
});

afterEach(() => issuer.close());

describe("an OpenID Connect token", () => {
  it("is accepted, and its standard claims get their names", async () => {
    const token = await issuer.token("rsa", {
      email: "ada@example.com",
      email_verified: true,
      given_name: "Ada",
      picture: "https://example.com/a.png",
      updated_at: 0,
      address: { formatted: "1 Main St", country: "UK" },
      org: { id: 7 },
      nonce: "n",
      azp: "x",
    });
    const caller = await authenticator().user(token);
    expect(caller).toMatchObject({
      kind: "user",
      identity: {
        tokenIdentifier: `${issuer.url}|user-1`,
        subject: "user-1",
        issuer: issuer.url,
        email: "ada@example.com",
        emailVerified: true,
        givenName: "Ada",
        pictureUrl: "https://example.com/a.png",
        updatedAt: "1970-01-01T00:00:00.000Z",
        address: "1 Main St",
        org: { id: 7 },
      },
    });
    expect(Object.keys((caller as { identity: object }).identity)).not.toContain("nonce");
  });

  it("may have claims named like what every object has", async () => {
    const caller = await authenticator().user(await issuer.token("rsa", { constructor: "c", valueOf: 1 }));
    expect((caller as { identity: object }).identity).toMatchObject({ constructor: "c", valueOf: 1 });
  });

  it("makes the same identity after a refresh, so that cached results stay good", async () => {
    const first = await authenticator().user(await issuer.token("rsa", { jti: "1", fva: [1, -1] }));
    const second = await authenticator().user(await issuer.token("rsa", { jti: "2", fva: [2, -1] }));
    expect((second as { identity: object }).identity).toEqual((first as { identity: object }).identity);
  });

  it("is verified once, and remembered until it expires", async () => {
    const shared = authenticator();
    const token = await issuer.token("rsa", {});
    await shared.user(token);
    issuer.requests.length = 0;
    issuer.removeKey("rsa");
    await shared.user(token);
    expect(issuer.requests).toEqual([]);
    now += 3601_000;
    await expect(shared.user(token)).rejects.toMatchObject({ kind: "Unauthenticated" });
  });

  it("is accepted when the provider has just rotated its keys", async () => {
    const shared = authenticator();
    await shared.user(await issuer.token("rsa", {}));
    await issuer.addKey("new", "RS256");
    now += 10_000;
    await expect(shared.user(await issuer.token("new", {}))).resolves.toMatchObject({ kind: "user" });
  });

  it.each([
    ["has expired", { exp: 1 }, "Could not verify OIDC token claim"],
    ["names a further audience", { aud: ["app", "other"] }, "Could not verify OIDC token claim"],
    ["has no subject", { sub: null }, "Could not parse as OIDC ID token"],
    ["has no time of issue", { iat: null }, "Could not parse as OIDC ID token"],
  ])("is refused when it %s", async (_, claims, text) => {
    expect((await refusal(await issuer.token("rsa", claims))).message).toContain(text);
  });

  it.each([
    ["is an access token", { typ: "at+jwt" }],
    ["has critical extensions", { crit: ["b64"], b64: true }],
  ])("is refused when it %s", async (_, header) => {
    const error = await refusal(await issuer.token("rsa", {}, header));
    expect(error.message).toContain("Could not parse as OIDC ID token");
  });

  it("is refused when its signature is not the provider's", async () => {
    const forged = await TestingIssuer.start();
    await forged.addKey("rsa", "RS256");
    const error = await refusal(await forged.token("rsa", { iss: issuer.url }));
    await forged.close();
    expect(error).toMatchObject({ kind: "Unauthenticated", code: "Unauthenticated" });
  });

  it("is refused with an algorithm that OIDC providers may not use here", async () => {
    await issuer.addKey("ec", "ES256");
    expect(await refusal(await issuer.token("ec", {}))).toMatchObject({ code: "Unauthenticated" });
  });

  it("is accepted when signed with Ed25519", async () => {
    await issuer.addKey("ed", "EdDSA");
    await expect(authenticator().user(await issuer.token("ed", {}))).resolves.toMatchObject({ kind: "user" });
  });

  it.each([
    ["answers an error", { status: 503, body: "down" }, "Overloaded", "answered 503 down"],
    ["does not know the document", { status: 404, body: "nope" }, "NotFound", "answered 404 nope"],
    ["sends another content type", { type: "text/html" }, "BadRequest", 'content type "text/html"'],
    ["sends no JSON", { body: "<html>" }, "BadRequest", "is not JSON"],
  ])("says which document failed when discovery %s", async (_, answer, kind, text) => {
    issuer.answers.set("/.well-known/openid-configuration", answer);
    const error = await refusal(await issuer.token("rsa", {}));
    expect(error).toMatchObject({ kind, code: "AuthProviderDiscoveryFailed" });
    expect(error.message).toContain(`${issuer.url}/.well-known/openid-configuration`);
    expect(error.message).toContain(text);
  });

  it("says so when the discovery document names another issuer", async () => {
    issuer.answers.set("/.well-known/openid-configuration", {
      body: JSON.stringify({
        issuer: `${issuer.url}/`,
        authorization_endpoint: "x",
        jwks_uri: `${issuer.url}/jwks`,
        response_types_supported: [],
        subject_types_supported: [],
        id_token_signing_alg_values_supported: [],
      }),
    });
    expect((await refusal(await issuer.token("rsa", {}))).message).toContain("equal to the letter");
  });

  it("says which address could not be reached, and why", async () => {
    const token = await issuer.token("rsa", {});
    await issuer.close();
    const error = await refusal(token);
    expect(error).toMatchObject({ kind: "BadRequest", code: "AuthProviderDiscoveryFailed" });
    expect(error.message).toContain(
      `could not reach ${issuer.url}/.well-known/openid-configuration: ECONNREFUSED`,
    );
  });
});

describe("a custom JWT", () => {
  beforeEach(async () => {
    await issuer.addKey("ec", "ES256");
    providers = [
      {
        type: "customJwt",
        issuer: issuer.url,
        jwks: `${issuer.url}/jwks`,
        algorithm: "ES256",
        applicationID: "app",
      },
    ];
  });

  it("is accepted with further audiences, and keeps its claims' own names", async () => {
    const token = await issuer.token("ec", {
      aud: ["app", "other"],
      email: "a@b",
      properties: { id: 1, tags: ["x"] },
    });
    expect(await authenticator().user(token)).toMatchObject({
      identity: { email: "a@b", "properties.id": 1, "properties.tags": ["x"], subject: "user-1" },
    });
  });

  it("is accepted with keys from a data URL", async () => {
    const jwks = `data:application/json;base64,${Buffer.from(await issuer.jwks()).toString("base64")}`;
    providers = [{ type: "customJwt", issuer: issuer.url, jwks, algorithm: "ES256", applicationID: null }];
    await expect(authenticator().user(await issuer.token("ec", { aud: null }))).resolves.toMatchObject({
      kind: "user",
    });
    expect(issuer.requests).toEqual([]);
  });

  it.each([
    ["has expired 6 s ago", () => ({ exp: now / 1000 - 6 }), "it has expired"],
    ["begins in 6 s", () => ({ nbf: now / 1000 + 6.5 }), "not valid yet"],
    ["comes from the future", () => ({ iat: now / 1000 + 60 }), "issued in the future"],
    ["never expires", () => ({ exp: null }), "missing expiry"],
    ["has no subject", () => ({ sub: null }), "missing subject"],
  ])("is refused when it %s", async (_, claims, text) => {
    const error = await refusal(await issuer.token("ec", claims()));
    expect(error).toMatchObject({ kind: "Unauthenticated", code: "InvalidAuthHeader" });
    expect(error.message).toContain(text);
  });

  it("is refused without a key id, and with an unknown one", async () => {
    expect((await refusal(await issuer.token("ec", {}, { kid: null }))).message).toContain("missing a 'kid'");
    expect((await refusal(await issuer.token("ec", {}, { kid: "other" }))).message).toContain("is 'other'");
    expect((await refusal(await issuer.token("ec", {}, { kid: "other" }), true)).message).not.toContain(
      "other",
    );
  });

  it("is refused when signed with another algorithm than configured", async () => {
    expect((await refusal(await issuer.token("rsa", {}))).message).toContain("Could not decode token");
  });

  it.each([
    ["answers an error", { status: 500, body: "x" }, "HTTP 500"],
    ["has another content type", { type: "text/plain" }, "Invalid Content-Type 'text/plain'"],
    ["is no JSON", { body: "{" }, "Invalid JWKS response body"],
  ])("says so when the key set %s", async (_, answer, text) => {
    issuer.answers.set("/jwks", answer);
    expect((await refusal(await issuer.token("ec", {}))).message).toContain(text);
  });
});

describe("choosing a provider", () => {
  it("ignores a slash at the end of the issuer, but keeps the token's own in the identity", async () => {
    providers = [
      {
        type: "customJwt",
        issuer: `${issuer.url}/`,
        jwks: `${issuer.url}/jwks`,
        algorithm: "RS256",
        applicationID: null,
      },
    ];
    const caller = await authenticator().user(await issuer.token("rsa", {}));
    expect(caller).toMatchObject({ identity: { tokenIdentifier: `${issuer.url}|user-1` } });
  });

  it("lists the providers when none fits, and keeps them to itself when redacted", async () => {
    const token = await issuer.token("rsa", { aud: "other" });
    const error = await refusal(token);
    expect(error).toMatchObject({ code: "NoAuthProvider", kind: "Unauthenticated" });
    expect(error.message).toContain(`OIDC(domain=${issuer.url}, app_id=app)`);
    expect((await refusal(token, true)).message).toBe("No auth provider found matching the given token");
  });

  it("says where to configure one when there is none", async () => {
    providers = [];
    expect((await refusal(await issuer.token("rsa", {}))).message).toContain("Check convex/auth.config.ts");
  });

  it.each(["", "a.b", "a.b.c", "not a token at all"])("says what a JWT looks like for %j", async (token) => {
    expect((await refusal(token)).message).toContain("Could not parse JWT payload");
  });

  it("refuses a token without an issuer", async () => {
    expect((await refusal(await issuer.token("rsa", { iss: null }))).message).toContain(
      "Missing issuer claim",
    );
  });
});

describe("an admin key", () => {
  const key = () => issueAdminKey({ ...instance, seams });

  it("opens its own deployment, also with a type before the name", () => {
    expect(authenticator().admin(key())).toMatchObject({ kind: "admin", actingAs: null });
    expect(authenticator().admin(`prod:${key()}`)).toMatchObject({ kind: "admin" });
  });

  it.each([
    ["of another name", () => key().replace("tandem|", "other|")],
    ["of another secret", () => issueAdminKey({ ...instance, instanceSecret: "cd".repeat(32), seams })],
    ["with a byte changed", () => key().slice(0, -2) + (key().endsWith("00") ? "11" : "00")],
    ["cut short", () => key().slice(0, 30)],
    ["without a name", () => "secret"],
    ["that is empty", () => ""],
  ])("is refused when it is one %s", (_, forged) => {
    expect(() => authenticator().admin(forged())).toThrow(
      "The provided admin key was invalid for this instance",
    );
  });

  it("acts as a user, whose identity must be complete", () => {
    const acting = authenticator().admin(key(), { issuer: "https://i", subject: "s", name: "N" });
    expect(acting).toMatchObject({ actingAs: { tokenIdentifier: "https://i|s", name: "N" } });
    expect(() => authenticator().admin(key(), { name: "N" })).toThrow("Malformed Authorization header");
  });
});

describe("a token whose session has ended", () => {
  it("is refused, though it has not expired", async () => {
    const over = new Set(["ended"]);
    const gated = authenticator(false, async ({ id }) => over.has(id ?? ""));
    await expect(gated.user(await issuer.token("rsa", { jti: "alive" }))).resolves.toMatchObject({
      token: { issuer: issuer.url, subject: "user-1", id: "alive" },
    });
    await expect(gated.user(await issuer.token("rsa", { jti: "ended" }))).rejects.toMatchObject({
      kind: "Unauthenticated",
      code: "TokenExpired",
    });
  });

  it("is refused from the moment it is told, also when it was remembered as good", async () => {
    const over = new Set<string>();
    const gated = authenticator(false, async ({ id }) => over.has(id ?? ""));
    const token = await issuer.token("rsa", { jti: "one" });
    await gated.user(token);
    over.add("one");
    gated.forget(({ id }) => id === "one");
    await expect(gated.user(token)).rejects.toMatchObject({ code: "TokenExpired" });
  });

  it("is refused when the session ends while the token is being judged", async () => {
    let isOver = false;
    const gated: Authenticator = authenticator(false, async () => {
      const judged = isOver;
      if (!isOver) {
        isOver = true;
        gated.forget(() => true);
      }
      return judged;
    });
    await expect(gated.user(await issuer.token("rsa", { jti: "one" }))).rejects.toMatchObject({
      code: "TokenExpired",
    });
  });
});
