import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clientPackages } from "./harness/clients.ts";
import { type OidcProvider, oidcProvider } from "./harness/oidc_provider.ts";
import { pushFixture } from "./harness/push.ts";
import { rawSocket } from "./harness/raw_socket.ts";
import { startTandem, type Tandem } from "./harness/tandem.ts";
import { CUSTOM_APPLICATION, type TokenMint, tokenMint } from "./harness/token_mint.ts";
import { watch } from "./harness/watch.ts";

/** An issuer that was there once: nothing listens on its port any more. */
let absent: string;
let tandem: Tandem;
let provider: OidcProvider;
let custom: TokenMint;
beforeAll(async () => {
  [tandem, provider, custom] = await Promise.all([startTandem(), oidcProvider(), tokenMint()]);
  const gone = await oidcProvider();
  absent = gone.issuer;
  await gone[Symbol.asyncDispose]();
  await pushFixture(tandem, {
    variables: {
      OIDC_ISSUER: provider.issuer,
      CUSTOM_ISSUER: custom.issuer,
      CUSTOM_JWKS: custom.jwks,
      ABSENT_ISSUER: absent,
    },
  });
});
afterAll(async () => {
  await tandem.stop();
  await provider[Symbol.asyncDispose]();
});

/** Why the server refuses a token. */
async function refusal(token: string): Promise<string> {
  using socket = await rawSocket(tandem.backendUrl);
  socket.hello();
  socket.send({ type: "Authenticate", baseVersion: 0, tokenType: "User", value: token });
  const error = await socket.next("AuthError");
  expect(error).toMatchObject({ authUpdateAttempted: true, baseVersion: 0 });
  expect((await socket.closed).code).toBe(1005);
  return error.error as string;
}

describe.each(clientPackages)("$name, signed in", ({ name, browser, api }) => {
  const open = () => new browser.ConvexClient(tandem.backendUrl, { logger: false });
  const user = name === "convex-genuine" ? "ada" : "grace";
  const identity = () => ({
    tokenIdentifier: `${provider.issuer}|${user}`,
    subject: user,
    issuer: provider.issuer,
    name: user === "ada" ? "Ada" : "Grace",
    pictureUrl: `https://example.com/${user}.png`,
    email: `${user}@example.com`,
    emailVerified: true,
  });

  test("over HTTP, functions know who calls", async () => {
    const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
    client.setAuth(await provider.mint(user));
    expect(await client.query(api.identity.whoami, {})).toEqual(identity());
    expect(await client.mutation(api.identity.whoamiInMutation, {})).toEqual(identity());
    expect(await client.action(api.identity.whoamiInAction, {})).toEqual(identity());
    client.clearAuth();
    expect(await client.query(api.identity.whoami, {})).toBeNull();
  });

  test("over WebSocket, queries run again as the one who signed in, and after sign-out as nobody", async () => {
    const client = open();
    const seen = watch(client, api.identity.whoami, {});
    await seen.until((who) => who === null);
    const told = Promise.withResolvers<boolean>();
    client.setAuth(() => provider.mint(user), told.resolve);
    expect(await seen.until((who) => who !== null)).toEqual(identity());
    expect(await told.promise).toBe(true);
    expect(await client.mutation(api.identity.whoamiInMutation, {})).toEqual(identity());
    expect(await client.action(api.identity.whoamiInAction, {})).toEqual(identity());
    client.client.clearAuth();
    await seen.until((who) => who === null && seen.results.length > 2);
    expect(await client.mutation(api.identity.whoamiInMutation, {})).toBeNull();
    expect(seen.errors).toEqual([]);
    await client.close();
  });

  test("tokens are refreshed before they run out, and nothing is seen of it", async () => {
    const base = { fetched: 0, expiries: [] as number[] };
    const client = new browser.ConvexClient(tandem.backendUrl, {
      logger: false,
      authRefreshTokenLeewaySeconds: 2,
    });
    const changes: boolean[] = [];
    const seen = watch(client, api.identity.whoami, {});
    client.setAuth(
      async () => {
        base.fetched += 1;
        const token = await provider.mint(user, { lifetime: 4 });
        base.expiries.push(JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).exp * 1000);
        return token;
      },
      (isAuthenticated) => changes.push(isAuthenticated),
    );
    await seen.until((who) => who !== null);
    // Well past the expiry of the first tokens.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(base.expiries[1]! + 1000), { timeout: 20_000 });
    expect(base.fetched).toBeGreaterThan(3);
    expect(await client.mutation(api.identity.whoamiInMutation, {})).toEqual(identity());
    expect(changes).toContain(true);
    expect(changes).not.toContain(false);
    expect(seen.results.filter((who) => who === null).length).toBeLessThanOrEqual(1);
    expect(seen.errors).toEqual([]);
    await client.close();
  });

  test("a token that runs out on an open socket is replaced when it is next needed", async () => {
    const client = open();
    let fetched = 0;
    let expiry = Number.POSITIVE_INFINITY;
    const changes: boolean[] = [];
    const told = Promise.withResolvers<void>();
    // Same token while it lasts: the client then does not refresh on its own.
    let token = await provider.mint(user, { lifetime: 3 });
    expiry = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()).exp * 1000;
    client.setAuth(
      async ({ forceRefreshToken }) => {
        fetched += 1;
        if (forceRefreshToken && Date.now() >= expiry) {
          token = await provider.mint(user, { lifetime: 3600 });
        }
        return token;
      },
      (isAuthenticated) => {
        changes.push(isAuthenticated);
        told.resolve();
      },
    );
    await told.promise;
    expect(changes).toEqual([true]);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiry), { timeout: 10_000 });
    expect(await client.mutation(api.identity.whoamiInMutation, {})).toEqual(identity());
    expect(fetched).toBeGreaterThanOrEqual(3);
    expect(changes.at(-1)).toBe(true);
    await client.close();
  });

  test("a user whose tokens are all refused is told that they are not signed in", async () => {
    const logged: string[] = [];
    const keep = (...parts: unknown[]) => logged.push(parts.join(" "));
    const client = new browser.ConvexClient(tandem.backendUrl, {
      logger: { logVerbose: () => {}, log: keep, warn: keep, error: keep },
    });
    const changes: boolean[] = [];
    const signedOut = Promise.withResolvers<void>();
    client.setAuth(
      () => provider.mint(user, { application: "another-app" }),
      (isAuthenticated) => {
        changes.push(isAuthenticated);
        if (!isAuthenticated) signedOut.resolve();
      },
    );
    await signedOut.promise;
    expect(changes).not.toContain(true);
    expect(logged.join("\n")).toContain("Failed to authenticate");
    expect(logged.join("\n")).toContain("No auth provider found matching the given token");
    expect(await client.query(api.identity.whoami, {})).toBeNull();
    await client.close();
  });

  test("a custom JWT's claims are found under their own names", async () => {
    const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
    client.setAuth(await custom.mint(user, { claims: { role: "admin", org: { id: "o1", tags: ["a"] } } }));
    expect(await client.query(api.identity.whoami, {})).toEqual({
      tokenIdentifier: `${custom.issuer}|${user}`,
      subject: user,
      issuer: custom.issuer,
      name: user,
      role: "admin",
      "org.id": "o1",
      "org.tags": ["a"],
    });
  });

  test("after the provider has changed its keys, new tokens are accepted", async () => {
    const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
    client.setAuth(await provider.mint(user));
    expect(await client.query(api.identity.whoami, {})).toEqual(identity());
    await provider.rotateKeys();
    client.setAuth(await provider.mint(user));
    await vi.waitFor(async () => expect(await client.query(api.identity.whoami, {})).toEqual(identity()), {
      timeout: 15_000,
      interval: 250,
    });
  });

  test("an admin may act as a user", async () => {
    const client = new browser.ConvexHttpClient(tandem.backendUrl, { logger: false });
    (client as unknown as { setAdminAuth(key: string, identity: object): void }).setAdminAuth(
      tandem.adminKey,
      {
        issuer: "https://issuer.example.com",
        subject: "someone",
        name: "Someone",
      },
    );
    expect(await client.query(api.identity.whoami, {})).toMatchObject({
      tokenIdentifier: "https://issuer.example.com|someone",
      name: "Someone",
    });
  });
});

describe("a token is refused, with the reason, that", () => {
  test("is meant for another audience", async () => {
    const reason = await refusal(await provider.mint("eve", { application: "another-app" }));
    expect(reason).toContain("No auth provider found matching the given token");
    expect(reason).toContain(`OIDC(domain=${provider.issuer}, app_id=tandem-app)`);
  });

  test("is signed with another algorithm than providers may use", async () => {
    const token = await provider.mint("eve", { application: "es256-app" });
    const [header, payload, signature] = token.split(".");
    const claims = JSON.parse(Buffer.from(payload!, "base64url").toString());
    claims.aud = "tandem-app";
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
    expect(await refusal(forged)).toContain("Could not verify OIDC token claim");
  });

  test("was changed after it was signed", async () => {
    const [header, payload, signature] = (await provider.mint("eve")).split(".");
    const claims = JSON.parse(Buffer.from(payload!, "base64url").toString());
    const forged = [
      header,
      Buffer.from(JSON.stringify({ ...claims, sub: "ada" })).toString("base64url"),
      signature,
    ].join(".");
    expect(await refusal(forged)).toContain("Could not verify OIDC token claim");
  });

  test("claims to need no signature", async () => {
    const [, payload] = (await provider.mint("eve")).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    expect(await refusal(`${header}.${payload}.`)).toMatch(/Could not (verify|parse)/);
  });

  test("has run out", async () => {
    const token = await provider.mint("eve", { lifetime: 1 });
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(exp * 1000), { timeout: 5000 });
    expect(await refusal(token)).toContain("Could not verify OIDC token claim");
  });

  test("is no token at all", async () => {
    expect(await refusal("hello")).toContain("Could not parse JWT payload");
  });

  test("comes from an issuer that cannot be reached: the address and the cause are named", async () => {
    const token = await custom.mint("eve", { issuer: absent, audience: "tandem-app" });
    const [, payload, signature] = token.split(".");
    const header = Buffer.from(JSON.stringify({ alg: "RS256", typ: "JWT" })).toString("base64url");
    const reason = await refusal([header, payload, signature].join("."));
    expect(reason).toContain(`Auth provider discovery of ${absent} failed`);
    expect(reason).toContain(`${absent}/.well-known/openid-configuration`);
    expect(reason).toContain("ECONNREFUSED");
  });

  test.each([
    ["is signed with a foreign key", { foreignKey: true }, "Could not decode token"],
    [
      "names a key that is not there",
      { keyId: "nope" },
      "does this key match any key in the provider's JWKS?",
    ],
    ["names no key", { keyId: null }, "JWT may be missing a 'kid' (key ID) header"],
    ["is signed with another algorithm than configured", { algorithm: "RS256" }, "Could not decode token"],
    ["ran out long ago", { lifetime: -60 }, "Could not validate token"],
    ["is for another audience", { audience: "another" }, "No auth provider found matching the given token"],
    ["is from another issuer", { issuer: "https://other.example.com" }, "No auth provider found matching"],
  ] as const)("as a custom JWT %s", async (_what, options, reason) => {
    expect(await refusal(await custom.mint("eve", options))).toContain(reason);
  });
});

describe("a custom JWT is accepted that", () => {
  test("is for other audiences as well, and whose issuer differs by a slash only", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    const value = await custom.mint("ada", {
      issuer: `${custom.issuer}/`,
      claims: { aud: [CUSTOM_APPLICATION, "more"] },
    });
    socket.send({ type: "Authenticate", baseVersion: 0, tokenType: "User", value });
    expect(await socket.next("Transition")).toMatchObject({ endVersion: { identity: 1 } });
  });
});

describe("an admin key", () => {
  test("that is wrong is refused on the socket", async () => {
    using socket = await rawSocket(tandem.backendUrl);
    socket.hello();
    socket.send({ type: "Authenticate", baseVersion: 0, tokenType: "Admin", value: "tandem|0123" });
    expect((await socket.next("AuthError")).error).toContain("invalid");
  });
});
