import { type JSONValue, jsonToConvex, type ValidatorJSON } from "@tandem/values";
import { propertyKey } from "./source_text.ts";

/** The TypeScript type of the values that a validator accepts. */
export function validatorType(validator: ValidatorJSON): string {
  switch (validator.type) {
    case "null":
    case "number":
    case "bigint":
    case "boolean":
    case "string":
    case "any":
      return validator.type;
    case "commitTs":
      return 'bigint | import("convex/values").CommitTsPlaceholder';
    case "bytes":
      return "ArrayBuffer";
    case "literal":
      return literal(validator.value);
    case "id":
      return `Id<${JSON.stringify(validator.tableName)}>`;
    case "array":
      return `Array<${validatorType(validator.value)}>`;
    case "record":
      return `Record<${validatorType(validator.keys)}, ${validatorType(validator.values.fieldType)}>`;
    case "union":
      return validator.value.length === 0 ? "never" : validator.value.map(validatorType).join(" | ");
    case "object": {
      const fields = Object.entries(validator.value).map(
        ([name, { fieldType, optional }]) =>
          `${propertyKey(name)}${optional ? "?" : ""}: ${validatorType(fieldType)}`,
      );
      return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
    }
    default:
      validator satisfies never;
      return "unknown";
  }
}

function literal(json: unknown): string {
  const value = jsonToConvex(json as JSONValue);
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
}
