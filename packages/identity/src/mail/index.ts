export { InboxMailer } from "./inbox_mailer.ts";
export type { Mailer, Message } from "./mailer.ts";
export { Outbox } from "./outbox.ts";
export type { SmtpMailer, SmtpOptions } from "./smtp_mailer.ts";
