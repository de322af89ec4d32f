import { refuseField } from "../errors/index.ts";

/** RFC 5321, 4.5.3.1: what a path may hold. */
const MOST_CHARACTERS = 254;

/** An e-mail address in lower case, without the space around it. Throws `form_param_format_invalid`. */
export function readEmailAddress(text: string, field: string): string {
  const address = text.trim().toLowerCase();
  if (address.length > MOST_CHARACTERS) throw refuseField("form_param_max_length_exceeded", field);
  if (!/^[^\s@"<>(),;:\\[\]]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(address)) {
    throw refuseField(
      "form_param_format_invalid",
      field,
      "Enter an e-mail address, such as jane@example.com.",
    );
  }
  return address;
}
