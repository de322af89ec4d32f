import { expect, test } from "vitest";
import {
  checkDocumentFieldName,
  checkFieldName,
  checkIdentifier,
  checkIndexName,
  checkTableName,
  parseFieldPath,
} from "./identifier.ts";

test("identifiers are letters, digits and underscores, not starting with a digit", () => {
  for (const name of ["a", "_a", "A9_", "x".repeat(64)]) expect(() => checkIdentifier(name)).not.toThrow();
  for (const name of ["", "9a", "a-b", "é", "__", "x".repeat(65), "a b"]) {
    expect(() => checkIdentifier(name, "table name"), name).toThrow(/^Invalid table name: /);
  }
});

test("reserved names have their codes", () => {
  expect(() => checkTableName("_users")).toThrow(expect.objectContaining({ code: "TableNameReserved" }));
  for (const name of ["by_id", "by_creation_time", "_mine"]) {
    expect(() => checkIndexName(name)).toThrow(expect.objectContaining({ code: "IndexNameReserved" }));
  }
  expect(() => checkIndexName("_fivetran_x")).not.toThrow();
  expect(() => checkDocumentFieldName("_secret")).toThrow(
    expect.objectContaining({ code: "InvalidDocumentError" }),
  );
  expect(() => checkDocumentFieldName("_id")).not.toThrow();
  expect(() => checkFieldName("$x")).toThrow(expect.objectContaining({ code: "InvalidFieldName" }));
  expect(() => checkFieldName("any thing: ~")).not.toThrow();
});

test("field paths are dotted identifiers", () => {
  expect(parseFieldPath("a.b._c")).toEqual(["a", "b", "_c"]);
  expect(() => parseFieldPath("a..b")).toThrow('Invalid field path "a..b"');
});
