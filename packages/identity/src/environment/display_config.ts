import type { Instance } from "../instances/index.ts";

const ACCENT = "#3b5bdb";
const FONT = "system-ui, sans-serif";

/**
 * What pages show of the application, and where its hosted pages are (F §3.3). Without `hosted` no page is named, which
 * means the page itself.
 */
export function displayConfig({ id, issuer, environment, settings }: Instance, hosted: boolean) {
  const page = (path: string) => (hosted ? `${issuer}${path}` : "");
  return {
    object: "display_config",
    id,
    instance_environment_type: environment,
    application_name: settings.applicationName,
    theme: {
      general: {
        color: ACCENT,
        background_color: "#ffffff",
        font_family: FONT,
        font_color: "#1f2430",
        label_font_weight: "600",
        padding: "1em",
        border_radius: "0.5em",
        box_shadow: "0 2px 8px rgba(0, 0, 0, 0.2)",
      },
      buttons: { font_color: "#ffffff", font_family: FONT, font_weight: "600" },
      accounts: { background_color: "#ffffff" },
    },
    preferred_sign_in_strategy: settings.preferredSignInStrategy,
    branded: false,
    logo_image_url: "",
    favicon_image_url: "",
    home_url: "",
    sign_in_url: page("/sign-in"),
    sign_up_url: page("/sign-up"),
    user_profile_url: page("/user"),
    organization_profile_url: "",
    create_organization_url: "",
    waitlist_url: "",
    after_sign_in_url: "",
    after_sign_up_url: "",
    after_sign_out_all_url: "",
    after_sign_out_one_url: "",
    after_switch_session_url: "",
    after_create_organization_url: "",
    after_leave_organization_url: "",
    after_join_waitlist_url: "",
    support_email: settings.supportEmail,
    help_url: null,
    terms_url: settings.termsUrl,
    privacy_policy_url: settings.privacyPolicyUrl,
    show_devmode_warning: false,
    google_one_tap_client_id: null,
    clerk_js_version: null,
    // No keys, no captcha: nothing is asked of a third party.
    captcha_public_key: null,
    captcha_public_key_invisible: null,
    captcha_widget_type: null,
    captcha_provider: "turnstile",
    captcha_oauth_bypass: [],
    captcha_heartbeat: false,
  };
}
