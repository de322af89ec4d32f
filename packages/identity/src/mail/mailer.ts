import type { Instance } from "../instances/index.ts";

/** What is said to whom. */
export type Message =
  | { readonly kind: "verification_code"; readonly to: string; readonly code: string }
  | { readonly kind: "reset_password_code"; readonly to: string; readonly code: string }
  /** Somebody began a sign-up with an address that has an account. */
  | { readonly kind: "account_exists"; readonly to: string; readonly code: string }
  | { readonly kind: "password_changed"; readonly to: string }
  | { readonly kind: "primary_email_address_changed"; readonly to: string }
  | { readonly kind: "account_locked"; readonly to: string };

/** Delivers messages: by SMTP when that is configured, else into the development inbox and the log. */
export interface Mailer {
  /**
   * Resolves when the mail server has taken the message (or it lies in the inbox). Throws `mail_delivery_failed` when
   * it could not be delivered; what went wrong is reported.
   */
  send(instance: Instance, message: Message): Promise<void>;
  close(): Promise<void>;
}
