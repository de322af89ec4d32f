import type { Message } from "./mailer.ts";

/** A message in words. Lines of `text` are paragraphs. */
export interface Text {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly code: string | null;
}

/** What a message says, for the application of this name. */
export function textOf(message: Message, application: string, codeMinutes: number): Text {
  const unasked = "If this was not you, there is nothing to do: without the code nobody gets in.";
  switch (message.kind) {
    case "verification_code":
      return {
        subject: `${message.code} is your code for ${application}`,
        heading: "Your verification code",
        paragraphs: [
          `Enter this code to go on with ${application}. It is good for ${minutes(codeMinutes)}.`,
          `Nobody from ${application} will ever ask you for it. ${unasked}`,
        ],
        code: message.code,
      };
    case "reset_password_code":
      return {
        subject: `${message.code} is your code to reset the password of ${application}`,
        heading: "Reset your password",
        paragraphs: [
          `Enter this code to choose a new password for ${application}. It is good for ${minutes(codeMinutes)}.`,
          `Nobody from ${application} will ever ask you for it. ${unasked}`,
        ],
        code: message.code,
      };
    case "account_exists":
      return {
        subject: `You have an account at ${application} already`,
        heading: "You have an account already",
        paragraphs: [
          `Somebody, you most likely, began to sign up for ${application} with this address. It has an account already: sign in with it.`,
          "The code only confirms that the address is yours: with it the page where you signed up tells you the same.",
          "If you do not know your password any more, you can reset it where you sign in. If this was not you, there is nothing to do.",
        ],
        code: message.code,
      };
    case "password_changed":
      return {
        subject: `Your password of ${application} was changed`,
        heading: "Your password was changed",
        paragraphs: [
          `The password of your account at ${application} was changed just now.`,
          "If this was not you, reset the password where you sign in, at once.",
        ],
        code: null,
      };
    case "primary_email_address_changed":
      return {
        subject: `Your primary e-mail address at ${application} was changed`,
        heading: "Your primary e-mail address was changed",
        paragraphs: [
          `Your account at ${application} has another primary e-mail address from now on.`,
          `If you did not ask for it, tell the people of ${application}.`,
        ],
        code: null,
      };
    case "account_locked":
      return {
        subject: `Your account at ${application} is locked for a while`,
        heading: "Your account is locked for a while",
        paragraphs: [
          `There were too many failed attempts to sign in to your account at ${application}, so it is locked for a while.`,
          "It opens again by itself. You can also reset your password where you sign in.",
        ],
        code: null,
      };
  }
}

function minutes(count: number): string {
  return count === 1 ? "one minute" : `${count} minutes`;
}

/** For readers without HTML. */
export function plainText({ heading, paragraphs, code }: Text, application: string): string {
  return [heading, ...(code === null ? [] : [`    ${code}`]), ...paragraphs, `— ${application}`].join("\n\n");
}

/** A page without anything from elsewhere: no pictures, no fonts, no tracking. */
export function html({ heading, paragraphs, code }: Text, application: string): string {
  const shownCode =
    code === null
      ? ""
      : `<p style="margin:24px 0;padding:18px 8px;border-radius:10px;background:#f3f4f6;color:#111827;font:600 34px/1.2 ui-monospace,SFMono-Regular,Menlo,monospace;letter-spacing:.22em;text-align:center">${escapeHtml(code)}</p>`;
  const shown = paragraphs.map((text) => `<p style="margin:0 0 14px">${escapeHtml(text)}</p>`).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(heading)}</title></head><body style="margin:0;padding:32px 16px;font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,sans-serif"><div style="max-width:480px;margin:0 auto"><p style="margin:0 0 28px;font-weight:600">${escapeHtml(application)}</p><h1 style="margin:0 0 14px;font-size:22px;line-height:1.3">${escapeHtml(heading)}</h1>${shownCode}${shown}</div></body></html>`;
}

/** Text as it is written in HTML, between tags and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[sign]!,
  );
}

/** Fit for a header: nothing in it ends a line. */
export function headerText(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
