import { createTransport, type Transporter } from "nodemailer";
import { refuse } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";
import type { Limits } from "../limits.ts";
import type { Mailer, Message } from "./mailer.ts";
import { smtpTrouble } from "./smtp_trouble.ts";
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

/** Sends by the operator's mail server. Its user and password are in no error and no report. */
export class SmtpMailer implements Mailer {
  readonly #transport: Transporter;
  /** Host and port, as errors name it. */
  readonly #server: string;
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
    const port = url.port === "" ? (isSecure ? 465 : 587) : Number(url.port);
    this.#server = `The mail server ${url.hostname}:${port}`;
    this.#transport = createTransport({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port,
      secure: isSecure,
      // A password does not cross a network in the clear.
      requireTLS: !isSecure && !isLocal && url.username !== "",
      ...(url.username === "" ? {} : { auth: { user: decode(url.username), pass: decode(url.password) } }),
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

  /** Connects and signs in once, so that the operator learns at the start what is wrong. Reports it; never throws. */
  async check(): Promise<void> {
    try {
      await this.#transport.verify();
    } catch (error) {
      this.#report(new Error(`No mail can be sent. ${smtpTrouble(error, this.#server)}`));
    }
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
      const trouble = smtpTrouble(error, this.#server);
      this.#report(new Error(`A message (${message.kind}) was not sent. ${trouble}`));
      throw refuse("mail_delivery_failed");
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}

/** A part of an address in the clear. Throws, without repeating it, on one with a stray `%`. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Error(
      "The mail server's user or password has a % that encodes nothing: write %25 for it (TANDEM_SMTP_URL).",
    );
  }
}
