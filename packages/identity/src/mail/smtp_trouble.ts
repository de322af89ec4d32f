/** Codes of errors that come from this machine's network, before the mail server has said anything. */
const NETWORK = new Set(["ECONNECTION", "ECONNREFUSED", "EDNS", "ESOCKET", "ETIMEDOUT"]);

/**
 * What a mail server's error means and what the operator can do, for the operator alone. What the server itself said is
 * left out: it may repeat the message with its code, or the password.
 */
export function smtpTrouble(error: unknown, server: string): string {
  const { code = "", responseCode, message } = error as SmtpError;
  const which = [code, responseCode].filter((part) => part !== undefined && part !== "").join(" ");
  if (NETWORK.has(code)) {
    return (
      `${server} cannot be reached (${code}: ${message}). Check the host and the port of TANDEM_SMTP_URL, and that ` +
      "this machine may connect to them; smtps:// is for ports that are encrypted from the start (465), smtp:// for " +
      "others (587)."
    );
  }
  switch (code) {
    case "EAUTH":
      return (
        `${server} refuses the user or the password (${which}). Check both in TANDEM_SMTP_URL, where characters such ` +
        "as @ : / # % are percent-encoded (%40 for @)."
      );
    case "ETLS":
      return (
        `${server} offers no encryption (${which}), and a password does not cross a network without. Use smtps:// in ` +
        "TANDEM_SMTP_URL, or a server that offers STARTTLS."
      );
    case "EENVELOPE":
      return (
        `${server} does not take the sender or the recipient (${which}). Check that it sends for the address in ` +
        "TANDEM_MAIL_FROM."
      );
    default:
      return `${server} did not take it (${which || "no further details"}).`;
  }
}

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly message: string;
}
