import type { Instance } from "../instances/index.ts";
import { authConfig } from "./auth_config.ts";
import { displayConfig } from "./display_config.ts";
import { userSettings } from "./user_settings.ts";

/** What pages need to know of the instance before they show anything (F §3). */
export function environmentJson(instance: Instance, hosted: boolean) {
  return {
    object: "environment",
    id: instance.id,
    auth_config: authConfig(instance),
    display_config: displayConfig(instance, hosted),
    user_settings: userSettings(instance),
    organization_settings: {
      object: "organization_settings",
      enabled: false,
      max_allowed_memberships: 0,
      force_organization_selection: false,
      actions: { admin_delete: false },
      domains: { enabled: false, enrollment_modes: [], default_role: null },
      slug: { disabled: true },
      organization_creation_defaults: { enabled: false },
    },
    commerce_settings: {
      object: "commerce_settings",
      id: instance.id,
      billing: {
        stripe_publishable_key: null,
        user: { enabled: false, has_paid_plans: false },
        organization: { enabled: false, has_paid_plans: false },
      },
    },
    api_keys_settings: { enabled: false, user_api_keys_enabled: false, orgs_api_keys_enabled: false },
    // Its loaders would put other people's scripts into the page: there are none.
    protect_config: { object: "protect_config", id: instance.id, loaders: [] },
    fraud_settings: { object: "fraud_settings", native: { device_attestation_mode: "disabled" } },
    maintenance_mode: false,
    client_debug_mode: false,
    partitioned_cookies: false,
  };
}
