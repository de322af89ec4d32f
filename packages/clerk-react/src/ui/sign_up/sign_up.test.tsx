// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { SignUpView } from "../sign_up.tsx";
import { descriptionOf, renderPage } from "../testing/render_page.tsx";
import {
  clientJson,
  environmentJson,
  refusal,
  ScriptedFapi,
  sessionJson,
  signUpJson,
} from "../testing/scripted_fapi.ts";

const CREATE = "POST /v1/client/sign_ups";
const PREPARE = "POST /v1/client/sign_ups/sua_1/prepare_verification";
const ATTEMPT = "POST /v1/client/sign_ups/sua_1/attempt_verification";

function answering(signUp: object): { json: object } {
  return { json: { response: signUp, client: clientJson({ sign_up: signUp }) } };
}

function complete(): { json: object } {
  const signUp = signUpJson({ status: "complete", unverified_fields: [], created_session_id: "sess_1" });
  return {
    json: {
      response: signUp,
      client: clientJson({ sign_up: signUp, sessions: [sessionJson()], last_active_session_id: "sess_1" }),
    },
  };
}

describe("the form", () => {
  test("asks for what the instance's settings say, and marks what may be left out", async () => {
    const page = await renderPage(new ScriptedFapi(environmentJson()), <SignUpView />);
    const email = await page.get("textbox", "Email address");
    const fields = [...document.querySelectorAll("input")].map(({ name, required, autocomplete }) => [
      name,
      required,
      autocomplete,
    ]);
    expect(fields).toEqual([
      ["firstName", false, "given-name"],
      ["lastName", false, "family-name"],
      ["username", false, "username"],
      ["emailAddress", true, "email"],
      ["password", true, "new-password"],
    ]);
    expect(email.closest(".cl-formField")?.textContent).not.toContain("Optional");
  });

  test("leaves optional fields out when the app wants it so", async () => {
    const page = await renderPage(
      new ScriptedFapi(environmentJson()),
      <SignUpView appearance={{ layout: { showOptionalFields: false } }} />,
    );
    await page.get("textbox", "Email address");
    expect([...document.querySelectorAll("input")].map(({ name }) => name)).toEqual([
      "emailAddress",
      "password",
    ]);
  });

  test("ticks off what a password has, while it is typed", async () => {
    const settings = { password_settings: { min_length: 8, max_length: 72, require_numbers: true } };
    const page = await renderPage(
      new ScriptedFapi(environmentJson({ userSettings: settings })),
      <SignUpView />,
    );
    const password = await page.get("textbox", "Password");
    await page.type(password, "eight letters");
    const met = (): (string | null)[] =>
      [...document.querySelectorAll(".cl-passwordHint__met")].map(({ textContent }) => textContent);
    expect(met()).toEqual(["8 or more characters, done"]);
    await page.type(password, "eight letters 8");
    expect(met()).toEqual(["8 or more characters, done", "a number, done"]);
  });

  test("errors stand beneath the fields that they are about, several at once", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const errors = [
      refusal(422, "form_identifier_exists", { param: "email_address" }),
      refusal(422, "form_password_no_number", { param: "password", longMessage: "It needs a digit." }),
    ].flatMap(({ json }) => (json as { errors: object[] }).errors);
    fapi.on(CREATE, () => ({ status: 422, json: { errors } }));
    const page = await renderPage(fapi, <SignUpView />);
    const email = await page.get("textbox", "Email address");
    const password = await page.get("textbox", "Password");
    await page.type(email, "ada@example.com");
    await page.type(password, "no digits here");
    await page.press("Enter");
    await page.until(() => email.getAttribute("aria-invalid") === "true");
    expect(descriptionOf(email)).toBe("This address is taken. Please use another one, or sign in.");
    expect(descriptionOf(password)).toContain("It needs a digit.");
    expect(document.activeElement).toBe(email);
  });

  test("an agreement that the instance asks for is asked for, with links to what is agreed to", async () => {
    const fapi = new ScriptedFapi(
      environmentJson({
        userSettings: {
          attributes: { email_address: { enabled: true, required: true } },
          sign_up: { mode: "public", progressive: true, legal_consent_enabled: true },
        },
        display: {
          terms_url: "https://acme.example/terms",
          privacy_policy_url: "https://acme.example/privacy",
        },
      }),
    );
    fapi.on(CREATE, () => answering(signUpJson()));
    fapi.on(PREPARE, () => answering(signUpJson()));
    const page = await renderPage(fapi, <SignUpView />);
    const box = await page.get("checkbox", "I agree to the Terms of Service and the Privacy Policy");
    expect((await page.get("link", "Terms of Service")).getAttribute("href")).toBe(
      "https://acme.example/terms",
    );
    await page.type(await page.get("textbox", "Email address"), "ada@example.com");
    await page.press("Enter");
    expect(descriptionOf(box)).toBe("Please agree to go on.");
    expect(fapi.asked(CREATE)).toEqual([]);
    await page.click(box);
    await page.click(await page.get("button", "Continue"));
    await page.until(() => fapi.asked(CREATE).length === 1);
    expect(fapi.asked(CREATE)[0]).toMatchObject({ legal_accepted: "true" });
  });
});

test("from the form through the code into the app; each code is sent once", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on(CREATE, () => answering(signUpJson()));
  fapi.on(PREPARE, () => answering(signUpJson()));
  fapi.on(ATTEMPT, complete);
  fapi.on("POST /v1/client/sessions/sess_1/touch", () => ({
    json: { response: sessionJson(), client: clientJson({ sessions: [sessionJson()] }) },
  }));
  const visited: string[] = [];
  const page = await renderPage(fapi, <SignUpView fallbackRedirectUrl="/welcome" />, {
    routerPush: (to) => void visited.push(to),
    routerReplace: (to) => void visited.push(to),
  });
  await page.type(await page.get("textbox", "Email address"), " ada@example.com ");
  await page.type(await page.get("textbox", "Password"), " a horse with spaces ");
  await page.press("Enter");
  const code = await page.get("textbox", "Verification code");
  expect(fapi.asked(CREATE)).toMatchObject([
    { email_address: "ada@example.com", password: " a horse with spaces " },
  ]);
  expect(fapi.asked(CREATE)[0]).not.toHaveProperty("first_name");
  await page.type(code, "424242");
  await page.until(() => visited.length > 0);
  expect(visited).toEqual(["/welcome"]);
  expect(fapi.asked(PREPARE)).toHaveLength(1);
});

test("whoever goes back to correct their name keeps the code that was sent", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const sent = signUpJson({
    first_name: "Adda",
    verifications: {
      email_address: {
        status: "unverified",
        strategy: "email_code",
        expire_at: Date.now() + 600_000,
        next_action: "needs_attempt",
        supported_strategies: ["email_code"],
      },
    },
  });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_up: sent }), client: null } }));
  fapi.on("PATCH /v1/client/sign_ups/sua_1", () => answering(sent));
  const page = await renderPage(fapi, <SignUpView />, { address: "#/verify-email-address" });
  await page.click(await page.get("button", "Change ada@example.com"));
  await page.type(await page.get("textbox", "First name"), "");
  await page.type(await page.get("textbox", "Password"), "a horse with spaces");
  await page.press("Enter");
  await page.get("textbox", "Verification code");
  expect(fapi.asked("PATCH /v1/client/sign_ups/sua_1")).toMatchObject([
    { email_address: "ada@example.com", first_name: "" },
  ]);
  expect([fapi.asked(CREATE), fapi.asked(PREPARE)]).toEqual([[], []]);
});

test("an attempt that is too old begins anew, and says so", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signUp = signUpJson({ unverified_fields: [], missing_fields: ["username"] });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_up: signUp }), client: null } }));
  fapi.on("PATCH /v1/client/sign_ups/sua_1", () => refusal(404, "resource_not_found"));
  const page = await renderPage(fapi, <SignUpView />, { address: "#/continue" });
  await page.type(await page.get("textbox", "Username"), "ada");
  await page.press("Enter");
  await page.get("heading", "Create your account");
  expect(document.querySelectorAll('[role="alert"]')).not.toHaveLength(0);
  expect(
    [...document.querySelectorAll('[role="alert"]')].map(({ textContent }) => textContent).join(""),
  ).toContain("Please start again.");
});

test("a link of the client fills in what it knows", async () => {
  const page = await renderPage(new ScriptedFapi(environmentJson()), <SignUpView />, {
    address: "#/?email_address=ada%40example.com&first_name=Ada",
  });
  const value = async (name: string): Promise<string> =>
    ((await page.get("textbox", name)) as HTMLInputElement).value;
  expect([await value("Email address"), await value("First name")]).toEqual(["ada@example.com", "Ada"]);
});

test("what is still missing afterwards is asked for", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signUp = signUpJson({ unverified_fields: [], missing_fields: ["username"] });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_up: signUp }), client: null } }));
  const page = await renderPage(fapi, <SignUpView />);
  await page.goTo("#/continue");
  await page.get("heading", "Almost there");
  fapi.on("PATCH /v1/client/sign_ups/sua_1", () =>
    refusal(422, "form_identifier_exists", { param: "username" }),
  );
  const username = await page.get("textbox", "Username");
  await page.type(username, "ada");
  await page.press("Enter");
  await page.until(() => descriptionOf(username) === "This username is taken. Please choose another one.");
});

test("an instance that takes nobody new says so, and shows no form", async () => {
  const settings = { sign_up: { mode: "restricted", progressive: true } };
  const page = await renderPage(
    new ScriptedFapi(environmentJson({ userSettings: settings })),
    <SignUpView />,
  );
  await page.get("heading", "By invitation only");
  expect(document.querySelector("input")).toBeNull();
});

test("nothing is filled in of somebody who has signed up and out before", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signUp = signUpJson({ status: "complete", first_name: "Ada", created_session_id: "sess_0" });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_up: signUp }), client: null } }));
  const page = await renderPage(fapi, <SignUpView />);
  const value = async (name: string): Promise<string> =>
    ((await page.get("textbox", name)) as HTMLInputElement).value;
  expect([await value("Email address"), await value("First name")]).toEqual(["", ""]);
});

test("an address with a step that is behind shows the one that is next", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signUp = signUpJson({ unverified_fields: [], missing_fields: ["username"] });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_up: signUp }), client: null } }));
  const page = await renderPage(fapi, <SignUpView />, { address: "#/verify-email-address" });
  await page.get("heading", "Almost there");
  expect(window.location.hash).toBe("#/continue");
});
