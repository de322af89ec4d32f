import type { SignUpResource, UserSettingsResource } from "@tandem/clerk-js";

/** The fields that a sign-up form may have, in its order, by their names in camel case. */
export const FIELD_NAMES = ["firstName", "lastName", "username", "emailAddress", "password"] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** A field of the form. */
export interface FormField {
  readonly name: FieldName;
  readonly required: boolean;
}

/** What `settings` ask of somebody new (F §3.4). Optional ones are left out when `showOptional` is false. */
export function signUpFields(settings: UserSettingsResource, showOptional: boolean): FormField[] {
  const { attributes, signUp } = settings;
  return FIELD_NAMES.filter((name) => {
    const { enabled, required, usedForFirstFactor } = attributes[name];
    switch (name) {
      case "password":
        return enabled && required;
      case "emailAddress":
        return enabled && (signUp.progressive || usedForFirstFactor);
      default:
        return enabled && (required || showOptional);
    }
  }).map((name) => ({ name, required: attributes[name].required }));
}

/** What is still missing of a sign-up under way, as far as this form knows how to ask for it. */
export function missingFields(signUp: SignUpResource): FormField[] {
  return FIELD_NAMES.filter((name) => signUp.missingFields.includes(wireName(name))).map((name) => ({
    name,
    required: true,
  }));
}

/** What is missing that this form has no field for. */
export function unknownMissing(signUp: SignUpResource): string[] {
  const known = [...FIELD_NAMES.map(wireName), "legal_accepted"];
  return signUp.missingFields.filter((name) => !known.includes(name));
}

function wireName(name: FieldName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
