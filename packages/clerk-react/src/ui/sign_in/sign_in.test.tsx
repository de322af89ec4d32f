// @vitest-environment jsdom
import { describe, expect, onTestFinished, test } from "vitest";
import { SignInView } from "../sign_in.tsx";
import { descriptionOf, renderPage } from "../testing/render_page.tsx";
import {
  clientJson,
  environmentJson,
  refusal,
  ScriptedFapi,
  sessionJson,
  signInJson,
} from "../testing/scripted_fapi.ts";
import {
  ATTEMPT,
  answering,
  CREATE,
  complete,
  Leaving,
  PREPARE,
  type Router,
  routing,
  touchable,
} from "../testing/sign_in_answers.tsx";

describe("the first step", () => {
  test("its field is labelled by what the instance takes, and known to password managers", async () => {
    const page = await renderPage(new ScriptedFapi(environmentJson()), <SignInView />);
    const field = await page.get("textbox", "Email address or username");
    expect(field.getAttribute("autocomplete")).toBe("username");
    expect(document.querySelector('[autocomplete="current-password"]')?.getAttribute("tabindex")).toBe("-1");
  });

  test("an instance with addresses alone asks for an address", async () => {
    const fapi = new ScriptedFapi(environmentJson({ attributes: { username: { enabled: false } } }));
    const page = await renderPage(fapi, <SignInView />);
    expect((await page.get("textbox", "Email address")).getAttribute("type")).toBe("email");
  });

  test("an unknown identifier is said beneath its field, which has the cursor", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => refusal(422, "form_identifier_not_found", { param: "identifier" }));
    const page = await renderPage(fapi, <SignInView />);
    const field = await page.get("textbox", /Email/);
    await page.type(field, "nobody@example.com");
    await page.press("Enter");
    await page.until(() => field.getAttribute("aria-invalid") === "true");
    expect(descriptionOf(field)).toBe("We could not find an account with these details.");
    expect(document.activeElement).toBe(field);
    expect(fapi.asked(CREATE)).toMatchObject([{ identifier: "nobody@example.com" }]);
  });

  test("nothing is sent while the field is empty", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const page = await renderPage(fapi, <SignInView />);
    await page.click(await page.get("button", "Continue"));
    expect(descriptionOf(await page.get("textbox", /Email/))).toBe("Please fill in this field.");
    expect(fapi.asked(CREATE)).toEqual([]);
  });

  test("a lock is said above the form, in the server's words", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => refusal(403, "user_locked", { longMessage: "Locked for another 12 minutes." }));
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.until(
      () => document.querySelector('[role="alert"]')?.textContent === "Locked for another 12 minutes.",
    );
  });

  test("too many attempts: the seconds to wait are said", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => refusal(429, "too_many_requests", { headers: { "retry-after": "10" } }));
    const page = await renderPage(fapi, <SignInView />);
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.until(() =>
      /^Too many attempts\. Please try again in (10|9) s\.$/.test(
        document.querySelector('[role="alert"]')?.textContent ?? "",
      ),
    );
  });

  test("a password that was filled in is sent along; when it is wrong it is asked for in the next step", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, (form) =>
      "password" in form
        ? refusal(422, "form_password_incorrect", { param: "password" })
        : answering(signInJson()),
    );
    const page = await renderPage(fapi, <SignInView />);
    await page.type(document.querySelector<HTMLElement>('[name="password"]')!, "from the manager");
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.get("heading", "Enter your password");
    expect(fapi.asked(CREATE)).toMatchObject([
      { password: "from the manager" },
      { identifier: "ada@example.com" },
    ]);
  });

  test("somebody who is signed in already stays so: their session becomes the active one", async () => {
    const fapi = new ScriptedFapi(environmentJson({ auth: { single_session_mode: false } }));
    fapi.on(CREATE, () => ({
      ...refusal(400, "identifier_already_signed_in", { meta: { session_id: "sess_1" } }),
      json: {
        ...(refusal(400, "identifier_already_signed_in", { meta: { session_id: "sess_1" } }).json as object),
        client: clientJson({ sessions: [sessionJson()] }),
      },
    }));
    touchable(fapi);
    const visited: string[] = [];
    const page = await renderPage(fapi, <SignInView forceRedirectUrl="/inside" />, {
      routerPush: (to) => void visited.push(to),
      routerReplace: (to) => void visited.push(to),
    });
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.until(() => visited.length > 0);
    expect(visited).toEqual(["/inside"]);
  });
});

test("what the way out of an error runs into is said as well", async () => {
  const fapi = new ScriptedFapi(environmentJson({ auth: { single_session_mode: false } }));
  const error = refusal(400, "identifier_already_signed_in", { meta: { session_id: "sess_1" } });
  const client = clientJson({ sessions: [sessionJson()] });
  fapi.on(CREATE, () => ({ ...error, json: { ...(error.json as object), client } }));
  fapi.on("POST /v1/client/sessions/sess_1/touch", () =>
    refusal(500, "internal_clerk_error", { longMessage: "The server has a fault." }),
  );
  const page = await renderPage(fapi, <SignInView />);
  await page.type(await page.get("textbox", /Email/), "ada@example.com");
  await page.press("Enter");
  await page.until(() => document.querySelector('[role="alert"]')?.textContent === "The server has a fault.");
});

describe("the password", () => {
  async function atPassword(fapi: ScriptedFapi) {
    fapi.on(CREATE, () => answering(signInJson()));
    const visited: string[] = [];
    const page = await renderPage(fapi, <SignInView fallbackRedirectUrl="/inside" />, {
      routerPush: (to) => void visited.push(to),
      routerReplace: (to) => void visited.push(to),
    });
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    return { page, visited, field: await page.get("textbox", "Password") };
  }

  test("has the cursor at once, and can be shown", async () => {
    const { page, field } = await atPassword(new ScriptedFapi(environmentJson()));
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute("type")).toBe("password");
    await page.click(await page.get("button", "Show password"));
    expect(field.getAttribute("type")).toBe("text");
  });

  test("a wrong one is said beneath it; the right one leads inside", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const { page, visited, field } = await atPassword(fapi);
    fapi.on(ATTEMPT, () => refusal(422, "form_password_incorrect", { param: "password" }));
    await page.type(field, "wrong");
    await page.press("Enter");
    await page.until(() => descriptionOf(field) !== "");
    fapi.on(ATTEMPT, complete);
    touchable(fapi);
    await page.type(field, "right");
    await page.press("Enter");
    await page.until(() => visited.length > 0);
    expect(visited).toEqual(["/inside"]);
    expect(fapi.asked(ATTEMPT)).toMatchObject([
      { strategy: "password", password: "wrong" },
      { strategy: "password", password: "right" },
    ]);
  });

  test("forgotten: a code, then a new one, signed out elsewhere unless said otherwise", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const { page, visited } = await atPassword(fapi);
    fapi.on(PREPARE, () => answering(signInJson()));
    await page.click(await page.get("button", "Forgot password?"));
    const code = await page.get("textbox", "Verification code");
    const needsNew = signInJson({
      status: "needs_new_password",
      first_factor_verification: { status: "verified", strategy: "reset_password_email_code" },
    });
    fapi.on(ATTEMPT, () => answering(needsNew));
    await page.type(code, "424242");
    const fresh = await page.get("textbox", "New password");
    expect(fresh.getAttribute("autocomplete")).toBe("new-password");
    fapi.on("POST /v1/client/sign_ins/sia_1/reset_password", complete);
    touchable(fapi);
    await page.type(fresh, "a new horse 42 battery");
    await page.press("Enter");
    await page.until(() => visited.length > 0);
    expect(fapi.asked(PREPARE)).toMatchObject([
      { strategy: "reset_password_email_code", email_address_id: "idn_1" },
    ]);
    expect(fapi.asked("POST /v1/client/sign_ins/sia_1/reset_password")).toMatchObject([
      { password: "a new horse 42 battery", sign_out_of_other_sessions: "true" },
    ]);
  });

  test("another method: the code by e-mail is offered, and sent when chosen", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const { page } = await atPassword(fapi);
    fapi.on(PREPARE, () => answering(signInJson()));
    await page.click(await page.get("button", "Use another method"));
    await page.click(await page.get("button", "Email a code to ada@example.com"));
    const code = await page.get("textbox", "Verification code");
    expect(code.getAttribute("autocomplete")).toBe("one-time-code");
    await page.get("button", /Send again in \d+ s/);
    fapi.on(ATTEMPT, () => refusal(422, "form_code_incorrect", { param: "code" }));
    await page.type(code, "111111");
    await page.until(() => descriptionOf(code) !== "");
    expect((code as HTMLInputElement).value).toBe("");
    expect(fapi.asked(PREPARE)).toHaveLength(1);
  });
});

test("a page that is reloaded comes back to its step, and sends no second code", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signIn = signInJson({
    first_factor_verification: {
      status: "unverified",
      strategy: "email_code",
      expire_at: Date.now() + 600_000,
    },
  });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_in: signIn }), client: null } }));
  const page = await renderPage(fapi, <SignInView />);
  await page.goTo("#/factor-one");
  await page.get("textbox", "Verification code");
  expect(fapi.asked(PREPARE)).toEqual([]);
});

test("an address with a step that the attempt has not come to shows the start", async () => {
  const page = await renderPage(new ScriptedFapi(environmentJson()), <SignInView />);
  await page.goTo("#/factor-one");
  await page.until(() => window.location.hash === "#/");
  await page.get("textbox", /Email/);
});

test("an app's own words and looks are the ones shown", async () => {
  const page = await renderPage(
    new ScriptedFapi(environmentJson()),
    <SignInView appearance={{ elements: { card: "own-card" } }} />,
    { localization: { signIn: { start: { title: "Anmelden bei {{applicationName}}" } } } },
  );
  const title = await page.get("heading", "Anmelden bei Acme");
  expect(title.closest(".cl-card")?.classList.contains("own-card")).toBe(true);
});

test("with several accounts signed in, one is chosen", async () => {
  const fapi = new ScriptedFapi(environmentJson({ auth: { single_session_mode: false } }));
  const client = clientJson({ sessions: [sessionJson()], last_active_session_id: null });
  fapi.on("GET /v1/client", () => ({ json: { response: client, client: null } }));
  touchable(fapi);
  const visited: string[] = [];
  const page = await renderPage(fapi, <SignInView forceRedirectUrl="/inside" />, {
    routerPush: (to) => void visited.push(to),
    routerReplace: (to) => void visited.push(to),
  });
  await page.goTo("#/choose");
  await page.click(await page.get("button", "Switch to Ada Lovelace"));
  await page.until(() => visited.length > 0);
  expect(visited).toEqual(["/inside"]);
});

test("an app with one page for both signs people up on it", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const page = await renderPage(fapi, <SignInView />, { signInUrl: "/sign-in" });
  await page.click(await page.get("link", "Sign up"));
  await page.get("heading", "Create your account");
  expect(window.location.hash).toBe("#/create");
  await page.click(await page.get("link", "Sign in"));
  await page.get("heading", "Sign in to Acme");
});

test("an account that is locked is said at the start, with the time to wait", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on(CREATE, () => answering(signInJson()));
  fapi.on(ATTEMPT, () =>
    refusal(403, "user_locked", { longMessage: "Locked.", headers: { "retry-after": "1200" } }),
  );
  const page = await renderPage(fapi, <SignInView />);
  await page.type(await page.get("textbox", /Email/), "ada@example.com");
  await page.press("Enter");
  await page.type(await page.get("textbox", "Password"), "guess");
  await page.press("Enter");
  await page.get("heading", "Sign in to Acme");
  expect(document.querySelector('[role="alert"]')?.textContent).toBe(
    "Locked. Please try again in 20 minutes.",
  );
});

test("an attempt that is too old begins anew, and says so", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on(CREATE, () => answering(signInJson()));
  fapi.on(ATTEMPT, () => refusal(404, "resource_not_found"));
  const page = await renderPage(fapi, <SignInView />);
  await page.type(await page.get("textbox", /Email/), "ada@example.com");
  await page.press("Enter");
  await page.type(await page.get("textbox", "Password"), "right");
  await page.press("Enter");
  await page.get("heading", "Sign in to Acme");
  expect(document.querySelector('[role="alert"]')?.textContent).toContain("Please start again.");
  await page.click(await page.get("button", "Continue"));
  await page.get("textbox", "Password");
  expect(fapi.asked(CREATE)).toHaveLength(2);
});

describe("somebody who leaves while an answer is on its way", () => {
  test("is not brought back by the next step", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    const answer = Promise.withResolvers<{ json: object }>();
    fapi.on(CREATE, () => answer.promise);
    const page = await renderPage(
      fapi,
      <Leaving>
        <SignInView />
      </Leaving>,
    );
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.click(await page.get("button", "Leave"));
    answer.resolve(answering(signInJson()));
    await page.until(() => window.Clerk?.client?.signIn.status === "needs_first_factor");
    await page.get("heading", "Elsewhere");
    expect(window.location.hash).toBe("");
  });

  test("is signed in where they are", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => answering(signInJson()));
    const answer = Promise.withResolvers<{ json: object }>();
    fapi.on(ATTEMPT, () => answer.promise);
    touchable(fapi);
    const { visited, options } = routing();
    const page = await renderPage(
      fapi,
      <Leaving>
        <SignInView forceRedirectUrl="/inside" />
      </Leaving>,
      options,
    );
    await page.type(await page.get("textbox", /Email/), "ada@example.com");
    await page.press("Enter");
    await page.type(await page.get("textbox", "Password"), "right");
    await page.press("Enter");
    await page.click(await page.get("button", "Leave"));
    answer.resolve(complete());
    await page.until(() => window.Clerk?.user?.id === "user_1");
    expect(visited).toEqual([]);
  });
});

describe("a ticket in the page's address", () => {
  test("signs in at once, and is gone from the address", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, complete);
    touchable(fapi);
    const { visited, options } = routing();
    const page = await renderPage(fapi, <SignInView forceRedirectUrl="/inside" />, {
      ...options,
      address: "?__clerk_ticket=t1&theme=x",
    });
    await page.until(() => visited.length > 0);
    expect(visited).toEqual(["/inside"]);
    expect(fapi.asked(CREATE)).toMatchObject([{ strategy: "ticket", ticket: "t1" }]);
    expect(window.location.search).toBe("?theme=x");
  });

  test("that is no good says so, and leaves the form", async () => {
    const fapi = new ScriptedFapi(environmentJson());
    fapi.on(CREATE, () => refusal(400, "ticket_expired_code", { longMessage: "The ticket has expired." }));
    const page = await renderPage(fapi, <SignInView />, { address: "#/?__clerk_ticket=t1" });
    await page.get("textbox", /Email/);
    expect(document.querySelector('[role="alert"]')?.textContent).toBe("The ticket has expired.");
    expect(fapi.asked(CREATE)).toHaveLength(1);
    expect(window.location.hash).toBe("#/");
  });
});

test("a link of the client fills in who it is", async () => {
  const page = await renderPage(new ScriptedFapi(environmentJson()), <SignInView />, {
    address: "#/?email_address=ada%40example.com",
  });
  expect(((await page.get("textbox", /Email/)) as HTMLInputElement).value).toBe("ada@example.com");
});

test("a password that others may know, filled in at the start, is asked for where it can be reset", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on(CREATE, (form) =>
    "password" in form
      ? refusal(422, "form_password_compromised", { param: "password" })
      : answering(signInJson()),
  );
  const page = await renderPage(fapi, <SignInView />);
  await page.type(document.querySelector<HTMLElement>('[name="password"]')!, "known to others");
  await page.type(await page.get("textbox", /Email/), "ada@example.com");
  await page.press("Enter");
  await page.get("button", "Forgot password?");
});

test("somebody signed in elsewhere meanwhile needs no new password: their session is the active one", async () => {
  const fapi = new ScriptedFapi(environmentJson({ auth: { single_session_mode: false } }));
  const signIn = signInJson({ status: "needs_new_password" });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_in: signIn }), client: null } }));
  const error = refusal(400, "identifier_already_signed_in", { meta: { session_id: "sess_1" } });
  fapi.on("POST /v1/client/sign_ins/sia_1/reset_password", () => ({
    ...error,
    json: { ...(error.json as object), client: clientJson({ sign_in: signIn, sessions: [sessionJson()] }) },
  }));
  touchable(fapi);
  const { visited, options } = routing();
  const page = await renderPage(fapi, <SignInView forceRedirectUrl="/inside" />, {
    ...options,
    address: "#/reset-password",
  });
  await page.type(await page.get("textbox", "New password"), "a new horse 42 battery");
  await page.press("Enter");
  await page.until(() => visited.length > 0);
  expect(visited).toEqual(["/inside"]);
});

test("a page that is itself where people go after signing in is not loaded again and again", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const client = clientJson({ sessions: [sessionJson()], last_active_session_id: "sess_1" });
  fapi.on("GET /v1/client", () => ({ json: { response: client, client: null } }));
  const { visited, options } = routing();
  const page = await renderPage(fapi, <SignInView forceRedirectUrl="/" />, options);
  await page.until(() => window.Clerk?.user?.id === "user_1");
  await page.get("heading", "Sign in to Acme");
  expect(visited).toEqual([]);
});

test("steps in the path keep where to go afterwards, which the client's links say in the hash", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on(CREATE, () => answering(signInJson()));
  const router: Router = (to) => window.history.pushState(null, "", to);
  const page = await renderPage(fapi, <SignInView routing="path" path="/" />, {
    routerPush: router,
    routerReplace: router,
    address: "?theme=x#/?redirect_url=%2Fnotes",
  });
  onTestFinished(() => window.history.replaceState(null, "", "/"));
  await page.type(await page.get("textbox", /Email/), "ada@example.com");
  await page.press("Enter");
  await page.get("textbox", "Password");
  expect(`${window.location.pathname}${window.location.search}`).toBe(
    "/factor-one?theme=x&redirect_url=%2Fnotes",
  );
});

test("nothing is filled in of somebody who has signed in and out before", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const signIn = signInJson({ status: "complete", created_session_id: "sess_0" });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_in: signIn }), client: null } }));
  const page = await renderPage(fapi, <SignInView />);
  expect(((await page.get("textbox", /Email/)) as HTMLInputElement).value).toBe("");
});

test("from a step to the next, nobody is shown the first one in between", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const sent = signInJson({
    first_factor_verification: {
      status: "unverified",
      strategy: "reset_password_email_code",
      expire_at: Date.now() + 600_000,
    },
  });
  fapi.on("GET /v1/client", () => ({ json: { response: clientJson({ sign_in: sent }), client: null } }));
  fapi.on(ATTEMPT, () => answering(signInJson({ status: "needs_new_password" })));
  const page = await renderPage(fapi, <SignInView />, { address: "#/factor-one" });
  const code = await page.get("textbox", "Verification code");
  const shown: (string | null | undefined)[] = [];
  const observer = new MutationObserver(() => shown.push(document.querySelector("h1")?.textContent));
  observer.observe(document.body, { childList: true, subtree: true });
  onTestFinished(() => observer.disconnect());
  const before = window.history.length;
  await page.type(code, "424242");
  await page.get("heading", "Set a new password");
  expect(shown).not.toContain("Sign in to Acme");
  expect(window.history.length - before).toBeLessThanOrEqual(1);
});
