import type { ClientResource } from "../types/client.ts";
import type { ClientJson } from "../wire/json.ts";
import { dateOrNull, type ResourceHost } from "./resource.ts";
import { Session, type SignedInSession } from "./session.ts";
import { SignIn } from "./sign_in.ts";
import { SignUp } from "./sign_up.ts";

/** This browser as the server knows it; one object for the page's whole life. */
export class Client implements ClientResource {
  id: string | undefined;
  sessions: Session[] = [];
  readonly signIn: SignIn;
  readonly signUp: SignUp;
  lastActiveSessionId: string | null = null;
  lastAuthenticationStrategy: string | null = null;
  cookieExpiresAt: Date | null = null;
  captchaBypass = false;
  createdAt: Date | null = null;
  updatedAt: Date | null = null;
  readonly #host: ResourceHost;

  constructor(host: ResourceHost) {
    this.#host = host;
    this.signIn = new SignIn(host, this.#ownId);
    this.signUp = new SignUp(host, this.#ownId);
  }

  /** Takes on what the server says; null when it does not know this browser. */
  apply(json: ClientJson | null): void {
    if (json?.id === this.id && this.updatedAt && Number(json?.updated_at) < Number(this.updatedAt)) {
      // A later answer has overtaken this one.
      return;
    }
    const known = new Map(this.sessions.map((session) => [session.id, session]));
    this.id = json?.id;
    this.sessions = (json?.sessions ?? []).map((session) => {
      const previous = known.get(session.id);
      // A session that has changed is another object, so that React sees it.
      return previous?.isAs(session) ? previous : new Session(this.#host, this.#ownId, session, previous);
    });
    this.signIn.apply(json?.sign_in);
    this.signUp.apply(json?.sign_up);
    this.lastActiveSessionId = json?.last_active_session_id ?? null;
    this.lastAuthenticationStrategy = json?.last_authentication_strategy ?? null;
    this.cookieExpiresAt = dateOrNull(json?.cookie_expires_at);
    this.captchaBypass = json?.captcha_bypass ?? false;
    this.createdAt = dateOrNull(json?.created_at);
    this.updatedAt = dateOrNull(json?.updated_at);
  }

  get signedInSessions(): SignedInSession[] {
    return this.sessions.filter((session): session is SignedInSession =>
      ["active", "pending"].includes(session.status),
    );
  }

  get activeSessions(): Session[] {
    return this.sessions.filter(({ status }) => status === "active");
  }

  isNew(): boolean {
    return this.id === undefined;
  }

  /** Ends every session of this client. */
  async removeSessions(): Promise<void> {
    await this.#host.api.request<ClientJson>({ method: "DELETE", path: "/client/sessions" }, (json) =>
      this.apply(json),
    );
  }

  reload = async (): Promise<this> => {
    this.apply(await this.fetch());
    this.#host.changed();
    return this;
  };

  /** The client as the server knows it now, without taking it on. */
  fetch(signal?: AbortSignal): Promise<ClientJson | null> {
    return this.#host.api.request<ClientJson | null>({ path: "/client", signal });
  }

  readonly #ownId = (): string | undefined => this.id;
}
