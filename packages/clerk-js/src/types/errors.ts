/** One error of the Frontend API; a response may carry several (F §2.1). */
export interface ClerkAPIError {
  code: string;
  message: string;
  longMessage?: string;
  meta?: ClerkAPIErrorMeta;
}

/** The details that an error may carry (F §2.3). */
export interface ClerkAPIErrorMeta {
  /** The field that the error is about, in snake case as it was sent: `email_address`. */
  paramName?: string;
  sessionId?: string;
  emailAddresses?: string[];
  identifiers?: string[];
  zxcvbn?: { suggestions: { code: string; message: string }[] };
}

/** A field's error as `useSignIn().errors.fields` gives it. */
export interface FieldError {
  code: string;
  longMessage?: string;
  message: string;
}

/** What went wrong in the last call of a sign-in or sign-up, sorted by field. */
export interface Errors<Fields> {
  fields: Fields;
  /** Every error as it arrived; null when there is none. */
  raw: unknown[] | null;
  /** Those that belong to no field; null when there is none. */
  global: Error[] | null;
}

export interface SignInFields {
  identifier: FieldError | null;
  password: FieldError | null;
  code: FieldError | null;
}

export interface SignUpFields {
  firstName: FieldError | null;
  lastName: FieldError | null;
  emailAddress: FieldError | null;
  phoneNumber: FieldError | null;
  password: FieldError | null;
  username: FieldError | null;
  code: FieldError | null;
  captcha: FieldError | null;
  legalAccepted: FieldError | null;
}

export type SignInErrors = Errors<SignInFields>;
export type SignUpErrors = Errors<SignUpFields>;
