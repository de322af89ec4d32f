import type { IdentificationLink, PhoneNumberResource } from "../types/user.ts";
import type { PhoneNumberJson } from "../wire/json.ts";
import type { ResourceHost } from "./resource.ts";
import { Verification } from "./verification.ts";

/** A telephone number of the user. */
export class PhoneNumber implements PhoneNumberResource {
  id = "";
  phoneNumber = "";
  verification: Verification = new Verification(null, () => undefined);
  linkedTo: IdentificationLink[] = [];
  reservedForSecondFactor = false;
  defaultSecondFactor = false;
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;

  constructor(host: ResourceHost, clientId: () => string | undefined, json: PhoneNumberJson) {
    this.#host = host;
    this.#clientId = clientId;
    this.#apply(json);
  }

  #apply(json: PhoneNumberJson): void {
    this.id = json.id;
    this.phoneNumber = json.phone_number;
    this.verification = new Verification(json.verification, this.#clientId);
    this.linkedTo = json.linked_to ?? [];
    this.reservedForSecondFactor = json.reserved_for_second_factor ?? false;
    this.defaultSecondFactor = json.default_second_factor ?? false;
  }

  toString(): string {
    return this.phoneNumber;
  }

  reload = async (): Promise<this> => {
    await this.#host.api.request<PhoneNumberJson>(
      { path: `/me/phone_numbers/${this.id}`, updatesClient: true },
      (json) => this.#apply(json),
    );
    return this;
  };
}
