export { InboxMailer } from "./inbox_mailer.ts";
export type { Mailer, Message } from "./mailer.ts";
export { Outbox } from "./outbox.ts";
export { SmtpMailer, type SmtpOptions } from "./smtp_mailer.ts";
