import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from "jose";

type Algorithm = "RS256" | "ES256" | "EdDSA";

interface Answer {
  status: number;
  type: string;
  body: string;
}

/** A real issuer on a loopback port whose every word a test can change. */
export class TestingIssuer {
  readonly #server: Server;
  readonly #keys = new Map<string, { algorithm: Algorithm; pair: GenerateKeyPairResult }>();
  /** Overrides by path, for answers that are wrong. */
  readonly answers = new Map<string, Partial<Answer>>();
  /** Paths in the order they were asked. */
  readonly requests: string[] = [];
  url = "";

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<TestingIssuer> {
    const server = createServer();
    const issuer = new TestingIssuer(server);
    server.on("request", (request, response) => {
      issuer.requests.push(request.url!);
      void issuer.#answer(request.url!).then(({ status, type, body }) => {
        response.writeHead(status, { "content-type": type }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return issuer;
  }

  async addKey(kid: string, algorithm: Algorithm): Promise<void> {
    this.#keys.set(kid, { algorithm, pair: await generateKeyPair(algorithm, { extractable: true }) });
  }

  removeKey(kid: string): void {
    this.#keys.delete(kid);
  }

  /** A token signed by the key; `null` in the claims or header leaves one out. */
  async token(
    kid: string,
    claims: Record<string, unknown>,
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const { algorithm, pair } = this.#keys.get(kid)!;
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.url, sub: "user-1", aud: "app", iat: now, exp: now + 3600, ...claims };
    const present = (fields: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
    return new SignJWT(present(all) as JWTPayload)
      .setProtectedHeader({ ...present({ kid, typ: "JWT", ...header }), alg: algorithm })
      .sign(pair.privateKey);
  }

  async jwks(): Promise<string> {
    const keys = await Promise.all(
      [...this.#keys].map(async ([kid, { algorithm, pair }]) => ({
        ...(await exportJWK(pair.publicKey)),
        kid,
        alg: algorithm,
        use: "sig",
      })),
    );
    return JSON.stringify({ keys });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(path: string): Promise<Answer> {
    const usual: Record<string, () => Promise<string> | string> = {
      "/.well-known/openid-configuration": () =>
        JSON.stringify({
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          jwks_uri: `${this.url}/jwks`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
        }),
      "/jwks": () => this.jwks(),
    };
    const body = await usual[path]?.();
    const answer = { status: body === undefined ? 404 : 200, type: "application/json", body: body ?? "{}" };
    return { ...answer, ...this.answers.get(path) };
  }
}
