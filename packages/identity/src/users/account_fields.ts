import { refuse, refuseField } from "../errors/index.ts";
import type { Instance } from "../instances/index.ts";

const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_NAME = 256;

/** Bytes of one kind of metadata. */
const MOST_METADATA = 8 * 1024;

/** What can be written to: a local part without quotes and comments, and a domain with a dot (RFC 5321 §4.1.2). */
const ADDRESS =
  /^[^\s<>()[\]\\,;:"@\p{Cc}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;

/** An e-mail address as it is kept: trimmed, in lower case. Throws `form_param_format_invalid`. */
export function normalEmailAddress(text: string, field = "email_address"): string {
  const address = text.trim().toLowerCase();
  if (
    address.length > LONGEST_ADDRESS ||
    address.indexOf("@") > LONGEST_LOCAL_PART ||
    address.includes("..") ||
    !ADDRESS.test(address)
  ) {
    throw refuseField(
      "form_param_format_invalid",
      field,
      "This is not an e-mail address: it looks like name@example.com.",
    );
  }
  return address;
}

/**
 * A username as it is kept, and its key for look-ups. Throws `form_param_unknown` where there are no usernames, and
 * `form_username_…`.
 */
export function normalUsername(
  { settings: { username: rule } }: Instance,
  text: string,
): { readonly username: string; readonly usernameKey: string } {
  if (!rule.enabled) throw refuseField("form_param_unknown", "username", "This instance has no usernames.");
  const username = text.trim();
  if (username.length < rule.minLength || username.length > rule.maxLength) {
    throw refuseField(
      "form_username_invalid_length",
      "username",
      `A username has from ${rule.minLength} to ${rule.maxLength} characters.`,
    );
  }
  if (!/^[A-Za-z0-9_-]+$/.test(username)) throw refuseField("form_username_invalid_character", "username");
  if (!/\D/.test(username)) throw refuseField("form_username_needs_non_number_char", "username");
  return { username, usernameKey: username.toLowerCase() };
}

/** A first or last name as it is kept: null when empty. Throws `form_param_max_length_exceeded`. */
export function normalName(text: string | null, field: "first_name" | "last_name"): string | null {
  const name = (text ?? "").replace(/\p{Cc}+/gu, " ").trim();
  if (name.length > LONGEST_NAME) {
    throw refuseField(
      "form_param_max_length_exceeded",
      field,
      `A name has at most ${LONGEST_NAME} characters.`,
    );
  }
  return name === "" ? null : name;
}

/** Metadata as text. Throws `form_param_exceeds_allowed_size`. */
export function metadataText(metadata: unknown, field: string): string {
  const text = JSON.stringify(metadata);
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_METADATA) {
    throw refuse(
      "form_param_exceeds_allowed_size",
      { param_name: field },
      `"${field}" would have ${bytes} bytes; at most ${MOST_METADATA} are possible. Keep what is larger in your database.`,
    );
  }
  return text;
}

/** `patch` laid over `target` (RFC 7396): null removes a key, objects are merged, everything else replaces. */
export function mergeMetadata(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const base = target !== null && typeof target === "object" && !Array.isArray(target) ? target : {};
  const merged = new Map<string, unknown>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeMetadata(merged.get(key), value));
  }
  // From entries, so that a key `__proto__` stays a key.
  return Object.fromEntries(merged);
}
