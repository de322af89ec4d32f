/** Where to go after a sign-in or a sign-up; a forced one wins over the address's query (F §6.8). */
export interface RedirectOptions {
  signInForceRedirectUrl?: string | null;
  signInFallbackRedirectUrl?: string | null;
  signUpForceRedirectUrl?: string | null;
  signUpFallbackRedirectUrl?: string | null;
  /** The page to come back to. */
  redirectUrl?: string | null;
}

export interface InitialValues {
  emailAddress?: string;
  phoneNumber?: string;
  username?: string;
  firstName?: string;
  lastName?: string;
}

export interface SignInRedirectOptions extends RedirectOptions {
  initialValues?: InitialValues;
}

export type SignUpRedirectOptions = SignInRedirectOptions;
