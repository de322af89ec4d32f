import { refuse, refuseField } from "../errors/index.ts";

const LONGEST_NAME = 256;

/** Bytes of one kind of metadata. */
const MOST_METADATA = 8 * 1024;

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
