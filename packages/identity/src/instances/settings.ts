/** How one instance behaves. Kept as JSON of what differs from {@link defaultSettings}. */
export interface InstanceSettings {
  readonly applicationName: string;
  /** Origins (`https://app.example.com`) that may call the Frontend API and be redirected to. */
  readonly allowedOrigins: readonly string[];
  /** One account at a time in a browser. */
  readonly singleSessionMode: boolean;
  readonly emailAddress: {
    readonly enabled: boolean;
    readonly required: boolean;
    readonly codeSignIn: boolean;
  };
  readonly username: {
    readonly enabled: boolean;
    readonly required: boolean;
    readonly minLength: number;
    readonly maxLength: number;
  };
  readonly firstName: { readonly enabled: boolean; readonly required: boolean };
  readonly lastName: { readonly enabled: boolean; readonly required: boolean };
  readonly password: { readonly enabled: boolean; readonly required: boolean };
  readonly passwordPolicy: {
    readonly minLength: number;
    readonly maxLength: number;
    readonly requireUppercase: boolean;
    readonly requireLowercase: boolean;
    readonly requireNumbers: boolean;
    readonly requireSpecialCharacters: boolean;
    /** Refuse passwords of the list of breached and common ones. */
    readonly refuseBreached: boolean;
  };
  readonly preferredSignInStrategy: "password" | "otp";
  readonly signUpMode: "public" | "restricted";
  readonly legalConsent: boolean;
  readonly deleteSelf: boolean;
  /** `+clerk_test` addresses take the code 424242 (F §8.1). */
  readonly testMode: boolean;
  /** Nobody can find out whether an address has an account. */
  readonly enumerationProtection: boolean;
  readonly lockout: boolean;
  readonly supportEmail: string | null;
  readonly termsUrl: string | null;
  readonly privacyPolicyUrl: string | null;
  /** Claims that session tokens carry besides their own, with shortcodes. */
  readonly sessionClaims: { readonly [claim: string]: unknown };
}

/** What an instance does of which nothing else has been said. */
export function defaultSettings(environment: "development" | "production"): InstanceSettings {
  return {
    applicationName: "Tandem app",
    allowedOrigins: [],
    singleSessionMode: true,
    emailAddress: { enabled: true, required: true, codeSignIn: true },
    username: { enabled: false, required: false, minLength: 4, maxLength: 64 },
    firstName: { enabled: true, required: false },
    lastName: { enabled: true, required: false },
    password: { enabled: true, required: true },
    passwordPolicy: {
      minLength: 8,
      maxLength: 72,
      requireUppercase: false,
      requireLowercase: false,
      requireNumbers: false,
      requireSpecialCharacters: false,
      refuseBreached: true,
    },
    preferredSignInStrategy: "password",
    signUpMode: "public",
    legalConsent: false,
    deleteSelf: true,
    testMode: environment === "development",
    enumerationProtection: true,
    lockout: true,
    supportEmail: null,
    termsUrl: null,
    privacyPolicyUrl: null,
    sessionClaims: {},
  };
}
