import type { Instance } from "../instances/index.ts";
import type { EmailAddressRow, Reader, UserRow } from "../store/index.ts";
import { verificationJson } from "../verification/verification_json.ts";
import { avatarUrl } from "./avatar.ts";

/** A user on the wire (F §5.4): what the person may see of themselves, hence without private metadata. */
export type UserJson = ReturnType<typeof describe>;

/** A user of this moment, with their addresses. */
export async function userJson(
  reader: Reader,
  instance: Instance,
  user: UserRow,
  now: number,
): Promise<UserJson> {
  return describe(instance, user, await reader.list("email_addresses", "by_user", [user.id]), now);
}

function describe(
  instance: Instance,
  user: UserRow,
  emailAddresses: readonly EmailAddressRow[],
  now: number,
) {
  return {
    object: "user" as const,
    id: user.id,
    external_id: user.externalId,
    username: user.username,
    first_name: user.firstName,
    last_name: user.lastName,
    locale: user.locale,
    image_url: avatarUrl(instance, user),
    has_image: false,
    primary_email_address_id: user.primaryEmailAddressId,
    primary_phone_number_id: null,
    primary_web3_wallet_id: null,
    email_addresses: emailAddresses.map((row) => emailAddressJson(row, now)),
    phone_numbers: [] as unknown[],
    web3_wallets: [] as unknown[],
    passkeys: [] as unknown[],
    external_accounts: [] as unknown[],
    enterprise_accounts: [] as unknown[],
    saml_accounts: [] as unknown[],
    organization_memberships: [] as unknown[],
    password_enabled: user.passwordDigest !== null,
    totp_enabled: false,
    backup_code_enabled: false,
    two_factor_enabled: false,
    // An operator may have put null there (B §1.4): pages count on an object.
    public_metadata: (JSON.parse(user.publicMetadata) ?? {}) as Record<string, unknown>,
    unsafe_metadata: (JSON.parse(user.unsafeMetadata) ?? {}) as Record<string, unknown>,
    create_organization_enabled: user.createOrganizationEnabled,
    create_organizations_limit: user.createOrganizationsLimit,
    delete_self_enabled: user.deleteSelfEnabled && instance.settings.deleteSelf,
    banned: user.banned,
    last_sign_in_at: user.lastSignInAt,
    last_active_at: user.lastActiveAt,
    password_last_updated_at: user.passwordUpdatedAt,
    legal_accepted_at: user.legalAcceptedAt,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  };
}

/** An e-mail address of a user (F §5.5). */
export function emailAddressJson(row: EmailAddressRow, now: number) {
  return {
    object: "email_address" as const,
    id: row.id,
    email_address: row.emailAddress,
    reserved: row.reserved && row.verification.status !== "verified",
    verification: verificationJson(row.verification, now),
    linked_to: [] as unknown[],
    matches_sso_connection: false,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/** What others may see of a user (F §5.3). */
export function publicUserData(user: UserJson) {
  const primary = user.email_addresses.find(({ id }) => id === user.primary_email_address_id);
  return {
    first_name: user.first_name,
    last_name: user.last_name,
    image_url: user.image_url,
    has_image: user.has_image,
    identifier: primary?.email_address ?? user.username ?? "",
    user_id: user.id,
    username: user.username,
    banned: user.banned,
  };
}
