import type { DeletedObjectResource } from "../types/resource.ts";
import type { SessionWithActivitiesResource } from "../types/session.ts";
import type {
  ExternalAccountResource,
  IdentificationLink,
  OrganizationMembershipResource,
  PhoneNumberResource,
  UpdateUserParams,
  UpdateUserPasswordParams,
  UserResource,
} from "../types/user.ts";
import type { ApiRequest } from "../wire/api.ts";
import { readFields } from "../wire/fields.ts";
import type {
  DeletedJson,
  ExternalAccountJson,
  OrganizationMembershipJson,
  SessionWithActivitiesJson,
  UserJson,
} from "../wire/json.ts";
import { EmailAddress } from "./email_address.ts";
import { dateOrNull, type ResourceHost } from "./resource.ts";
import { SessionWithActivities } from "./session_with_activities.ts";
import { Verification } from "./verification.ts";

const FIELDS = {
  id: "",
  externalId: null as string | null,
  username: null as string | null,
  firstName: null as string | null,
  lastName: null as string | null,
  imageUrl: "",
  hasImage: false,
  primaryEmailAddressId: null as string | null,
  primaryPhoneNumberId: null as string | null,
  passwordEnabled: false,
  totpEnabled: false,
  backupCodeEnabled: false,
  twoFactorEnabled: false,
  publicMetadata: {} as Record<string, unknown>,
  unsafeMetadata: {} as Record<string, unknown>,
  createOrganizationEnabled: false,
  createOrganizationsLimit: null as number | null,
  deleteSelfEnabled: false,
};

const PHONE_FIELDS = {
  id: "",
  phoneNumber: "",
  linkedTo: [] as IdentificationLink[],
  reservedForSecondFactor: false,
  defaultSecondFactor: false,
};

export interface User extends Fields {}
type Fields = typeof FIELDS;

/** The user of a session. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: apply() gives every one of the fields its value
export class User implements UserResource {
  emailAddresses: EmailAddress[] = [];
  phoneNumbers: PhoneNumberResource[] = [];
  externalAccounts: ExternalAccountResource[] = [];
  organizationMemberships: OrganizationMembershipResource[] = [];
  lastSignInAt: Date | null = null;
  legalAcceptedAt: Date | null = null;
  createdAt: Date | null = null;
  updatedAt: Date | null = null;
  readonly #host: ResourceHost;
  readonly #clientId: () => string | undefined;

  constructor(host: ResourceHost, clientId: () => string | undefined, json: UserJson) {
    this.#host = host;
    this.#clientId = clientId;
    this.#apply(json);
  }

  #apply(json: UserJson): void {
    Object.assign(this, readFields(json, FIELDS));
    this.emailAddresses = (json.email_addresses ?? []).map(
      (address) => new EmailAddress(this.#host, this.#clientId, address),
    );
    this.phoneNumbers = (json.phone_numbers ?? []).map((number) => ({
      ...readFields(number, PHONE_FIELDS),
      verification: new Verification(number.verification, this.#clientId),
    }));
    this.externalAccounts = (json.external_accounts ?? []).map((account) =>
      readExternalAccount(account, this.#clientId),
    );
    this.organizationMemberships = (json.organization_memberships ?? []).map(readMembership);
    this.lastSignInAt = dateOrNull(json.last_sign_in_at);
    this.legalAcceptedAt = dateOrNull(json.legal_accepted_at);
    this.createdAt = dateOrNull(json.created_at);
    this.updatedAt = dateOrNull(json.updated_at);
  }

  get fullName(): string | null {
    return [this.firstName, this.lastName].filter(Boolean).join(" ") || null;
  }

  get primaryEmailAddress(): EmailAddress | null {
    return this.emailAddresses.find(({ id }) => id === this.primaryEmailAddressId) ?? null;
  }

  get primaryPhoneNumber(): PhoneNumberResource | null {
    return this.phoneNumbers.find(({ id }) => id === this.primaryPhoneNumberId) ?? null;
  }

  get hasVerifiedEmailAddress(): boolean {
    return this.emailAddresses.some(({ verification }) => verification.status === "verified");
  }

  get hasVerifiedPhoneNumber(): boolean {
    return this.phoneNumbers.some(({ verification }) => verification.status === "verified");
  }

  get verifiedExternalAccounts(): ExternalAccountResource[] {
    return this.externalAccounts.filter(({ verification }) => verification?.status === "verified");
  }

  get unverifiedExternalAccounts(): ExternalAccountResource[] {
    return this.externalAccounts.filter(({ verification }) => verification?.status !== "verified");
  }

  update = (params: UpdateUserParams): Promise<this> =>
    this.#send({ method: "PATCH", path: "/me", body: { ...params } });

  updatePassword = (params: UpdateUserPasswordParams): Promise<this> =>
    this.#send({ method: "POST", path: "/me/change_password", body: { ...params } });

  removePassword = (params: { currentPassword: string }): Promise<this> =>
    this.#send({ method: "POST", path: "/me/remove_password", body: params });

  createEmailAddress = ({ email }: { email: string }): Promise<EmailAddress> =>
    new EmailAddress(this.#host, this.#clientId, { email_address: email }).create();

  getSessions = async (): Promise<SessionWithActivitiesResource[]> => {
    const sessions = await this.#host.api.request<SessionWithActivitiesJson[]>({
      path: "/me/sessions/active",
    });
    return sessions.map((session) => new SessionWithActivities(this.#host, session));
  };

  delete = async (): Promise<DeletedObjectResource> => {
    const deleted = await this.#host.api.request<DeletedJson>({ method: "DELETE", path: "/me" });
    await this.#host.signedOut();
    return deleted;
  };

  reload = (): Promise<this> => this.#send({ path: "/me", updatesClient: true });

  isPrimaryIdentification = ({ id }: { id: string }): boolean =>
    id === this.primaryEmailAddressId || id === this.primaryPhoneNumberId;

  async #send(request: ApiRequest): Promise<this> {
    await this.#host.api.request<UserJson>(request, (json) => this.#apply(json));
    return this;
  }
}

const ACCOUNT_FIELDS = {
  id: "",
  identificationId: "",
  provider: "",
  providerUserId: "",
  emailAddress: "",
  firstName: "",
  lastName: "",
  imageUrl: "",
  username: undefined,
  label: undefined,
};

function readExternalAccount(
  json: ExternalAccountJson,
  clientId: () => string | undefined,
): ExternalAccountResource {
  return {
    ...readFields(json, ACCOUNT_FIELDS),
    provider: json.provider.replace(/^oauth_/, ""),
    verification: json.verification ? new Verification(json.verification, clientId) : null,
  };
}

function readMembership({ id, role, permissions, organization }: OrganizationMembershipJson) {
  const fields = { id: "", name: "", slug: null, imageUrl: "", hasImage: false };
  return { id, role, permissions, organization: readFields(organization, fields) };
}
