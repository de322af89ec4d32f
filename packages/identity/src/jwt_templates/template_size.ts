import { resolveShortcodes, type ShortcodeScope } from "../tokens/shortcodes.ts";

/** Browsers and proxies drop what is longer: a token has to fit into one cookie or header. */
export const MOST_TOKEN_BYTES = 4096;

/** Header, automatic claims and an RS256 signature, with a long issuer and origin. */
const FIXED_BYTES = 1100;

const NAME = "W".repeat(64);
const METADATA_BYTES = 512;

/** Bytes of a template's token for a user with long names, a long address and some metadata. */
export function largestTokenBytes(claims: Record<string, unknown>): number {
  const resolved = JSON.stringify(resolveShortcodes(claims, largeScope()));
  return FIXED_BYTES + Math.ceil((Buffer.byteLength(resolved) * 4) / 3);
}

function largeScope(): ShortcodeScope {
  const metadata = largeMetadata();
  return {
    user: {
      id: `user_${"0".repeat(27)}`,
      first_name: NAME,
      last_name: NAME,
      full_name: `${NAME} ${NAME}`,
      username: NAME,
      external_id: NAME,
      image_url: `https://clerk.example.com/avatars/${"0".repeat(160)}`,
      has_image: false,
      primary_email_address: `${NAME}@${"w".repeat(128)}.example`,
      primary_phone_number: "+000000000000000",
      primary_web3_wallet: `0x${"0".repeat(40)}`,
      email_verified: true,
      phone_number_verified: true,
      two_factor_enabled: true,
      created_at: 10_000_000_000,
      updated_at: 10_000_000_000,
      last_sign_in_at: 10_000_000_000,
      public_metadata: metadata,
      unsafe_metadata: metadata,
      organizations: {},
    },
    session: { id: `sess_${"0".repeat(27)}`, actor: { sub: `user_${"0".repeat(27)}` } },
  };
}

/** All of a user's metadata, if a template takes it whole. A single value of it is small beside that. */
function largeMetadata(): Record<string, unknown> {
  return { everything: "W".repeat(METADATA_BYTES) };
}
