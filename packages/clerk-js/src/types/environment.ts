/** The instance's settings that a browser needs (F §3). Times are in milliseconds. */
export interface EnvironmentResource {
  authConfig: AuthConfigResource;
  displayConfig: DisplayConfigResource;
  userSettings: UserSettingsResource;
  organizationSettings: { enabled: boolean; forceOrganizationSelection: boolean };
  maintenanceMode: boolean;
  partitionedCookies: boolean;
  isSingleSession(): boolean;
  isProduction(): boolean;
  isDevelopmentOrStaging(): boolean;
}

export interface AuthConfigResource {
  singleSessionMode: boolean;
  claimedAt: number | null;
  reverification: boolean;
}

export interface DisplayConfigResource {
  id: string;
  instanceEnvironmentType: "production" | "development" | "staging";
  applicationName: string;
  preferredSignInStrategy: "password" | "otp";
  branded: boolean;
  logoImageUrl: string;
  faviconImageUrl: string;
  homeUrl: string;
  signInUrl: string;
  signUpUrl: string;
  userProfileUrl: string;
  afterSignInUrl: string;
  afterSignUpUrl: string;
  afterSignOutAllUrl: string;
  afterSignOutOneUrl: string;
  afterSwitchSessionUrl: string;
  supportEmail: string | null;
  helpUrl: string | null;
  termsUrl: string | null;
  privacyPolicyUrl: string | null;
  showDevmodeWarning: boolean;
}

export interface AttributeSettings {
  enabled: boolean;
  required: boolean;
  immutable: boolean;
  usedForFirstFactor: boolean;
  firstFactors: string[];
  usedForSecondFactor: boolean;
  secondFactors: string[];
  verifications: string[];
  verifyAtSignUp: boolean;
}

export type AttributeName =
  | "emailAddress"
  | "phoneNumber"
  | "username"
  | "web3Wallet"
  | "firstName"
  | "lastName"
  | "password"
  | "authenticatorApp"
  | "backupCode"
  | "passkey";

export interface SocialProviderSettings {
  enabled: boolean;
  required: boolean;
  authenticatable: boolean;
  strategy: string;
  name: string;
  logoUrl?: string | null;
}

export interface PasswordSettings {
  minLength: number;
  maxLength: number;
  requireSpecialChar: boolean;
  requireNumbers: boolean;
  requireUppercase: boolean;
  requireLowercase: boolean;
  allowedSpecialCharacters: string;
  disableHibp: boolean;
  showZxcvbn: boolean;
  minZxcvbnStrength: number;
}

export interface UserSettingsResource {
  /** Every attribute is there; one that the server did not name is disabled. */
  attributes: Record<AttributeName, AttributeSettings>;
  /** By strategy: `oauth_google`. */
  social: Record<string, SocialProviderSettings>;
  enterpriseSso: { enabled: boolean };
  signIn: { secondFactor: { required: boolean } };
  signUp: {
    mode: "public" | "restricted" | "waitlist";
    progressive: boolean;
    captchaEnabled: boolean;
    legalConsentEnabled: boolean;
  };
  passwordSettings: PasswordSettings;
  usernameSettings: { minLength: number; maxLength: number };
  passkeySettings: { allowAutofill: boolean; showSignInButton: boolean };
  actions: { deleteSelf: boolean; createOrganization: boolean };
  /** Whether an account of this instance may have a password. */
  readonly instanceIsPasswordBased: boolean;
}
