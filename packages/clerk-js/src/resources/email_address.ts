import type { EmailAddressResource, IdentificationLink } from "../types/user.ts";
import { readFields } from "../wire/fields.ts";
import type { EmailAddressJson } from "../wire/json.ts";
import type { ResourceHost } from "./resource.ts";
import { Verification } from "./verification.ts";

const PATH = "/me/email_addresses";

const FIELDS = {
  id: "",
  emailAddress: "",
  linkedTo: [] as IdentificationLink[],
  matchesSsoConnection: false,
};

export interface EmailAddress extends Fields {}
type Fields = typeof FIELDS;

/** An e-mail address of the user. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class EmailAddress implements EmailAddressResource {
  verification!: Verification;
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;

  constructor(host: ResourceHost, clientId: () => string | undefined, json: Partial<EmailAddressJson>) {
    this.#host = host;
    this.#clientId = clientId;
    this.#apply(json);
  }

  #apply(json: Partial<EmailAddressJson>): void {
    Object.assign(this, readFields(json, FIELDS));
    this.verification = new Verification(json.verification, this.#clientId);
  }

  toString(): string {
    return this.emailAddress;
  }

  // The slash at the end is how the path has always been called (F §4).
  create = (): Promise<this> => this.#post(`${PATH}/`, { emailAddress: this.emailAddress });

  prepareVerification = (params: {
    strategy: "email_code" | "email_link";
    redirectUrl?: string;
  }): Promise<this> => this.#post(`${PATH}/${this.id}/prepare_verification`, params);

  attemptVerification = (params: { code: string }): Promise<this> =>
    this.#post(`${PATH}/${this.id}/attempt_verification`, params);

  destroy = async (): Promise<void> => {
    await this.#host.api.request({ method: "DELETE", path: `${PATH}/${this.id}` });
  };

  reload = async (): Promise<this> => {
    await this.#host.api.request<EmailAddressJson>(
      { path: `${PATH}/${this.id}`, updatesClient: true },
      (json) => this.#apply(json),
    );
    return this;
  };

  async #post(path: string, body: Record<string, unknown>): Promise<this> {
    await this.#host.api.request<EmailAddressJson>({ method: "POST", path, body }, (json) =>
      this.#apply(json),
    );
    return this;
  }
}
