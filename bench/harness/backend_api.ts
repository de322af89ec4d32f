import { keptConnection } from "./requests.ts";
import type { TandemProcess } from "./tandem.ts";

/** The Backend API of a running program's identity server, over a connection of its own. */
export class BackendApi {
  readonly #tandem: TandemProcess;
  readonly #post = keptConnection();

  constructor(tandem: TandemProcess) {
    this.#tandem = tandem;
  }

  /** Answers the user's id. Without a password they cannot sign in by one. */
  async createUser(emailAddress: string, password?: string): Promise<string> {
    const { id } = (await this.#call("/v1/users", {
      email_address: [emailAddress],
      first_name: "Ada",
      last_name: "Lovelace",
      ...(password === undefined
        ? { skip_password_requirement: true }
        : { password, skip_password_checks: true }),
    })) as { id: string };
    return id;
  }

  /** Answers the session's id. */
  async createSession(userId: string): Promise<string> {
    const { id } = (await this.#call("/v1/sessions", { user_id: userId })) as { id: string };
    return id;
  }

  /** A token of the template `convex`. */
  async mintConvexToken(sessionId: string, seconds: number): Promise<string> {
    const { jwt } = (await this.#call(`/v1/sessions/${sessionId}/tokens/convex`, {
      expires_in_seconds: seconds,
    })) as { jwt: string };
    return jwt;
  }

  async #call(path: string, body: unknown): Promise<unknown> {
    const { json } = await this.#post({
      url: `${this.#tandem.identityUrl}${path}`,
      headers: {
        authorization: `Bearer ${this.#tandem.secretKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(body),
    });
    return json;
  }
}
