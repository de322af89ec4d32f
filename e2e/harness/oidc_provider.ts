import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type RequestContext } from "oidc-provider";

/** Applications that sign in at the provider. Only the first is the backend's; the others get it wrong. */
const APPLICATIONS = {
  "tandem-app": "RS256",
  "another-app": "RS256",
  "es256-app": "ES256",
} as const;

export type Application = keyof typeof APPLICATIONS;

/** What the fixture's auth.config.ts expects as audience. */
export const APPLICATION: Application = "tandem-app";

export interface MintOptions {
  /** Seconds that the token is valid for; 3600 by default. */
  readonly lifetime?: number;
  readonly application?: Application;
}

/** A real OpenID Connect provider on a loopback port. */
export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  /** How many tokens have been minted. */
  readonly minted: number;
  /** Signs a test user in by the authorization code flow, as an app does, and answers the ID token. */
  mint(user: string, options?: MintOptions): Promise<string>;
  /** From now on signs with new keys; the old ones are gone. */
  rotateKeys(): Promise<void>;
}

/** Nobody fetches it: the code is read off the redirect. */
const CALLBACK = "https://app.example.com/callback";

/** Starts the provider. Every name is a user; their claims come from the name. */
export async function oidcProvider(): Promise<OidcProvider> {
  const lifetimes = new Map<string, number>();
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: Error) => {
      response.writeHead(500).end(String(error.stack));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const openWithNewKeys = async (): Promise<void> => {
    const provider = createProvider(issuer, await keys(), lifetimes);
    const answer = provider.callback();
    handle = async (request, response) => {
      if (!request.url?.startsWith("/interaction/")) {
        await answer(request, response);
        return;
      }
      const { params } = await provider.interactionDetails(request, response);
      await provider.interactionFinished(request, response, { login: { accountId: params.login_hint! } });
    };
  };
  await openWithNewKeys();

  let minted = 0;
  // A user's lifetime is looked up when the token is made, so one sign-in follows the other.
  let last: Promise<unknown> = Promise.resolve();
  return {
    issuer,
    get minted() {
      return minted;
    },
    mint(user, { lifetime = 3600, application = APPLICATION } = {}) {
      const token = last.then(async () => {
        lifetimes.set(user, lifetime);
        minted += 1;
        return await signIn(issuer, user, application);
      });
      last = token.catch(() => undefined);
      return token;
    },
    rotateKeys: openWithNewKeys,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createProvider(issuer: string, keySet: JWK[], lifetimes: ReadonlyMap<string, number>): Provider {
  const provider = new Provider(issuer, {
    jwks: { keys: keySet },
    clients: Object.entries(APPLICATIONS).map(([id, algorithm]) => ({
      client_id: id,
      token_endpoint_auth_method: "none",
      redirect_uris: [CALLBACK],
      id_token_signed_response_alg: algorithm,
    })),
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256"] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: { openid: ["sub"], profile: ["name", "picture"], email: ["email", "email_verified"] },
    // The backend reads the ID token alone, so the claims must be in it.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: {
      // biome-ignore lint/correctness/noComponentHookFactories: a setting of the provider's, not a component.
      IdToken: ({ oidc }: RequestContext) => lifetimes.get(oidc.account!.accountId) ?? 3600,
      AccessToken: 60,
      AuthorizationCode: 60,
      Grant: 60,
      Interaction: 60,
      Session: 60,
    },
    async findAccount(_: unknown, id: string) {
      return {
        accountId: id,
        claims: async () => ({
          sub: id,
          name: id[0]!.toUpperCase() + id.slice(1),
          picture: `https://example.com/${id}.png`,
          email: `${id}@example.com`,
          email_verified: true,
        }),
      };
    },
    async loadExistingGrant({ oidc }: RequestContext) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  provider.on("server_error", (_, error) => console.error("The test's OIDC provider:", error));
  return provider;
}

async function keys(): Promise<JWK[]> {
  return await Promise.all(
    (["RS256", "ES256"] as const).map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true });
      return { ...(await exportJWK(privateKey)), alg, use: "sig", kid: randomBytes(6).toString("hex") };
    }),
  );
}

/** The authorization code flow with PKCE (RFC 7636), following the redirects as a browser would. */
async function signIn(issuer: string, user: string, application: Application): Promise<string> {
  const verifier = randomBytes(32).toString("base64url");
  const cookies = new Map<string, string>();
  let url = `${issuer}/auth?${new URLSearchParams({
    client_id: application,
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid profile email",
    login_hint: user,
    prompt: "login",
    // Two tokens of one second would otherwise be equal, and clients take an equal token for no refresh.
    nonce: randomBytes(8).toString("hex"),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  })}`;
  for (let step = 0; !url.startsWith(CALLBACK); step++) {
    if (step > 10) {
      throw new Error(`The provider redirects without end, at last to ${url}`);
    }
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      cookies.set(name!, value!);
    }
    const location = response.headers.get("location");
    if (location === null) {
      throw new Error(`The provider answered ${response.status} at ${url}: ${await response.text()}`);
    }
    url = new URL(location, url).href;
  }
  const code = new URL(url).searchParams.get("code");
  if (code === null) {
    throw new Error(`The provider refused the sign-in: ${url}`);
  }
  const response = await fetch(`${issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: application,
      redirect_uri: CALLBACK,
      code,
      code_verifier: verifier,
    }),
  });
  const { id_token } = (await response.json()) as { id_token?: string };
  if (id_token === undefined) {
    throw new Error(`The provider gave no ID token: ${response.status}`);
  }
  return id_token;
}
