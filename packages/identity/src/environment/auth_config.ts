import type { Instance } from "../instances/index.ts";

type Presence = "on" | "off" | "required";

function presence({ enabled, required }: { enabled: boolean; required: boolean }): Presence {
  if (!enabled) return "off";
  return required ? "required" : "on";
}

/** How people are let in (F §3.2). The fields by attribute are for old pages. */
export function authConfig({ id, settings }: Instance) {
  return {
    object: "auth_config",
    id,
    single_session_mode: settings.singleSessionMode,
    claimed_at: null,
    reverification: false,
    preferred_channels: null,
    session_minter: false,
    native_settings: null,
    first_name: presence(settings.firstName),
    last_name: presence(settings.lastName),
    email_address: presence(settings.emailAddress),
    phone_number: "off",
    username: presence(settings.username),
    password: presence(settings.password),
    identification_strategies: [
      ...(settings.emailAddress.enabled ? ["email_address"] : []),
      ...(settings.username.enabled ? ["username"] : []),
    ],
    first_factors: [
      ...(settings.password.enabled ? ["password"] : []),
      ...(settings.emailAddress.enabled && settings.emailAddress.codeSignIn ? ["email_code"] : []),
      ...(settings.emailAddress.enabled && settings.password.enabled ? ["reset_password_email_code"] : []),
      "ticket",
    ],
    second_factors: [],
    email_address_verification_strategies: ["email_code"],
    test_mode: settings.testMode,
    cookieless_dev: false,
    url_based_session_syncing: false,
  };
}
