import { expect, test } from "vitest";
import { encodeForm } from "./form.ts";

test("a request's body has its names in snake case and its values as text", () => {
  const form = encodeForm({ emailAddress: "jane@example.com", signOutOfOtherSessions: true, pageSize: 10 });
  expect(form.toString()).toBe(
    "email_address=jane%40example.com&sign_out_of_other_sessions=true&page_size=10",
  );
});

test("null is an empty value, and undefined is nothing", () => {
  expect(encodeForm({ activeOrganizationId: null, intent: undefined }).toString()).toBe(
    "active_organization_id=",
  );
});

test("a list is a repeated name", () => {
  expect(encodeForm({ additionalScope: ["a", null, "b,c"] }).getAll("additional_scope")).toEqual([
    "a",
    "",
    "b,c",
  ]);
});

test("the keys inside an object stay as they are", () => {
  const form = encodeForm({ unsafeMetadata: { camelKey: { x: 1 } } });
  expect(form.get("unsafe_metadata")).toBe('{"camelKey":{"x":1}}');
});
