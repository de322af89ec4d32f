// @vitest-environment jsdom
import type { Clerk, CustomPage } from "@tandem/clerk-js";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { useClerkState } from "../clerk_state.ts";
import { descriptionOf, renderPage, type TestPage } from "../testing/render_page.tsx";
import {
  clientJson,
  emailAddressJson,
  environmentJson,
  refusal,
  ScriptedFapi,
  sessionJson,
  userJson,
} from "../testing/scripted_fapi.ts";
import { UserProfileView } from "../user_profile.tsx";

const client = (user = userJson()): object =>
  clientJson({ sessions: [sessionJson("sess_1", user)], last_active_session_id: "sess_1" });

function signedIn(): ScriptedFapi {
  const fapi = new ScriptedFapi(environmentJson());
  fapi.on("GET /v1/client", () => ({ json: { response: client(), client: null } }));
  fapi.on("GET /v1/me/sessions/active", () => ({
    json: ["sess_2", "sess_1"].map((id, place) => ({
      object: "session",
      id,
      status: "active",
      last_active_at: Date.now() - place,
      expire_at: 1,
      abandon_at: 1,
      latest_activity: {
        object: "session_activity",
        id: `act_${id}`,
        device_type: "Linux",
        browser_name: "Firefox",
        browser_version: "147.0",
        is_mobile: false,
      },
    })),
  }));
  return fapi;
}

/** A button of the app's that calls the client. */
function Call(props: { label: string; what: (clerk: Clerk) => unknown }): ReactNode {
  const { clerk, client } = useClerkState();
  return (
    client && (
      <button type="button" onClick={() => props.what(clerk)}>
        {props.label}
      </button>
    )
  );
}

function said(page: TestPage, text: string): Promise<boolean> {
  return page.until(() =>
    [...document.querySelectorAll('[role="status"]')].some((one) => one.textContent === text),
  );
}

test("its pages are tabs: arrow keys move among them", async () => {
  const page = await renderPage(signedIn(), <UserProfileView />);
  const profile = await page.get("tab", "Profile");
  profile.focus();
  await page.press("ArrowRight");
  const security = await page.get("tab", "Security");
  expect(document.activeElement).toBe(security);
  expect(security.getAttribute("aria-selected")).toBe("true");
  expect(security.tabIndex).toBe(0);
  expect(profile.tabIndex).toBe(-1);
  await page.get("heading", "Active devices");
});

test("the name is edited in place; the focus comes back to where it was started", async () => {
  const fapi = signedIn();
  const renamed = userJson({ first_name: "Augusta" });
  fapi.on("PATCH /v1/me", () => ({ json: { response: renamed, client: client(renamed) } }));
  const page = await renderPage(fapi, <UserProfileView />);
  await page.click(await page.get("button", "Edit name"));
  const first = await page.get("textbox", "First name");
  expect(document.activeElement).toBe(first);
  await page.type(first, "Augusta");
  await page.press("Enter");
  await said(page, "Your name has been saved.");
  expect(document.activeElement).toBe(await page.get("button", "Edit name"));
  expect(fapi.asked("PATCH /v1/me")).toMatchObject([{ first_name: "Augusta", last_name: "Lovelace" }]);
});

test("Escape leaves a form without sending it", async () => {
  const fapi = signedIn();
  const page = await renderPage(fapi, <UserProfileView />);
  await page.click(await page.get("button", "Edit name"));
  await page.press("Escape");
  await page.get("button", "Edit name");
  expect(fapi.asked("PATCH /v1/me")).toEqual([]);
});

test("an address is verified by its code; only what makes sense is offered for each", async () => {
  const fapi = signedIn();
  const address = emailAddressJson("idn_2", "countess@example.net", "verified");
  fapi.on("POST /v1/me/email_addresses/idn_2/prepare_verification", () => ({
    json: { response: emailAddressJson("idn_2", "countess@example.net", "unverified"), client: client() },
  }));
  fapi.on("POST /v1/me/email_addresses/idn_2/attempt_verification", () => ({
    json: { response: address, client: client() },
  }));
  fapi.on("GET /v1/me", () => ({ json: { response: userJson(), client: client() } }));
  const page = await renderPage(fapi, <UserProfileView />);
  const entries = async (of: string): Promise<(string | null)[]> => {
    await page.click(await page.get("button", `Actions for ${of}`));
    return [...document.querySelectorAll('[role="menuitem"]')].map(({ textContent }) => textContent);
  };
  expect(await entries("countess@example.net")).toEqual(["Verify", "Remove"]);
  await page.click(await page.get("menuitem", "Verify"));
  await page.type(await page.get("textbox", "Verification code"), "424242");
  await said(page, "countess@example.net has been verified.");
});

test("a wrong current password is said beneath its field", async () => {
  const fapi = signedIn();
  fapi.on("POST /v1/me/change_password", () =>
    refusal(422, "form_password_validation_failed", {
      param: "current_password",
      longMessage: "That is not it.",
    }),
  );
  const page = await renderPage(fapi, <UserProfileView />);
  await page.goTo("#/security");
  await page.click(await page.get("button", "Change password"));
  const current = await page.get("textbox", "Current password");
  expect(current.getAttribute("autocomplete")).toBe("current-password");
  await page.type(current, "wrong");
  await page.type(await page.get("textbox", "New password"), "another horse 43");
  await page.press("Enter");
  await page.until(() => descriptionOf(current) === "That is not it.");
});

test("another device is signed out; this one is first, and has no such button", async () => {
  const fapi = signedIn();
  fapi.on("POST /v1/me/sessions/sess_2/revoke", () => ({
    json: {
      response: { object: "session", id: "sess_2", status: "revoked", latest_activity: {} },
      client: client(),
    },
  }));
  const page = await renderPage(fapi, <UserProfileView />);
  await page.goTo("#/security");
  await page.get("button", "Sign out of Linux, Firefox 147");
  const devices = [...document.querySelectorAll(".cl-activeDevice")];
  expect(devices.map((device) => device.textContent?.includes("This device"))).toEqual([true, false]);
  await page.click(await page.get("button", "Sign out of Linux, Firefox 147"));
  await said(page, "The device has been signed out.");
  expect(document.querySelectorAll(".cl-activeDevice")).toHaveLength(1);
});

test("the focus stays in the list when the device that had it is gone", async () => {
  const fapi = signedIn();
  fapi.on("POST /v1/me/sessions/sess_2/revoke", () => ({
    json: {
      response: { object: "session", id: "sess_2", status: "revoked", latest_activity: {} },
      client: client(),
    },
  }));
  const page = await renderPage(fapi, <UserProfileView />);
  await page.goTo("#/security");
  const button = await page.get("button", "Sign out of Linux, Firefox 147");
  button.focus();
  await page.click(button);
  await said(page, "The device has been signed out.");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Active devices");
});

test("a code that is on its way to an address is not sent again; the focus comes back to its menu", async () => {
  const underWay = {
    ...emailAddressJson("idn_2", "countess@example.net", "unverified"),
    verification: {
      status: "unverified",
      strategy: "email_code",
      attempts: 0,
      expire_at: Date.now() + 600_000,
    },
  };
  const user = userJson({
    email_addresses: [emailAddressJson("idn_1", "ada@example.com", "verified"), underWay],
  });
  const fapi = signedIn();
  fapi.on("GET /v1/client", () => ({ json: { response: client(user), client: null } }));
  const page = await renderPage(fapi, <UserProfileView />);
  const menu = await page.get("button", "Actions for countess@example.net");
  await page.click(menu);
  await page.click(await page.get("menuitem", "Verify"));
  await page.get("textbox", "Verification code");
  await page.click(await page.get("button", "Cancel"));
  expect(document.activeElement).toBe(menu);
  expect(fapi.asked("POST /v1/me/email_addresses/idn_2/prepare_verification")).toEqual([]);
});

test("a page of the app's keeps what is typed into it while the client's state changes", async () => {
  const pages = [{ label: "Notes", url: "notes", content: <input aria-label="Note" /> }];
  const page = await renderPage(
    signedIn(),
    <>
      <UserProfileView customPages={pages} />
      <Call label="Reload" what={(clerk) => clerk.client?.reload()} />
    </>,
  );
  await page.goTo("#/notes");
  const note = await page.get("textbox", "Note");
  await page.click(await page.get("button", "Reload"));
  expect(note.isConnected).toBe(true);
});

const notes: CustomPage = { label: "Notes", url: "notes", content: "…" };

test.each([
  { pages: [notes], tabs: ["Profile", "Security", "Notes"] },
  { pages: [notes, { label: "account" }], tabs: ["Security", "Notes", "Profile"] },
])("an app's pages come after ours, unless it says where ours are: $tabs", async ({ pages, tabs }) => {
  const page = await renderPage(signedIn(), <UserProfileView customPages={pages} />);
  await page.get("heading", "Profile");
  expect([...document.querySelectorAll('[role="tab"]')].map(({ textContent }) => textContent)).toEqual(tabs);
});

test("the dialog with the profile closes when its user is signed out", async () => {
  const fapi = signedIn();
  fapi.on("DELETE /v1/client/sessions", () => ({ json: { response: clientJson(), client: clientJson() } }));
  const page = await renderPage(
    fapi,
    <>
      <Call label="Open" what={(clerk) => clerk.openUserProfile()} />
      <Call label="Sign out" what={(clerk) => clerk.signOut()} />
    </>,
    { routerPush: () => {}, routerReplace: () => {} },
  );
  await page.click(await page.get("button", "Open"));
  await page.get("dialog", "Account");
  await page.click(await page.get("button", "Sign out"));
  await page.until(() => document.querySelector('[role="dialog"]') === null);
  expect(document.documentElement.style.overflow).toBe("");
});

test("an account is deleted only by somebody who has typed it out", async () => {
  const fapi = signedIn();
  fapi.on("DELETE /v1/me", () => ({
    json: { response: { object: "user", id: "user_1", deleted: true }, client: clientJson() },
  }));
  const page = await renderPage(fapi, <UserProfileView />, { routerPush: () => {}, routerReplace: () => {} });
  await page.goTo("#/security");
  await page.click(await page.get("button", "Delete account"));
  const confirmation = await page.get("textbox", "Type “Delete account” to confirm");
  await page.type(confirmation, "delete");
  await page.press("Enter");
  expect(confirmation.getAttribute("aria-invalid")).toBe("true");
  expect(fapi.asked("DELETE /v1/me")).toEqual([]);
  await page.type(confirmation, "Delete account");
  await page.press("Enter");
  await page.until(() => window.Clerk?.user === null);
});
