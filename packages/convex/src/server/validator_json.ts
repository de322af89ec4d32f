import type { GenericValidator, ValidatorJSON } from "@tandem/values";

/**
 * A validator in the form in which it is pushed (R §3.1).
 *
 * @param place What the validator was given as, for the error message.
 * @throws Error when the value holds no validator.
 */
export function validatorJson(validator: GenericValidator, place: string): ValidatorJSON {
  const { json } = validator as unknown as { json: ValidatorJSON };
  if (typeof json !== "object") {
    throw new Error(`There is no validator in ${place}. Build one with \`v\`, like \`v.object({ … })\`.`);
  }
  return json;
}
