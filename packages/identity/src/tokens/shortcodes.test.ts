import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveShortcodes } from "./shortcodes.ts";

const scope = {
  user: {
    id: "user_1",
    full_name: "Ada Lovelace",
    username: null,
    email_verified: false,
    created_at: 1_700_000_000,
    public_metadata: { plan: { name: "pro", seats: 3 }, tags: ["a", "b"], "{{user.id}}": 1 },
    unsafe_metadata: { bio: "{{user.id}} {{user.full_name}}" },
  },
};

const resolve = (template: unknown) => resolveShortcodes(template, scope);

test("a text that is one shortcode takes the value's type", () => {
  expect(resolve("{{user.full_name}}")).toBe("Ada Lovelace");
  expect(resolve("{{ user.created_at }}")).toBe(1_700_000_000);
  expect(resolve("{{user.email_verified}}")).toBe(false);
  expect(resolve("{{user.username}}")).toBeNull();
  expect(resolve("{{user.public_metadata.plan}}")).toEqual({ name: "pro", seats: 3 });
  expect(resolve("{{user.public_metadata.plan.seats}}")).toBe(3);
  expect(resolve("{{user.public_metadata.tags}}")).toEqual(["a", "b"]);
});

test("within a longer text the value is written out", () => {
  expect(resolve("Hello {{user.full_name}}, {{user.username}} {{user.created_at}}!")).toBe(
    "Hello Ada Lovelace, null 1700000000!",
  );
  expect(resolve("{{user.id}}{{user.id}}")).toBe("user_1user_1");
  expect(resolve(" {{user.created_at}}")).toBe(" 1700000000");
});

test("what is unknown is null", () => {
  for (const expression of ["user.nothing", "org.id", "nothing", "user", "", "user.id.length", "user."]) {
    expect(resolve(`{{${expression}}}`)).toBeNull();
  }
});

test("prototype: nothing but the values themselves is reachable", () => {
  for (const path of ["user.constructor", "user.__proto__", "user.public_metadata.tags.length.toString"]) {
    expect(resolve(`{{${path}}}`)).toBeNull();
  }
  const resolved = resolve(JSON.parse('{"__proto__":{"admin":true}}')) as object;
  expect(JSON.stringify(resolved)).toBe('{"__proto__":{"admin":true}}');
  expect("admin" in resolved).toBe(false);
});

describe("||", () => {
  test.each([
    ["user.username || user.full_name", "Ada Lovelace"],
    ["user.username || 'nobody'", "nobody"],
    ["user.email_verified || user.username", null],
    ["user.username || user.email_verified", false],
    ["user.username || 42", 42],
    ["user.username || -1.5", -1.5],
    ["user.username || true", true],
    ["user.nothing || 'a || b }} c'", "a || b }} c"],
    ["user.id || 'nobody'", "user_1"],
    ["'' || 'x'", ""],
    ["0 || 'x'", 0],
  ])("%s is %j", (expression, value) => {
    expect(resolve(`{{ ${expression} }}`)).toBe(value);
  });
});

test("injection: what users write into their profile is never a template", () => {
  expect(resolve("{{user.unsafe_metadata.bio}}")).toBe("{{user.id}} {{user.full_name}}");
  expect(resolve("<{{user.unsafe_metadata.bio}}>")).toBe("<{{user.id}} {{user.full_name}}>");
});

test("keys are left alone, values at any depth are not", () => {
  expect(resolve({ "{{user.id}}": [{ deep: ["{{user.id}}"] }, 1, null, true] })).toEqual({
    "{{user.id}}": [{ deep: ["user_1"] }, 1, null, true],
  });
});

test("braces that do not close are text", () => {
  for (const text of ["{{user.id", "{user.id}", "user.id}}", "{{'x}}", "{{{user.id"]) {
    expect(resolve(text)).toBe(text);
  }
});

test("whatever has no shortcode comes back as it was", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes("{{"));
      expect(JSON.stringify(resolveShortcodes(value, scope))).toBe(text);
    }),
  );
});

test("any value of the metadata comes through with its own type, and whatever it says", () => {
  const name = fc.stringMatching(/^[a-z_]{1,8}$/);
  fc.assert(
    fc.property(name, name, fc.jsonValue(), (outer, inner, value) => {
      const of = { user: { public_metadata: { [outer]: { [inner]: value } } } };
      expect(resolveShortcodes(`{{user.public_metadata.${outer}.${inner}}}`, of)).toEqual(value);
      expect(resolveShortcodes(`x{{user.public_metadata.${outer}.${inner}}}`, of)).toBe(
        `x${typeof value === "string" ? value : JSON.stringify(value)}`,
      );
    }),
  );
});

test("no template, however odd, makes an error", () => {
  const odd = fc
    .array(fc.constantFrom("{{", "}}", "'", "||", "user.id", ".", " ", "x"))
    .map((all) => all.join(""));
  fc.assert(
    fc.property(odd, (text) => {
      const value = resolve(text);
      expect(value === null || typeof value === "string").toBe(true);
    }),
  );
});
