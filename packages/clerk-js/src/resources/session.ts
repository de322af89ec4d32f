import { isAuthorized } from "../authorization.ts";
import { ClerkOfflineError, ClerkRuntimeError, isClerkAPIResponseError } from "../errors.ts";
import { readToken } from "../tokens/token.ts";
import type { TokenKey } from "../tokens/token_cache.ts";
import type { CheckAuthorizationParams } from "../types/authorization.ts";
import type {
  GetTokenOptions,
  PublicUserData,
  SessionResource,
  SessionStatus,
  SessionTask,
  SignedInSessionResource,
  TokenResource,
} from "../types/session.ts";
import { isPassing } from "../wire/api_errors.ts";
import { readFields } from "../wire/fields.ts";
import type { SessionJson, TokenJson } from "../wire/json.ts";
import { persistently } from "../wire/retry.ts";
import type { ResourceHost } from "./resource.ts";
import { User } from "./user.ts";

/** How patiently a token is asked for (F §2.4). */
const TRIES = 8;
const TRIES_OFFLINE = 3;

const FIELDS = {
  id: "",
  status: "active" as SessionStatus,
  lastActiveOrganizationId: null as string | null,
  factorVerificationAge: null as [number, number] | null,
  actor: null as Record<string, unknown> | null,
  tasks: null as SessionTask[] | null,
};

const PUBLIC_FIELDS: PublicUserData = {
  firstName: null,
  lastName: null,
  imageUrl: "",
  hasImage: false,
  identifier: "",
  userId: undefined,
  username: null,
};

export interface Session extends Fields {}
type Fields = typeof FIELDS;

/** A session that is active or pending. */
export type SignedInSession = Session & SignedInSessionResource;

/** A session of this client. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class Session implements SessionResource {
  expireAt!: Date;
  abandonAt!: Date;
  lastActiveAt!: Date;
  lastActiveToken: TokenResource | null = null;
  user: User | null = null;
  publicUserData!: PublicUserData;
  createdAt!: Date;
  updatedAt!: Date;
  /** This page is signing it out: there are no tokens any more, and asking for one would be refused. */
  isEnding = false;
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;
  #json: SessionJson;
  #userJson = "";

  /** @param previous - the same session as it was known before: its user is kept if nothing about it has changed */
  constructor(host: ResourceHost, clientId: () => string | undefined, json: SessionJson, previous?: Session) {
    this.#host = host;
    this.#clientId = clientId;
    if (previous !== undefined) {
      this.user = previous.user;
      this.lastActiveToken = previous.lastActiveToken;
      this.#userJson = previous.#userJson;
    }
    this.#json = json;
    this.#apply(json);
  }

  /** Whether the server has nothing new to say, so that this object may stay. */
  isAs(json: SessionJson): boolean {
    return JSON.stringify(json) === JSON.stringify(this.#json);
  }

  #apply(json: SessionJson): void {
    this.#json = json;
    Object.assign(this, readFields(json, FIELDS));
    this.expireAt = new Date(json.expire_at);
    this.abandonAt = new Date(json.abandon_at);
    this.lastActiveAt = new Date(json.last_active_at);
    this.createdAt = new Date(json.created_at);
    this.updatedAt = new Date(json.updated_at);
    const userJson = JSON.stringify(json.user ?? null);
    if (userJson !== this.#userJson) {
      this.#userJson = userJson;
      this.user = json.user ? new User(this.#host, this.#clientId, json.user) : null;
    }
    this.publicUserData = readFields(json.public_user_data, PUBLIC_FIELDS);
    if (json.last_active_token?.jwt) {
      this.lastActiveToken = readToken(json.last_active_token.jwt);
      const key = this.#key({});
      this.#host.tokens.put(key, this.lastActiveToken, this.#renewal(key));
    }
  }

  get currentTask(): SessionTask | undefined {
    return this.tasks?.[0];
  }

  getToken = async (options: GetTokenOptions = {}): Promise<string | null> => {
    if (options.template === undefined && (options.leewayInSeconds ?? 0) >= 60) {
      throw new ClerkRuntimeError(
        `getToken({ leewayInSeconds: ${options.leewayInSeconds} }): session tokens live for 60 seconds, so the leeway must be below 60.`,
        { code: "invalid_leeway" },
      );
    }
    if (this.user === null || this.isEnding) {
      return null;
    }
    const key = this.#key(options);
    const renew = this.#renewal(key);
    const token = options.skipCache
      ? await this.#host.tokens.fetch(key, () => this.#fetchToken(key, true), renew)
      : await this.#host.tokens.get(key, () => this.#fetchToken(key, false), {
          leeway: options.leewayInSeconds,
          renew,
        });
    if (key.template === undefined && key.organizationId === (this.lastActiveOrganizationId ?? "")) {
      this.lastActiveToken = token;
    }
    return token.getRawString();
  };

  checkAuthorization = (asked: CheckAuthorizationParams): boolean => {
    const membership = this.user?.organizationMemberships.find(
      ({ organization }) => organization.id === this.lastActiveOrganizationId,
    );
    const claims = this.lastActiveToken?.jwt.claims;
    return isAuthorized(
      {
        userId: this.user?.id,
        orgId: membership?.organization.id,
        orgRole: membership?.role,
        orgPermissions: membership?.permissions,
        factorVerificationAge: this.factorVerificationAge,
        features: claims?.fea as string | undefined,
        plans: claims?.pla as string | undefined,
      },
      asked,
    );
  };

  touch = ({ intent }: { intent?: "focus" | "select_session" | "select_org" } = {}): Promise<this> =>
    this.touchWith({ activeOrganizationId: this.lastActiveOrganizationId, intent });

  /** `touch()` that also chooses the organisation, by id or slug; null is the personal workspace (F §6.6). */
  touchWith(body: { activeOrganizationId: string | null; intent?: string }): Promise<this> {
    return this.#post("touch", body);
  }

  end = (): Promise<this> => this.#post("end");

  remove = (): Promise<this> => this.#post("remove");

  reload = async (): Promise<this> => {
    await this.#host.api.request<SessionJson>(
      { path: `/client/sessions/${this.id}`, updatesClient: true },
      (json) => this.#apply(json),
    );
    return this;
  };

  clearCache = (): void => this.#host.tokens.clear(this.id);

  async #post(action: string, body: Record<string, unknown> = {}): Promise<this> {
    await this.#host.api.request<SessionJson>(
      { method: "POST", path: `/client/sessions/${this.id}/${action}`, body },
      (json) => this.#apply(json),
    );
    return this;
  }

  /** No organisation named: the session's; null or an empty one: the personal workspace (F §6.2). */
  #key({ template, organizationId }: GetTokenOptions): TokenKey {
    const organization = organizationId === undefined ? this.lastActiveOrganizationId : organizationId;
    return { sessionId: this.id, template, organizationId: organization ?? "" };
  }

  /** Replaces a token shortly before its end, as long as somebody looks at the page. */
  #renewal(key: TokenKey): (() => void) | undefined {
    if (!this.#host.isFocused()) {
      return undefined;
    }
    return () => {
      this.#host.tokens
        .fetch(key, () => this.#fetchToken(key, false), this.#renewal(key))
        // Whoever asks next fetches again, and is told why it fails.
        .catch((error) => console.debug("A token could not be renewed ahead of time.", error));
    };
  }

  async #fetchToken(key: TokenKey, fresh: boolean): Promise<TokenResource> {
    try {
      const token = await persistently(
        () => this.#requestToken(key, fresh),
        isPassing,
        () => ({
          tries: navigator.onLine === false ? TRIES_OFFLINE : TRIES,
          delay: (failures) => Math.min(3000 * 1.55 ** (failures - 1), 50_000),
        }),
      );
      this.#host.tokenArrived(key, token);
      return token;
    } catch (error) {
      if (isPassing(error) && navigator.onLine === false) {
        throw new ClerkOfflineError("No token could be had, for this browser is offline.", { cause: error });
      }
      throw error;
    }
  }

  async #requestToken(
    { sessionId, template, organizationId }: TokenKey,
    fresh: boolean,
    expiredToken?: string,
  ): Promise<TokenResource> {
    const path = `/client/sessions/${sessionId}/tokens`;
    try {
      const { jwt } = await this.#host.api.request<TokenJson>({
        method: "POST",
        path: template === undefined ? path : `${path}/${encodeURIComponent(template)}`,
        search: { debug: fresh ? "skip_cache" : undefined, expired_token: expiredToken },
        body: template === undefined ? { organizationId } : {},
      });
      return readToken(jwt);
    } catch (error) {
      const last = this.lastActiveToken?.getRawString();
      if (expiredToken === undefined && last !== undefined && asksForExpiredToken(error)) {
        return this.#requestToken({ sessionId, template, organizationId }, fresh, last);
      }
      throw error;
    }
  }
}

/** The server wants to see the last token before it mints another (F §6.2). */
function asksForExpiredToken(error: unknown): boolean {
  return isClerkAPIResponseError(error) && error.errors[0]?.code === "missing_expired_token";
}
