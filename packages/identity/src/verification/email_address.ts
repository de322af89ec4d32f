import { refuseField } from "../errors/index.ts";

/** RFC 5321 §4.5.3.1: what a mail server has to take, and no more. */
const MOST_CHARACTERS = 254;
const MOST_LOCAL_CHARACTERS = 64;

/** What can be written to: a local part without quotes and comments, and a domain with a dot (RFC 5321 §4.1.2). */
const ADDRESS =
  /^[^\s<>()[\]\\,;:"@\p{Cc}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** An e-mail address as it is kept: trimmed, in lower case. Throws `form_param_format_invalid` and `…_max_length_exceeded`. */
export function readEmailAddress(text: string, field: string): string {
  const address = text.trim().toLowerCase();
  if (address.length > MOST_CHARACTERS) throw refuseField("form_param_max_length_exceeded", field);
  if (address.lastIndexOf("@") > MOST_LOCAL_CHARACTERS || address.includes("..") || !ADDRESS.test(address)) {
    throw refuseField(
      "form_param_format_invalid",
      field,
      "Enter an e-mail address, such as jane@example.com.",
    );
  }
  return address;
}
