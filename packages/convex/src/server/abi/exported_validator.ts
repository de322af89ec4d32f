import {
  asObjectValidator,
  type GenericValidator,
  type PropertyValidators,
  type ValidatorJSON,
} from "@tandem/values";

/** What `args` and `returns` of a function may be: a validator, or one for each field. */
export type DeclaredValidator = GenericValidator | PropertyValidators;

/** @throws Error when a part of a validator is not there. */
function refuseUndefined(key: string, part: unknown): unknown {
  if (part === undefined) {
    throw new Error(
      `The validator of "${key}" is undefined. Two modules that import each other often cause this: move the validator into a module of its own.`,
    );
  }
  return part;
}

/**
 * A declared validator as the text that a push reads (R §1.1).
 *
 * @param absent What is pushed when there is no validator.
 * @throws Error when a part of it is undefined.
 */
export function exportedValidator(
  declared: DeclaredValidator | undefined,
  absent: ValidatorJSON | null,
): string {
  const json = declared === undefined ? absent : (asObjectValidator(declared) as GenericValidator).json;
  return JSON.stringify(json, refuseUndefined);
}
