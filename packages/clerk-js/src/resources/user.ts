import type { DeletedObjectResource } from "../types/resource.ts";
import type { SessionWithActivitiesResource } from "../types/session.ts";
import type {
  ExternalAccountResource,
  OrganizationMembershipResource,
  UpdateUserParams,
  UpdateUserPasswordParams,
  UserResource,
} from "../types/user.ts";
import type { ApiRequest } from "../wire/api.ts";
import type {
  DeletedJson,
  ExternalAccountJson,
  OrganizationMembershipJson,
  SessionWithActivitiesJson,
  UserJson,
} from "../wire/json.ts";
import { EmailAddress } from "./email_address.ts";
import { PhoneNumber } from "./phone_number.ts";
import { dateOrNull, type ResourceHost } from "./resource.ts";
import { SessionWithActivities } from "./session_with_activities.ts";
import { Verification } from "./verification.ts";

/** The user of a session. */
export class User implements UserResource {
  id = "";
  externalId: string | null = null;
  username: string | null = null;
  firstName: string | null = null;
  lastName: string | null = null;
  imageUrl = "";
  hasImage = false;
  primaryEmailAddressId: string | null = null;
  primaryPhoneNumberId: string | null = null;
  emailAddresses: EmailAddress[] = [];
  phoneNumbers: PhoneNumber[] = [];
  externalAccounts: ExternalAccountResource[] = [];
  organizationMemberships: OrganizationMembershipResource[] = [];
  passwordEnabled = false;
  totpEnabled = false;
  backupCodeEnabled = false;
  twoFactorEnabled = false;
  publicMetadata: Record<string, unknown> = {};
  unsafeMetadata: Record<string, unknown> = {};
  createOrganizationEnabled = false;
  createOrganizationsLimit: number | null = null;
  deleteSelfEnabled = false;
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
    this.id = json.id;
    this.externalId = json.external_id ?? null;
    this.username = json.username ?? null;
    this.firstName = json.first_name ?? null;
    this.lastName = json.last_name ?? null;
    this.imageUrl = json.image_url ?? "";
    this.hasImage = json.has_image ?? false;
    this.primaryEmailAddressId = json.primary_email_address_id ?? null;
    this.primaryPhoneNumberId = json.primary_phone_number_id ?? null;
    this.emailAddresses = (json.email_addresses ?? []).map(
      (address) => new EmailAddress(this.#host, this.#clientId, address),
    );
    this.phoneNumbers = (json.phone_numbers ?? []).map(
      (number) => new PhoneNumber(this.#host, this.#clientId, number),
    );
    this.externalAccounts = (json.external_accounts ?? []).map((account) =>
      readExternalAccount(account, this.#clientId),
    );
    this.organizationMemberships = (json.organization_memberships ?? []).map(readMembership);
    this.passwordEnabled = json.password_enabled ?? false;
    this.totpEnabled = json.totp_enabled ?? false;
    this.backupCodeEnabled = json.backup_code_enabled ?? false;
    this.twoFactorEnabled = json.two_factor_enabled ?? false;
    this.publicMetadata = json.public_metadata ?? {};
    this.unsafeMetadata = json.unsafe_metadata ?? {};
    this.createOrganizationEnabled = json.create_organization_enabled ?? false;
    this.createOrganizationsLimit = json.create_organizations_limit ?? null;
    this.deleteSelfEnabled = json.delete_self_enabled ?? false;
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

  get primaryPhoneNumber(): PhoneNumber | null {
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

function readExternalAccount(
  json: ExternalAccountJson,
  clientId: () => string | undefined,
): ExternalAccountResource {
  return {
    id: json.id,
    identificationId: json.identification_id,
    provider: json.provider.replace(/^oauth_/, ""),
    providerUserId: json.provider_user_id,
    emailAddress: json.email_address,
    firstName: json.first_name,
    lastName: json.last_name,
    imageUrl: json.image_url ?? "",
    username: json.username,
    label: json.label,
    verification: json.verification ? new Verification(json.verification, clientId) : null,
  };
}

function readMembership(json: OrganizationMembershipJson): OrganizationMembershipResource {
  const { id, name, slug, image_url, has_image } = json.organization;
  return {
    id: json.id,
    role: json.role,
    permissions: json.permissions,
    organization: { id, name, slug, imageUrl: image_url ?? "", hasImage: has_image ?? false },
  };
}
