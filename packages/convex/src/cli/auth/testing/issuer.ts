import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What an issuer of a test says; a test changes it to what it is about. */
export interface IssuerWords {
  /** Its own name; its address unless changed. */
  name: string;
  status: number;
  contentType: string;
  /** How far its clock is ahead, in milliseconds. */
  clockAhead: number;
  discovery: Record<string, unknown>;
  keys: unknown;
  /** JWT templates of its Backend API (B §1.11). */
  templates: Record<string, unknown>[];
}

/** A real issuer on a port of its own, which signs tokens with a key of its own. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly secretKey: string;
  readonly publishableKey: string;
  readonly say: IssuerWords;
  /** A token for the audience `convex`; `undefined` in claims or header leaves one out. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
}

/** Starts an issuer that says what is right. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secretKey = "sk_test_b3duZWQgYnkgdGhlIHRlc3Rpbmcgc2VydmVy";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", url);
    response.sendDate = false;
    response.setHeader("date", new Date(Date.now() + say.clockAhead).toUTCString());
    const answer = (status: number, type: string, body: unknown): void => {
      response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
    };
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return answer(say.status, say.contentType, { issuer: say.name, ...say.discovery });
      case "/jwks":
        return answer(200, "application/json", say.keys);
      case "/v1/jwt_templates":
        return request.headers.authorization === `Bearer ${secretKey}`
          ? answer(200, "application/json", { data: say.templates, total_count: say.templates.length })
          : answer(401, "application/json", { errors: [] });
      default:
        return answer(404, "application/json", {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}`;
  const say: IssuerWords = {
    name: url,
    status: 200,
    contentType: "application/json",
    clockAhead: 0,
    discovery: {
      authorization_endpoint: `${url}/authorize`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    },
    keys: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key-1", alg: "RS256", use: "sig" }] },
    templates: [
      { object: "jwt_template", name: "convex", claims: { aud: "convex" }, signing_algorithm: "RS256" },
    ],
  };
  return {
    url,
    host,
    secretKey,
    publishableKey: `pk_test_${Buffer.from(`${host}$`).toString("base64")}`,
    say,
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
      const signed = [
        encode({ alg: "RS256", typ: "JWT", kid: "key-1", ...header }),
        encode({ iss: url, sub: "user_1", aud: "convex", iat: now, exp: now + 60, ...claims }),
      ].join(".");
      return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
