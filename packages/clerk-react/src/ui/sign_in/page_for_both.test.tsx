// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { SignInView } from "../sign_in.tsx";
import { descriptionOf, renderPage } from "../testing/render_page.tsx";
import {
  clientJson,
  environmentJson,
  refusal,
  ScriptedFapi,
  sessionJson,
  signInJson,
  signUpJson,
} from "../testing/scripted_fapi.ts";
import {
  ATTEMPT,
  answering,
  CREATE,
  codeFirst,
  codeSent,
  PREPARE,
  routing,
  touchable,
} from "../testing/sign_in_answers.tsx";

describe("a page for both", () => {
  const here = { signInUrl: "/sign-in" };

  test("goes on with the sign-up when nobody has the identifier", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => refusal(422, "form_identifier_not_found", { param: "identifier" }));
    const page = await renderPage(fapi, <SignInView />, here);
    await page.type(await page.get("textbox", /Email/), "new@example.com");
    await page.press("Enter");
    await page.get("heading", "Create your account");
    const email = (await page.get("textbox", "Email address")) as HTMLInputElement;
    expect(email.value).toBe("new@example.com");
    expect(fapi.asked(CREATE)).toMatchObject([{ sign_up_if_missing: "true" }]);
  });

  test("goes on with the sign-up when the code was right and nobody has the address", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    fapi.on(CREATE, () => answering(signInJson()));
    fapi.on(PREPARE, () => codeSent());
    const error = refusal(404, "sign_up_if_missing_transfer");
    const transferable = signInJson({
      first_factor_verification: { status: "transferable", strategy: "email_code" },
    });
    fapi.on(ATTEMPT, () => ({
      ...error,
      json: { ...(error.json as object), meta: { client: clientJson({ sign_in: transferable }) } },
    }));
    const signUp = signUpJson({ unverified_fields: [], missing_fields: ["password"] });
    fapi.on("POST /v1/client/sign_ups", () => ({
      json: { response: signUp, client: clientJson({ sign_up: signUp }) },
    }));
    const page = await renderPage(fapi, <SignInView />, here);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.type(await page.get("textbox", "Verification code"), "424242");
    await page.get("heading", "Almost there");
    expect(fapi.asked("POST /v1/client/sign_ups")).toMatchObject([{ transfer: "true" }]);
  });

  test("stays a sign-in alone where new accounts need an invitation", async () => {
    const settings = { sign_up: { mode: "restricted", progressive: true } };
    const fapi = new ScriptedFapi(environmentJson({ userSettings: settings }));
    fapi.on(CREATE, () => refusal(422, "form_identifier_not_found", { param: "identifier" }));
    const page = await renderPage(fapi, <SignInView />, here);
    const field = await page.get("textbox", /Email/);
    await page.type(field, "new@example.com");
    await page.press("Enter");
    await page.until(() => descriptionOf(field) !== "");
    expect(fapi.asked(CREATE)[0]).not.toHaveProperty("sign_up_if_missing");
  });
});

test("a sign-up on the sign-in's page leads to where sign-ups lead, and nowhere else", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signUp = signUpJson({ status: "complete", unverified_fields: [], created_session_id: "sess_1" });
  fapi.on("POST /v1/client/sign_ups", () => ({
    json: {
      response: signUp,
      client: clientJson({ sign_up: signUp, sessions: [sessionJson()], last_active_session_id: "sess_1" }),
    },
  }));
  touchable(fapi);
  const { visited, options } = routing();
  const page = await renderPage(
    fapi,
    <SignInView forceRedirectUrl="/back" signUpForceRedirectUrl="/welcome" />,
    { ...options, signInUrl: "/sign-in", address: "#/create" },
  );
  await page.type(await page.get("textbox", "Email address"), "ada@example.com");
  await page.type(await page.get("textbox", "Password"), "a horse with spaces");
  await page.press("Enter");
  await page.until(() => window.Clerk?.user?.id === "user_1" && visited.length > 0);
  expect(visited).toEqual(["/welcome"]);
});
