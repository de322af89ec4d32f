import { ClerkRuntimeError } from "./errors.ts";
import type { Client } from "./resources/client.ts";
import type { Environment } from "./resources/environment.ts";
import type { SignedInSession } from "./resources/session.ts";
import type { Listener, Resources, Unsubscribe } from "./types/clerk.ts";
import type { UserResource } from "./types/user.ts";
import type { ClientJson } from "./wire/json.ts";

/** What the page knows of its visitor, and who wants to hear of changes. */
export class ClerkState {
  client: Client | undefined;
  /** Undefined while loading, and between two states. */
  session: SignedInSession | null | undefined;
  environment: Environment | undefined;
  /** Whether listeners wait while several steps make one change. */
  holding = false;
  /** Whether the page is being left; a next state on it could send it elsewhere on its way. */
  leaving = false;
  readonly #listeners = new Set<Listener>();
  readonly #beforeTelling: (client: Client) => void;

  /** @param beforeTelling - called with every change, before the listeners are */
  constructor(beforeTelling: (client: Client) => void) {
    this.#beforeTelling = beforeTelling;
  }

  get user(): UserResource | null | undefined {
    return this.session ? this.session.user : this.session;
  }

  /** @throws ClerkRuntimeError `clerk_not_loaded` */
  get loadedClient(): Client {
    if (this.client === undefined) {
      throw new ClerkRuntimeError("The client has not been loaded. Await clerk.load() first.", {
        code: "clerk_not_loaded",
      });
    }
    return this.client;
  }

  get resources(): Resources | undefined {
    const { client, session, user } = this;
    return client && { client, session, user, organization: null };
  }

  /** Takes on the client that an answer brought. The first load brings its own. */
  clientArrived(json: ClientJson | null): void {
    this.client?.apply(json);
  }

  /** A session of this client; null when it has ended. */
  find(id: string | null | undefined): SignedInSession | null {
    return this.client?.signedInSessions.find((session) => session.id === id) ?? null;
  }

  changed(): void {
    if (this.holding || this.client === undefined) {
      return;
    }
    // The client's sessions may be other objects now, or have ended.
    this.session &&= this.find(this.session.id);
    this.#beforeTelling(this.client);
    if (!this.leaving) {
      this.tell();
    }
  }

  tell(): void {
    const { resources } = this;
    if (resources !== undefined) {
      for (const listener of [...this.#listeners]) {
        listener(resources);
      }
    }
  }

  /** @param tells - whether to tell at once what is known already */
  listen(listener: Listener, tells: boolean): Unsubscribe {
    this.#listeners.add(listener);
    if (tells && this.resources !== undefined) {
      listener(this.resources);
    }
    return () => this.#listeners.delete(listener);
  }
}
