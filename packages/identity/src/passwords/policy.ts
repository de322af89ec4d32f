import { type Fault, fault } from "../errors/index.ts";
import type { InstanceSettings } from "../instances/index.ts";
import { isCommonPassword } from "./common_passwords.ts";

/** However long passwords may be, no more bytes than this are hashed. */
const MOST_BYTES = 512;
const FEWEST_DIFFERENT_CHARACTERS = 4;
/** Shorter names are in too many good passwords by chance. */
const SHORTEST_IDENTIFIER = 4;

/** Every fault of a new password (F §8.2), for the form's field `field`. */
export function passwordFaults(
  password: string,
  policy: InstanceSettings["passwordPolicy"],
  field: string,
  identifiers: readonly string[],
): Fault[] {
  const meta = { param_name: field };
  const faults: Fault[] = [];
  const length = [...password].length;
  if (length < policy.minLength) {
    const text = `The password needs at least ${policy.minLength} characters.`;
    faults.push(fault("form_password_length_too_short", meta, text));
  }
  if (length > policy.maxLength) {
    const text = `The password may have at most ${policy.maxLength} characters.`;
    faults.push(fault("form_password_length_too_long", meta, text));
  } else if (Buffer.byteLength(password) > MOST_BYTES) {
    const text = `The password may have at most ${MOST_BYTES} bytes.`;
    faults.push(fault("form_password_size_in_bytes_exceeded", meta, text));
  }
  if (policy.requireUppercase && !/\p{Lu}/u.test(password))
    faults.push(fault("form_password_no_uppercase", meta));
  if (policy.requireLowercase && !/\p{Ll}/u.test(password))
    faults.push(fault("form_password_no_lowercase", meta));
  if (policy.requireNumbers && !/\p{Nd}/u.test(password)) faults.push(fault("form_password_no_number", meta));
  if (policy.requireSpecialCharacters && !/[^\p{L}\p{N}]/u.test(password)) {
    faults.push(fault("form_password_no_special_char", meta));
  }
  if (isIdentifier(password, identifiers)) faults.push(fault("form_password_matches_identifier", meta));
  // What is too short already need not be told that it is weak, too.
  if (length < policy.minLength || length > policy.maxLength) return faults;
  if (policy.refuseBreached && isCommonPassword(password)) {
    faults.push(fault("form_password_pwned", meta));
  } else if (new Set(password).size < FEWEST_DIFFERENT_CHARACTERS) {
    const message = "Use more different characters, or several words.";
    const zxcvbn = { suggestions: [{ code: "anotherWord", message }] };
    faults.push(
      fault(
        "form_password_not_strong_enough",
        { ...meta, zxcvbn },
        `The password is easy to guess. ${message}`,
      ),
    );
  }
  return faults;
}

/** The person's address, its part before the @, or name: what whoever knows them tries first. */
function isIdentifier(password: string, identifiers: readonly string[]): boolean {
  const plain = password.trim().toLowerCase();
  return identifiers.some((identifier) => {
    const whole = identifier.trim().toLowerCase();
    return [whole, whole.split("@")[0]!].some((part) => part.length >= SHORTEST_IDENTIFIER && part === plain);
  });
}
