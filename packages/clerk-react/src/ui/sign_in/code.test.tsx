// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { SignInView } from "../sign_in.tsx";
import { descriptionOf, renderPage } from "../testing/render_page.tsx";
import { clientJson, environmentJson, refusal, ScriptedFapi, signInJson } from "../testing/scripted_fapi.ts";
import {
  ATTEMPT,
  answering,
  CREATE,
  codeFirst,
  codeSent,
  complete,
  PREPARE,
  touchable,
} from "../testing/sign_in_answers.tsx";

describe("the code", () => {
  async function atCode(fapi: ScriptedFapi) {
    fapi.on(CREATE, () => answering(signInJson()));
    fapi.on(PREPARE, () => codeSent());
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    return { page, code: await page.get("textbox", "Verification code") };
  }

  test("that is half typed is not sent", async () => {
    const { page, code } = await atCode(new ScriptedFapi(codeFirst));
    await page.type(code, "123");
    await page.click(await page.get("button", "Verify"));
    expect(descriptionOf(code)).toBe("The code has 6 digits. Please enter all of them.");
  });

  test("is tried once, and stays in its boxes, however often it is sent off", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    const { page, code } = await atCode(fapi);
    const answer = Promise.withResolvers<{ json: object }>();
    fapi.on(ATTEMPT, () => answer.promise);
    await page.type(code, "424242");
    await page.press("Enter");
    expect((code as HTMLInputElement).value).toBe("424242");
    touchable(fapi);
    answer.resolve(complete());
    await page.until(() => window.Clerk?.user?.id === "user_1");
    expect(fapi.asked(ATTEMPT)).toHaveLength(1);
  });

  test("that went to this very address a moment ago need not be sent again after going back", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    const { page } = await atCode(fapi);
    await page.until(() => fapi.asked(PREPARE).length === 1);
    await page.click(await page.get("button", "Change ada@example.com"));
    const field = await page.get("textbox", /Email/);
    expect((field as HTMLInputElement).value).toBe("ada@example.com");
    await page.press("Enter");
    await page.get("textbox", "Verification code");
    expect([fapi.asked(CREATE).length, fapi.asked(PREPARE).length]).toEqual([1, 1]);
  });

  test("that is there before it has been sent is tried afterwards", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    fapi.on(CREATE, () => answering(signInJson()));
    const sent = Promise.withResolvers<{ json: object }>();
    fapi.on(PREPARE, () => sent.promise);
    fapi.on(ATTEMPT, complete);
    touchable(fapi);
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.type(await page.get("textbox", "Verification code"), "424242");
    expect(fapi.asked(ATTEMPT)).toEqual([]);
    sent.resolve(codeSent());
    await page.until(() => fapi.asked(ATTEMPT).length === 1);
  });

  test("of a visit before is no reason to skip the password", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const { response } = codeSent().json as { response: object };
    fapi.on("GET /v1/client", () => ({
      json: { response: clientJson({ sign_in: response }), client: null },
    }));
    fapi.on(CREATE, () => answering(signInJson()));
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.get("textbox", "Password");
    expect(fapi.asked(CREATE)).toHaveLength(1);
  });

  test("says to which address it goes, and goes to another one that is chosen", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    const factors = ["ada@example.com", "ada@work.example"].map((address, place) => ({
      strategy: "email_code",
      email_address_id: `idn_${place + 1}`,
      safe_identifier: address,
    }));
    const signIn = { identifier: "ada", supported_first_factors: factors };
    fapi.on(CREATE, () => answering(signInJson(signIn)));
    fapi.on(PREPARE, () => codeSent(signIn));
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada");
    await page.press("Enter");
    await page.get("button", "Change ada@example.com");
    await page.until(() => fapi.asked(PREPARE).length === 1);
    await page.click(await page.get("button", "Use another method"));
    await page.click(await page.get("button", "Email a code to ada@work.example"));
    await page.get("button", "Change ada@work.example");
    await page.until(() => fapi.asked(PREPARE).length === 2);
    expect(fapi.asked(PREPARE).map((form) => form.email_address_id)).toEqual(["idn_1", "idn_2"]);
  });

  test("that was sent a moment ago can be asked for again after the time that the server says", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    fapi.on(CREATE, () => answering(signInJson()));
    fapi.on(PREPARE, () =>
      refusal(429, "verification_code_too_many_requests", { headers: { "retry-after": "20" } }),
    );
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    const again = await page.get("button", /Send again in (20|19) s/);
    expect(again.getAttribute("aria-disabled")).toBe("true");
    await page.click(again);
    expect(fapi.asked(PREPARE)).toHaveLength(1);
  });

  test("sent anew, takes back what was said of the one before, and tells screen readers", async () => {
    const fapi = new ScriptedFapi(codeFirst);
    const signIn = signInJson({
      first_factor_verification: {
        status: "unverified",
        strategy: "email_code",
        expire_at: Date.now() + 600_000,
      },
    });
    fapi.on("GET /v1/client", () => ({
      json: { response: clientJson({ sign_in: signIn }), client: null },
    }));
    fapi.on(ATTEMPT, () => refusal(400, "verification_expired"));
    fapi.on(PREPARE, () => codeSent());
    const page = await renderPage(fapi, <SignInView />);
    await page.goTo("#/factor-one");
    await page.type(await page.get("textbox", "Verification code"), "424242");
    await page.until(() => document.querySelector('[role="alert"]')?.textContent !== "");
    await page.click(await page.get("button", "Send a new code"));
    await page.until(() =>
      [...document.querySelectorAll('[role="status"]')].some(
        ({ textContent }) => textContent === "A new code is on its way.",
      ),
    );
    expect(document.querySelector('[role="alert"]')?.textContent).toBe("");
  });
});
