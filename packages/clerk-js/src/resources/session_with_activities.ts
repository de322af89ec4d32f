import type { SessionActivity, SessionWithActivitiesResource } from "../types/session.ts";
import type { SessionWithActivitiesJson } from "../wire/json.ts";
import { deepSnakeToCamel } from "../wire/snake_case.ts";
import type { ResourceHost } from "./resource.ts";

/** A session of the user on some device. */
export class SessionWithActivities implements SessionWithActivitiesResource {
  id = "";
  status = "";
  expireAt = new Date(0);
  abandonAt = new Date(0);
  lastActiveAt = new Date(0);
  latestActivity: SessionActivity = { id: "" };
  actor: Record<string, unknown> | null = null;
  readonly #host: ResourceHost;

  constructor(host: ResourceHost, json: SessionWithActivitiesJson) {
    this.#host = host;
    this.#apply(json);
  }

  #apply(json: SessionWithActivitiesJson): void {
    this.id = json.id;
    this.status = json.status;
    this.expireAt = new Date(json.expire_at);
    this.abandonAt = new Date(json.abandon_at);
    this.lastActiveAt = new Date(json.last_active_at);
    this.latestActivity = deepSnakeToCamel(json.latest_activity ?? { id: "" }) as SessionActivity;
    this.actor = json.actor ?? null;
  }

  revoke = async (): Promise<this> => {
    await this.#host.api.request<SessionWithActivitiesJson>(
      { method: "POST", path: `/me/sessions/${this.id}/revoke` },
      (json) => this.#apply(json),
    );
    return this;
  };

  reload = async (): Promise<this> => {
    const sessions = await this.#host.api.request<SessionWithActivitiesJson[]>({
      path: "/me/sessions/active",
    });
    const json = sessions.find(({ id }) => id === this.id);
    if (json !== undefined) {
      this.#apply(json);
    }
    return this;
  };
}
