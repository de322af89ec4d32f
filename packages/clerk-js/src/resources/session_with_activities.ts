import type { SessionActivity, SessionWithActivitiesResource } from "../types/session.ts";
import { readFields } from "../wire/fields.ts";
import type { SessionWithActivitiesJson } from "../wire/json.ts";
import { deepSnakeToCamel } from "../wire/snake_case.ts";
import type { ResourceHost } from "./resource.ts";

const FIELDS = { id: "", status: "", actor: null as Record<string, unknown> | null };

export interface SessionWithActivities extends Fields {}
type Fields = typeof FIELDS;

/** A session of the user on some device. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class SessionWithActivities implements SessionWithActivitiesResource {
  expireAt!: Date;
  abandonAt!: Date;
  lastActiveAt!: Date;
  latestActivity!: SessionActivity;
  readonly #host: ResourceHost;

  constructor(host: ResourceHost, json: SessionWithActivitiesJson) {
    this.#host = host;
    this.#apply(json);
  }

  #apply(json: SessionWithActivitiesJson): void {
    Object.assign(this, readFields(json, FIELDS));
    this.expireAt = new Date(json.expire_at);
    this.abandonAt = new Date(json.abandon_at);
    this.lastActiveAt = new Date(json.last_active_at);
    this.latestActivity = deepSnakeToCamel(json.latest_activity ?? { id: "" }) as SessionActivity;
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
