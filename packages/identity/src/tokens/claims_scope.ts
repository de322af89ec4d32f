import type { Instance } from "../instances/index.ts";
import type { RowReader, SessionRow, UserRow } from "../store/index.ts";
import { avatarUrl } from "../users/index.ts";
import type { ShortcodeScope } from "./shortcodes.ts";

/** Everything that shortcodes can say of a user and a session (B §4). Private metadata is not in it. */
export async function claimsScope(
  reader: RowReader,
  instance: Instance,
  user: UserRow,
  session: SessionRow,
): Promise<ShortcodeScope> {
  const primary =
    user.primaryEmailAddressId === null
      ? null
      : await reader.get("email_addresses", user.primaryEmailAddressId);
  return {
    user: {
      id: user.id,
      first_name: user.firstName,
      last_name: user.lastName,
      full_name: [user.firstName, user.lastName].filter((name) => name !== null).join(" ") || null,
      username: user.username,
      external_id: user.externalId,
      image_url: avatarUrl(instance, user),
      has_image: false,
      primary_email_address: primary?.emailAddress ?? null,
      primary_phone_number: null,
      primary_web3_wallet: null,
      email_verified: primary?.verification.status === "verified",
      phone_number_verified: false,
      two_factor_enabled: false,
      created_at: seconds(user.createdAt),
      updated_at: seconds(user.updatedAt),
      last_sign_in_at: user.lastSignInAt === null ? null : seconds(user.lastSignInAt),
      public_metadata: JSON.parse(user.publicMetadata),
      unsafe_metadata: JSON.parse(user.unsafeMetadata),
      organizations: {},
    },
    session: {
      id: session.id,
      actor: session.actor === null ? null : JSON.parse(session.actor),
    },
  };
}

/** Tokens count time in whole seconds. */
function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
