// @vitest-environment jsdom
import { expect, test } from "vitest";
import { hostedPage } from "./pages.tsx";
import { pageBesideApp, pageOfStep, readSettings } from "./settings.ts";

function root(data: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  Object.assign(element.dataset, data);
  return element;
}

function allows(origins: readonly (string | RegExp)[], origin: string): boolean {
  return origins.some((one) => (typeof one === "string" ? one === origin : one.test(origin)));
}

test("a page of this machine sends people to apps of this machine, and nowhere else", () => {
  const page = new URL("http://127.0.0.1:3212/sign-in");
  const { allowedOrigins } = readSettings(root({ publishableKey: "pk_test_x" }), page);
  expect(allows(allowedOrigins, "http://localhost:5173")).toBe(true);
  expect(allows(allowedOrigins, "http://localhost.evil.example")).toBe(false);
  expect(allows(allowedOrigins, "https://evil.example")).toBe(false);
});

test("a page elsewhere sends people to where its server says", () => {
  const page = new URL("https://clerk.acme.example/sign-in");
  const data = {
    publishableKey: "pk_live_x",
    allowedOrigins: "https://acme.example  https://*.acme.example",
  };
  expect(readSettings(root(data), page).allowedOrigins).toEqual([
    "https://clerk.acme.example",
    "https://acme.example",
    "https://*.acme.example",
  ]);
});

test("a page without a key says what is missing", () => {
  expect(() => readSettings(root({}), new URL("http://localhost/sign-in"))).toThrow("data-publishable-key");
});

test("a page comes to the name of this machine that the app uses: its cookies are for that name", () => {
  const page = new URL("http://127.0.0.1:3212/sign-in?redirect_url=x#/factor-one");
  expect(pageBesideApp(page, "http://localhost:5173/notes")?.href).toBe(
    "http://localhost:3212/sign-in?redirect_url=x#/factor-one",
  );
  expect(pageBesideApp(page, "http://127.0.0.1:5173/")).toBeUndefined();
  expect(pageBesideApp(page, "https://evil.example/")).toBeUndefined();
  expect(pageBesideApp(page, "/user")).toBeUndefined();
  expect(
    pageBesideApp(new URL("https://clerk.acme.example/sign-in"), "http://localhost:5173/"),
  ).toBeUndefined();
});

test.each([
  ["/sign-in", "/sign-in"],
  ["/sign-in/?redirect_url=x#/factor-one", "/sign-in?redirect_url=x#/factor-one"],
  ["/sign-in/choose", "/sign-in#/choose"],
  ["/sign-in/create/continue/?a=b#/?redirect_url=x", "/sign-in?a=b#/create/continue?redirect_url=x"],
  ["/user/security", "/user#/security"],
])("the step of %s is where the components look for it: %s", (path, shown) => {
  const page = new URL(path, "https://clerk.acme.example");
  expect(pageOfStep(page).href).toBe(`https://clerk.acme.example${shown}`);
  expect(hostedPage(pageOfStep(page).pathname)).toBeDefined();
});

test("there are pages to sign in, to sign up and for the account", () => {
  expect(["/sign-in", "/sign-up/", "/user", "/other"].map((path) => hostedPage(path)?.title)).toEqual([
    "Sign in",
    "Sign up",
    "Account",
    undefined,
  ]);
});
