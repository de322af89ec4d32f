export type PasswordFactor = { strategy: "password" };

export type EmailCodeFactor = {
  strategy: "email_code";
  emailAddressId: string;
  safeIdentifier: string;
  primary?: boolean;
};

export type EmailLinkFactor = {
  strategy: "email_link";
  emailAddressId: string;
  safeIdentifier: string;
  primary?: boolean;
};

export type PhoneCodeFactor = {
  strategy: "phone_code";
  phoneNumberId: string;
  safeIdentifier: string;
  primary?: boolean;
  default?: boolean;
  channel?: "sms" | "whatsapp";
};

export type ResetPasswordEmailCodeFactor = {
  strategy: "reset_password_email_code";
  emailAddressId: string;
  safeIdentifier: string;
  primary?: boolean;
};

export type ResetPasswordPhoneCodeFactor = {
  strategy: "reset_password_phone_code";
  phoneNumberId: string;
  safeIdentifier: string;
  primary?: boolean;
};

export type PasskeyFactor = { strategy: "passkey"; passkeyId?: string };
export type OAuthFactor = { strategy: `oauth_${string}` };
export type EnterpriseSSOFactor = {
  strategy: "enterprise_sso";
  enterpriseConnectionId?: string;
  enterpriseConnectionName?: string;
};
export type TicketFactor = { strategy: "ticket" };
export type TOTPFactor = { strategy: "totp" };
export type BackupCodeFactor = { strategy: "backup_code" };

/** A way in which a user may show that they are who they say (F §4.4). */
export type SignInFirstFactor =
  | PasswordFactor
  | EmailCodeFactor
  | EmailLinkFactor
  | PhoneCodeFactor
  | ResetPasswordEmailCodeFactor
  | ResetPasswordPhoneCodeFactor
  | PasskeyFactor
  | OAuthFactor
  | EnterpriseSSOFactor
  | TicketFactor;

/** A second way, asked for after the first (F §4.4). */
export type SignInSecondFactor =
  | PhoneCodeFactor
  | TOTPFactor
  | BackupCodeFactor
  | EmailCodeFactor
  | EmailLinkFactor;
