import { createClerkClient } from "clerk-backend-genuine";
import { type StartedIdentity, startIdentity } from "./start_identity.ts";
import { PASSWORD } from "./test_browser.ts";

export type GenuineClient = ReturnType<typeof createClerkClient>;

/** A real server, and the genuine @clerk/backend, unmodified, that calls it. */
export class GenuineBackend implements AsyncDisposable {
  readonly server: StartedIdentity;
  readonly clerk: GenuineClient;
  #addresses = 0;

  constructor(server: StartedIdentity) {
    this.server = server;
    this.clerk = createClerkClient({ secretKey: server.secretKey, apiUrl: server.url });
  }

  /** An address that nobody has yet. */
  newAddress(): string {
    this.#addresses++;
    return `person${this.#addresses}@example.com`;
  }

  newUser(fields: Partial<Parameters<GenuineClient["users"]["createUser"]>[0]> = {}) {
    const defaults = { emailAddress: [this.newAddress()], password: PASSWORD };
    return this.clerk.users.createUser({ ...defaults, ...fields });
  }

  /** What the package has no method for. `path` begins behind `/v1`. */
  api(method: string, path: string, body?: unknown, secretKey = this.server.secretKey): Promise<Response> {
    return fetch(`${this.server.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${secretKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

export async function startGenuineBackend(
  options: Parameters<typeof startIdentity>[0] = {},
): Promise<GenuineBackend> {
  return new GenuineBackend(await startIdentity(options));
}

/** The error that a call of the genuine package is refused with. Throws when it is not refused. */
export async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => null,
    (reason: unknown) =>
      reason as {
        status: number;
        clerkTraceId?: string;
        errors: { code: string; longMessage: string; meta?: { paramName?: string } }[];
      },
  );
  if (error === null) throw new Error("It was not refused.");
  return { status: error.status, trace: error.clerkTraceId, ...error.errors[0]! };
}
