import type { ValidatorJSON } from "@tandem/values";

/**
 * Does every value that fits `narrow` fit `wide` too? `false` may also mean "cannot tell": then documents are
 * walked. What a push changes most, a new optional field or a new member of a union, is told.
 */
export function isSuperset(wide: ValidatorJSON, narrow: ValidatorJSON): boolean {
  if (wide.type === "any") return true;
  if (narrow.type === "union") return narrow.value.every((member) => isSuperset(wide, member));
  if (wide.type === "union") return wide.value.some((member) => isSuperset(member, narrow));
  if (narrow.type === "literal") return literalFits(wide, narrow.value);
  switch (wide.type) {
    case "null":
    case "number":
    case "boolean":
    case "string":
    case "bytes":
    case "commitTs":
      return narrow.type === wide.type || (wide.type === "string" && narrow.type === "id");
    case "bigint":
      return narrow.type === "bigint" || narrow.type === "commitTs";
    case "literal":
      return false;
    case "id":
      return narrow.type === "id" && narrow.tableName === wide.tableName;
    case "array":
      return narrow.type === "array" && isSuperset(wide.value, narrow.value);
    case "record":
      return (
        narrow.type === "record" &&
        isSuperset(wide.keys, narrow.keys) &&
        isSuperset(wide.values.fieldType, narrow.values.fieldType)
      );
    case "object": {
      if (narrow.type !== "object") return false;
      for (const [name, field] of Object.entries(narrow.value)) {
        const other = Object.hasOwn(wide.value, name) ? wide.value[name] : undefined;
        if (other === undefined || (field.optional && !other.optional)) return false;
        if (!isSuperset(other.fieldType, field.fieldType)) return false;
      }
      return Object.entries(wide.value).every(
        ([name, field]) => field.optional || Object.hasOwn(narrow.value, name),
      );
    }
    default:
      return wide satisfies never;
  }
}

function literalFits(wide: ValidatorJSON, value: unknown): boolean {
  switch (wide.type) {
    case "literal":
      return JSON.stringify(wide.value) === JSON.stringify(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    case "bigint":
      return typeof value === "object" && value !== null && "$integer" in value;
    default:
      return false;
  }
}
