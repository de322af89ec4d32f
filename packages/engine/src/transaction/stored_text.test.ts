import { commitTsPlaceholder } from "@tandem/values";
import { expect, it } from "vitest";
import { toStoredDocument } from "./stored_text.ts";

it("a commit's timestamp that nobody would resolve is refused instead of stored", () => {
  for (const fields of [{ at: commitTsPlaceholder }, { deep: [{ at: commitTsPlaceholder }] }]) {
    expect(() => toStoredDocument("id", 1, fields)).toThrow("db.vars.commitTs cannot be stored");
  }
});
