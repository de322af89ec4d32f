import type { Instance, InstanceSettings } from "../instances/index.ts";

interface Attribute {
  readonly enabled: boolean;
  readonly required: boolean;
  readonly firstFactors?: readonly string[];
  readonly verifications?: readonly string[];
  /** May somebody say by it who they are? */
  readonly identifies?: boolean;
}

function attribute({
  enabled,
  required,
  firstFactors = [],
  verifications = [],
  identifies = false,
}: Attribute) {
  return {
    enabled,
    required: enabled && required,
    immutable: false,
    used_for_first_factor: enabled && (identifies || firstFactors.length > 0),
    first_factors: enabled ? firstFactors : [],
    used_for_second_factor: false,
    second_factors: [],
    verifications: enabled ? verifications : [],
    verify_at_sign_up: enabled && verifications.length > 0,
  };
}

const OFF = attribute({ enabled: false, required: false });

/** Which attributes people have, and how they prove who they are (F §3.4). */
export function userSettings({ settings }: Instance) {
  const { passwordPolicy: policy } = settings;
  return {
    attributes: attributes(settings),
    social: {},
    enterprise_sso: { enabled: false, self_serve_sso: false },
    saml: { enabled: false },
    sign_in: { second_factor: { required: false, enabled: false } },
    sign_up: {
      mode: settings.signUpMode,
      progressive: true,
      captcha_enabled: false,
      captcha_widget_type: null,
      custom_action_required: false,
      allowlist_only: false,
      legal_consent_enabled: settings.legalConsent,
      mfa: { required: false },
    },
    password_settings: {
      min_length: policy.minLength,
      max_length: policy.maxLength,
      require_special_char: policy.requireSpecialCharacters,
      require_numbers: policy.requireNumbers,
      require_uppercase: policy.requireUppercase,
      require_lowercase: policy.requireLowercase,
      allowed_special_characters: "",
      disable_hibp: !policy.refuseBreached,
      enforce_hibp_on_sign_in: false,
      show_zxcvbn: false,
      min_zxcvbn_strength: 0,
      disable_password_reverification: true,
    },
    username_settings: {
      min_length: settings.username.minLength,
      max_length: settings.username.maxLength,
      allow_extended_special_characters: false,
      allow_numeric_usernames: false,
    },
    passkey_settings: { allow_autofill: false, show_sign_in_button: false },
    actions: {
      delete_self: settings.deleteSelf,
      create_organization: false,
      create_organizations_limit: null,
    },
    attack_protection: { enumeration_protection: { enabled: settings.enumerationProtection } },
  };
}

function attributes(settings: InstanceSettings) {
  return {
    email_address: attribute({
      ...settings.emailAddress,
      firstFactors: settings.emailAddress.codeSignIn ? ["email_code"] : [],
      verifications: ["email_code"],
      identifies: true,
    }),
    phone_number: OFF,
    username: attribute({ ...settings.username, identifies: true }),
    web3_wallet: OFF,
    first_name: attribute(settings.firstName),
    last_name: attribute(settings.lastName),
    password: attribute(settings.password),
    authenticator_app: OFF,
    backup_code: OFF,
    passkey: OFF,
    ticket: OFF,
  };
}
