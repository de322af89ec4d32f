import { createTransport, type Transporter } from "nodemailer";
import { refuse } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import type { Mailer, Message } from "./mailer.ts";
import { headerText, html, plainText, textOf } from "./texts.ts";

/** A mail server of the operator's. */
export interface SmtpOptions {
  /** `smtps://user:password@host:465`, or `smtp://…` with STARTTLS where the server offers it. */
  readonly url: string;
  /** Sender, an address such as `login@example.com`. */
  readonly from: string;
}

/** An address that can stand in an envelope and a header without ending either. */
const ADDRESS = /^[^\s<>,;:"()[\]\\\p{Cc}]+@[^\s<>,;:"()\\\p{Cc}]+$/u;

/** Sends by the operator's mail server. Its address and password are in no error and no report. */
export class SmtpMailer implements Mailer {
  readonly #transport: Transporter;
  readonly #from: string;
  readonly #codeMinutes: number;
  readonly #report: (error: unknown) => void;

  /** Throws, without repeating the address, on what is no SMTP address or no sender. */
  constructor(options: SmtpOptions, limits: Limits, report: (error: unknown) => void) {
    const url = URL.canParse(options.url) ? new URL(options.url) : null;
    if (url === null || (url.protocol !== "smtp:" && url.protocol !== "smtps:") || url.hostname === "") {
      throw new Error(
        "The mail server's address is none: give one like smtps://user:password@mail.example.com (TANDEM_SMTP_URL).",
      );
    }
    if (!ADDRESS.test(options.from)) {
      throw new Error(
        `"${options.from}" is no sender: give an address like login@example.com (TANDEM_MAIL_FROM).`,
      );
    }
    const isSecure = url.protocol === "smtps:";
    const isLocal = url.hostname === "localhost" || url.hostname === "127.0.0.1" || url.hostname === "[::1]";
    this.#transport = createTransport({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (isSecure ? 465 : 587) : Number(url.port),
      secure: isSecure,
      // A password does not cross a network in the clear.
      requireTLS: !isSecure && !isLocal && url.username !== "",
      ...(url.username === ""
        ? {}
        : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
      connectionTimeout: limits.mailTimeout,
      greetingTimeout: limits.mailTimeout,
      socketTimeout: limits.mailTimeout,
      dnsTimeout: limits.mailTimeout,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.#from = options.from;
    this.#codeMinutes = Math.round(limits.codeLifetime / 60_000);
    this.#report = report;
  }

  async send(instance: Instance, message: Message): Promise<void> {
    const application = headerText(instance.settings.applicationName);
    const text = textOf(message, application, this.#codeMinutes);
    try {
      if (!ADDRESS.test(message.to)) throw new Error("The recipient is no single address.");
      await this.#transport.sendMail({
        from: { name: application, address: this.#from },
        to: { name: "", address: message.to },
        subject: headerText(text.subject),
        text: plainText(text, application),
        html: html(text, application),
        headers: { "Auto-Submitted": "auto-generated" },
        ...(instance.settings.supportEmail === null || !ADDRESS.test(instance.settings.supportEmail)
          ? {}
          : { replyTo: instance.settings.supportEmail }),
      });
    } catch (error) {
      // The server's answer may repeat the message, and the cause its credentials: only the essence is told on.
      const { code, responseCode } = error as { code?: string; responseCode?: number };
      const what = [code, responseCode].filter((part) => part !== undefined).join(" ");
      this.#report(
        new Error(
          `A message (${message.kind}) was not taken by the mail server: ${what || "no further details"}.`,
        ),
      );
      throw refuse("mail_delivery_failed");
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}
