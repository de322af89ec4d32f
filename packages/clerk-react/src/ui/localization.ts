import { english } from "./english.ts";
import type { english as profileEnglish } from "./user_profile/english.ts";

/** The texts that all components share, each present; placeholders read `{{applicationName}}`. */
export type Texts = Written<typeof english>;

/** The texts of the profile, each present. */
export type ProfileTexts = Written<typeof profileEnglish>;

type Written<T> = { [Key in keyof T]: T[Key] extends string ? string : Written<T[Key]> };

type PartOf<T> = { [Key in keyof T]?: T[Key] extends string ? string : PartOf<T[Key]> };

/** Texts for errors: by `<code>__<param_name>` or by `<code>` (F §2.3). */
type ErrorTexts = { [code: string]: string | object | undefined };

/**
 * An app's own words for the components (F §7.5): any of {@link Texts} and of the profile's, the rest stays English.
 * Objects of `@clerk/localizations` fit; their texts for components that do not exist here are not used.
 */
export type Localization = PartOf<Omit<Texts, "unstable__errors">> & {
  userProfile?: PartOf<ProfileTexts>;
  /** BCP 47, such as `"de-DE"`: how dates are written. The browser's language when absent. */
  locale?: string;
  unstable__errors?: ErrorTexts;
};

/** The English texts with those of `localization` in their place. */
export function textsOf(localization: Localization | undefined): Texts {
  return overlaidTexts<Texts>(english, localization);
}

/** `base` with the texts of `over` in their place. */
export function overlaidTexts<T extends object>(base: T, over: object | undefined): T {
  return over === undefined ? base : (overlaid(base, over) as T);
}

function overlaid(base: object, over: object): object {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    if (value === undefined) {
      continue;
    }
    result[key] = isGroup(below) && isGroup(value) ? overlaid(below, value) : value;
  }
  return result;
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * `text` with each `{{name}}` replaced. A modifier after a bar (`{{provider|titleize}}`) is left out of account; an
 * unknown name becomes empty.
 */
export function filled(text: string, values: Record<string, string | number | undefined>): string {
  return text.replace(/\{\{\s*(\w+)[^}]*\}\}/g, (_match, name: string) => String(values[name] ?? ""));
}
