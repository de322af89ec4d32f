/** Resources as they come over the wire (F §5); times are Unix milliseconds. */

import type { ClerkAPIErrorMeta } from "../types/errors.ts";
import type { SessionStatus } from "../types/session.ts";
import type { SignInStatus } from "../types/sign_in.ts";
import type { SignUpStatus } from "../types/sign_up.ts";
import type { VerificationStatus } from "../types/verification.ts";

export type ErrorJson = {
  code: string;
  message: string;
  long_message?: string;
  meta?: Record<string, unknown>;
};

export type ErrorMeta = ClerkAPIErrorMeta;

export type VerificationJson = {
  status: VerificationStatus;
  strategy?: string | null;
  attempts?: number | null;
  expire_at?: number | null;
  verified_at_client?: string | null;
  channel?: "sms" | "whatsapp";
  nonce?: string | null;
  message?: string | null;
  external_verification_redirect_url?: string | null;
  error?: ErrorJson | null;
  next_action?: "needs_prepare" | "needs_attempt" | "";
  supported_strategies?: string[];
};

export type SignInJson = {
  id: string;
  status: SignInStatus;
  supported_identifiers?: string[];
  supported_first_factors?: object[] | null;
  supported_second_factors?: object[] | null;
  first_factor_verification?: VerificationJson | null;
  second_factor_verification?: VerificationJson | null;
  identifier?: string | null;
  created_session_id?: string | null;
  user_data?: object | null;
};

export type SignUpJson = {
  id: string;
  status: SignUpStatus;
  required_fields?: string[];
  optional_fields?: string[];
  missing_fields?: string[];
  unverified_fields?: string[];
  verifications?: Partial<
    Record<"email_address" | "phone_number" | "web3_wallet" | "external_account", VerificationJson | null>
  >;
  username?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  email_address?: string | null;
  phone_number?: string | null;
  web3_wallet?: string | null;
  has_password?: boolean;
  unsafe_metadata?: Record<string, unknown>;
  created_session_id?: string | null;
  created_user_id?: string | null;
  abandon_at?: number | null;
  legal_accepted_at?: number | null;
  locale?: string | null;
};

export type TokenJson = { jwt: string };

export type EmailAddressJson = {
  id: string;
  email_address: string;
  verification?: VerificationJson | null;
  linked_to?: { id: string; type: string }[];
  matches_sso_connection?: boolean;
};

export type PhoneNumberJson = {
  id: string;
  phone_number: string;
  verification?: VerificationJson | null;
  linked_to?: { id: string; type: string }[];
  reserved_for_second_factor?: boolean;
  default_second_factor?: boolean;
};

export type ExternalAccountJson = {
  id: string;
  identification_id: string;
  provider: string;
  provider_user_id: string;
  email_address: string;
  first_name: string;
  last_name: string;
  image_url?: string;
  username?: string;
  label?: string;
  verification?: VerificationJson | null;
};

export type OrganizationMembershipJson = {
  id: string;
  role: string;
  permissions: string[];
  organization: { id: string; name: string; slug: string | null; image_url?: string; has_image?: boolean };
};

export type UserJson = {
  id: string;
  external_id?: string | null;
  username?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  image_url?: string;
  has_image?: boolean;
  primary_email_address_id?: string | null;
  primary_phone_number_id?: string | null;
  email_addresses?: EmailAddressJson[];
  phone_numbers?: PhoneNumberJson[];
  external_accounts?: ExternalAccountJson[];
  organization_memberships?: OrganizationMembershipJson[];
  password_enabled?: boolean;
  totp_enabled?: boolean;
  backup_code_enabled?: boolean;
  two_factor_enabled?: boolean;
  public_metadata?: Record<string, unknown>;
  unsafe_metadata?: Record<string, unknown>;
  create_organization_enabled?: boolean;
  create_organizations_limit?: number | null;
  delete_self_enabled?: boolean;
  last_sign_in_at?: number | null;
  legal_accepted_at?: number | null;
  created_at?: number | null;
  updated_at?: number | null;
};

export type PublicUserDataJson = {
  first_name?: string | null;
  last_name?: string | null;
  image_url?: string;
  has_image?: boolean;
  identifier?: string;
  user_id?: string;
  username?: string | null;
};

export type SessionJson = {
  id: string;
  status: SessionStatus;
  expire_at: number;
  abandon_at: number;
  last_active_at: number;
  last_active_organization_id?: string | null;
  last_active_token?: TokenJson | null;
  factor_verification_age?: [number, number] | null;
  actor?: Record<string, unknown> | null;
  tasks?: { key: string }[] | null;
  user?: UserJson | null;
  public_user_data?: PublicUserDataJson;
  created_at: number;
  updated_at: number;
};

export type SessionWithActivitiesJson = {
  id: string;
  status: string;
  expire_at: number;
  abandon_at: number;
  last_active_at: number;
  latest_activity?: { id: string } & Record<string, unknown>;
  actor?: Record<string, unknown> | null;
};

export type ClientJson = {
  id: string;
  sessions: SessionJson[];
  sign_in?: SignInJson | null;
  sign_up?: SignUpJson | null;
  last_active_session_id?: string | null;
  last_authentication_strategy?: string | null;
  cookie_expires_at?: number | null;
  captcha_bypass?: boolean;
  created_at?: number;
  updated_at?: number;
};

export type EnvironmentJson = { [section: string]: unknown };

export type DeletedJson = { object: string; id?: string; deleted: boolean };
