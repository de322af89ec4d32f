import type {
  AttributeName,
  AttributeSettings,
  AuthConfigResource,
  DisplayConfigResource,
  EnvironmentResource,
  PasswordSettings,
  SocialProviderSettings,
  UserSettingsResource,
} from "../types/environment.ts";
import type { EnvironmentJson } from "../wire/json.ts";
import { deepSnakeToCamel } from "../wire/snake_case.ts";

const ATTRIBUTES: readonly AttributeName[] = [
  "emailAddress",
  "phoneNumber",
  "username",
  "web3Wallet",
  "firstName",
  "lastName",
  "password",
  "authenticatorApp",
  "backupCode",
  "passkey",
];

const DISABLED: AttributeSettings = {
  enabled: false,
  required: false,
  immutable: false,
  usedForFirstFactor: false,
  firstFactors: [],
  usedForSecondFactor: false,
  secondFactors: [],
  verifications: [],
  verifyAtSignUp: false,
};

const DISPLAY: DisplayConfigResource = {
  id: "",
  instanceEnvironmentType: "production",
  applicationName: "",
  preferredSignInStrategy: "password",
  branded: false,
  logoImageUrl: "",
  faviconImageUrl: "",
  homeUrl: "",
  signInUrl: "",
  signUpUrl: "",
  userProfileUrl: "",
  afterSignInUrl: "",
  afterSignUpUrl: "",
  afterSignOutAllUrl: "",
  afterSignOutOneUrl: "",
  afterSwitchSessionUrl: "",
  supportEmail: null,
  helpUrl: null,
  termsUrl: null,
  privacyPolicyUrl: null,
  showDevmodeWarning: false,
};

/** A section as the server sent it, in camel case, over what holds where it said nothing. */
function section<T>(json: unknown, defaults: T): T {
  return { ...defaults, ...(deepSnakeToCamel(json ?? {}) as Partial<T>) };
}

/** The instance's settings; whatever the server left out has a harmless value (F §3). */
export class Environment implements EnvironmentResource {
  readonly authConfig: AuthConfigResource;
  readonly displayConfig: DisplayConfigResource;
  readonly userSettings: UserSettingsResource;
  readonly organizationSettings: { enabled: boolean; forceOrganizationSelection: boolean };
  readonly maintenanceMode: boolean;
  readonly partitionedCookies: boolean;

  constructor(json: EnvironmentJson) {
    this.authConfig = section<AuthConfigResource>(json.auth_config, {
      singleSessionMode: true,
      claimedAt: null,
      reverification: false,
    });
    this.displayConfig = section(json.display_config, DISPLAY);
    this.userSettings = readUserSettings((json.user_settings ?? {}) as Record<string, unknown>);
    this.organizationSettings = section(json.organization_settings, {
      enabled: false,
      forceOrganizationSelection: false,
    });
    this.maintenanceMode = json.maintenance_mode === true;
    this.partitionedCookies = json.partitioned_cookies === true;
  }

  isSingleSession(): boolean {
    return this.authConfig.singleSessionMode;
  }

  isProduction(): boolean {
    return this.displayConfig.instanceEnvironmentType === "production";
  }

  isDevelopmentOrStaging(): boolean {
    return !this.isProduction();
  }
}

function readUserSettings(json: Record<string, unknown>): UserSettingsResource {
  const sent = deepSnakeToCamel(json.attributes ?? {}) as Partial<Record<AttributeName, AttributeSettings>>;
  const attributes = Object.fromEntries(
    ATTRIBUTES.map((name) => [name, { ...DISABLED, ...sent[name] }]),
  ) as Record<AttributeName, AttributeSettings>;
  const password = section<PasswordSettings>(json.password_settings, {
    minLength: 8,
    maxLength: 72,
    requireSpecialChar: false,
    requireNumbers: false,
    requireUppercase: false,
    requireLowercase: false,
    allowedSpecialCharacters: "",
    disableHibp: false,
    showZxcvbn: false,
    minZxcvbnStrength: 0,
  });
  const username = section(json.username_settings, { minLength: 4, maxLength: 64 });
  return {
    attributes,
    // The names of providers are values, so that their underscores stay.
    social: Object.fromEntries(
      Object.entries(json.social ?? {}).map(([strategy, provider]) => [
        strategy,
        deepSnakeToCamel(provider) as SocialProviderSettings,
      ]),
    ),
    enterpriseSso: section(json.enterprise_sso, { enabled: false }),
    signIn: section(json.sign_in, { secondFactor: { required: false } }),
    signUp: section<UserSettingsResource["signUp"]>(json.sign_up, {
      mode: "public",
      progressive: true,
      captchaEnabled: false,
      legalConsentEnabled: false,
    }),
    passwordSettings: {
      ...password,
      minLength: Math.max(password.minLength, 8),
      maxLength: Math.min(password.maxLength || 72, 72),
    },
    usernameSettings: {
      ...username,
      minLength: Math.max(username.minLength, 4),
      maxLength: Math.min(username.maxLength || 64, 64),
    },
    passkeySettings: section(json.passkey_settings, { allowAutofill: false, showSignInButton: false }),
    actions: section(json.actions, { deleteSelf: false, createOrganization: false }),
    instanceIsPasswordBased: attributes.password.enabled,
  };
}
