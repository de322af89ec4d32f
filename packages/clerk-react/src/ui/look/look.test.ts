// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { customProperties } from "./custom_properties.ts";
import { elementRules } from "./element_rules.ts";
import { injectStyleSheet } from "./inject_style_sheet.ts";
import { resolveAppearance } from "./resolve_appearance.ts";

afterEach(() => {
  document.head.innerHTML = "";
});

test("the nearest appearance wins: the provider's, its part for the component, the component's own", () => {
  const provider = {
    variables: { colorPrimary: "red", colorText: "black", borderRadius: "0" },
    signIn: { variables: { colorPrimary: "green" } },
    signUp: { variables: { colorPrimary: "grey" } },
  };
  const own = { variables: { borderRadius: "1rem" } };
  expect(resolveAppearance(provider, "signIn", own).variables).toEqual({
    colorPrimary: "green",
    colorForeground: "black",
    borderRadius: "1rem",
  });
});

test("class names add up; a theme lies beneath what is given beside it", () => {
  const { classNames, scheme, variables } = resolveAppearance(
    { baseTheme: "dark", elements: { card: "a" } },
    "signIn",
    {
      theme: { variables: { colorPrimary: "red", colorDanger: "pink" } },
      variables: { colorPrimary: "blue" },
      elements: { card: "b" },
    },
  );
  expect(classNames.card).toBe("a b");
  expect(scheme).toBe("dark");
  expect(variables).toEqual({ colorPrimary: "blue", colorDanger: "pink" });
});

test("without a theme, the reader's system decides", () => {
  expect(resolveAppearance(undefined, "signIn", undefined).scheme).toBe("auto");
});

test("variables become custom properties of the root", () => {
  expect(customProperties({ colorPrimary: "red", fontSize: 15, fontWeight: { medium: 550 } })).toEqual({
    "--cl-primary": "red",
    "--cl-size": "15px",
    "--cl-weight-medium": "550",
  });
});

test("a style object becomes a rule, with what is nested in it", () => {
  const rules = elementRules(
    { formButtonPrimary: { fontSize: 14, opacity: 0.9, "&:hover": { backgroundColor: "red" } } },
    ".s",
  );
  expect(rules).toBe(
    ".s .cl-formButtonPrimary,.s.cl-formButtonPrimary{font-size:14px;opacity:0.9;&:hover{background-color:red;}}",
  );
});

test("the style sheet is put on the page once, before everything of the app's, in the layer that it asks for", () => {
  document.head.innerHTML = "<style>.mine{}</style><script nonce='n1'></script>";
  injectStyleSheet(document, { name: "more", order: 1, rules: ".b{}" }, undefined);
  injectStyleSheet(document, { name: "base", order: 0, rules: ".a{}" }, undefined);
  injectStyleSheet(document, { name: "most", order: 2, rules: ".c{}" }, "clerk");
  injectStyleSheet(document, { name: "base", order: 0, rules: ".a{}" }, "clerk");
  const sheets = [...document.head.querySelectorAll("style")];
  expect(sheets.map(({ textContent }) => textContent)).toEqual([
    "@layer clerk{.a{}}",
    ".b{}",
    "@layer clerk{.c{}}",
    ".mine{}",
  ]);
  expect(sheets[0]?.nonce).toBe("n1");
});
