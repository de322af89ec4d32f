import type { ClerkResource, DeletedObjectResource } from "./resource.ts";
import type { SessionWithActivitiesResource } from "./session.ts";
import type { VerificationResource } from "./verification.ts";

/** What an address is also used by: `{type: "oauth_google"}`; such an address cannot be removed. */
export interface IdentificationLink {
  id: string;
  type: string;
}

export interface EmailAddressResource extends ClerkResource {
  readonly id: string;
  emailAddress: string;
  verification: VerificationResource;
  linkedTo: IdentificationLink[];
  matchesSsoConnection: boolean;
  toString(): string;
  /** Adds the address to the user. @throws ClerkAPIResponseError */
  create(): Promise<EmailAddressResource>;
  /** Sends the code or the link. @throws ClerkAPIResponseError */
  prepareVerification(params: {
    strategy: "email_code" | "email_link";
    redirectUrl?: string;
  }): Promise<EmailAddressResource>;
  /** @throws ClerkAPIResponseError */
  attemptVerification(params: { code: string }): Promise<EmailAddressResource>;
  /** Takes the address away from the user. @throws ClerkAPIResponseError */
  destroy(): Promise<void>;
}

export interface PhoneNumberResource {
  readonly id: string;
  phoneNumber: string;
  verification: VerificationResource;
  linkedTo: IdentificationLink[];
  reservedForSecondFactor: boolean;
  defaultSecondFactor: boolean;
}

export interface ExternalAccountResource {
  readonly id: string;
  identificationId: string;
  provider: string;
  providerUserId: string;
  emailAddress: string;
  firstName: string;
  lastName: string;
  imageUrl: string;
  username?: string;
  label?: string;
  verification: VerificationResource | null;
}

export interface OrganizationMembershipResource {
  readonly id: string;
  role: string;
  permissions: string[];
  organization: { id: string; name: string; slug: string | null; imageUrl: string; hasImage: boolean };
}

export interface UpdateUserParams {
  username?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  primaryEmailAddressId?: string | null;
  primaryPhoneNumberId?: string | null;
  unsafeMetadata?: Record<string, unknown>;
}

export interface UpdateUserPasswordParams {
  newPassword: string;
  currentPassword?: string;
  signOutOfOtherSessions?: boolean;
}

/** The person who is signed in, as the client may see them (F §5.4). */
export interface UserResource extends ClerkResource {
  readonly id: string;
  externalId: string | null;
  username: string | null;
  firstName: string | null;
  lastName: string | null;
  /** First and last name; null when there is neither. */
  readonly fullName: string | null;
  imageUrl: string;
  hasImage: boolean;
  primaryEmailAddressId: string | null;
  primaryEmailAddress: EmailAddressResource | null;
  primaryPhoneNumberId: string | null;
  primaryPhoneNumber: PhoneNumberResource | null;
  emailAddresses: EmailAddressResource[];
  phoneNumbers: PhoneNumberResource[];
  externalAccounts: ExternalAccountResource[];
  organizationMemberships: OrganizationMembershipResource[];
  readonly hasVerifiedEmailAddress: boolean;
  readonly hasVerifiedPhoneNumber: boolean;
  readonly verifiedExternalAccounts: ExternalAccountResource[];
  readonly unverifiedExternalAccounts: ExternalAccountResource[];
  passwordEnabled: boolean;
  totpEnabled: boolean;
  backupCodeEnabled: boolean;
  twoFactorEnabled: boolean;
  publicMetadata: Record<string, unknown>;
  unsafeMetadata: Record<string, unknown>;
  createOrganizationEnabled: boolean;
  createOrganizationsLimit: number | null;
  deleteSelfEnabled: boolean;
  lastSignInAt: Date | null;
  legalAcceptedAt: Date | null;
  createdAt: Date | null;
  updatedAt: Date | null;

  /** @throws ClerkAPIResponseError */
  update(params: UpdateUserParams): Promise<UserResource>;
  /** @throws ClerkAPIResponseError */
  updatePassword(params: UpdateUserPasswordParams): Promise<UserResource>;
  /** @throws ClerkAPIResponseError */
  removePassword(params: { currentPassword: string }): Promise<UserResource>;
  /** Adds an address, unverified. @throws ClerkAPIResponseError */
  createEmailAddress(params: { email: string }): Promise<EmailAddressResource>;
  /** The user's sessions on every device. @throws ClerkAPIResponseError */
  getSessions(): Promise<SessionWithActivitiesResource[]>;
  /** Deletes the account and signs out. @throws ClerkAPIResponseError */
  delete(): Promise<DeletedObjectResource>;
  isPrimaryIdentification(identification: { id: string }): boolean;
}
