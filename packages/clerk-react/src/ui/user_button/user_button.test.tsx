// @vitest-environment jsdom
import { expect, test } from "vitest";
import { renderPage } from "../testing/render_page.tsx";
import {
  clientJson,
  environmentJson,
  ScriptedFapi,
  sessionJson,
  userJson,
} from "../testing/scripted_fapi.ts";
import { UserButtonView } from "../user_button.tsx";

function signedIn(environment: object, sessions: object[]): ScriptedFapi {
  const fapi = new ScriptedFapi(environment);
  const client = clientJson({ sessions, last_active_session_id: "sess_1" });
  fapi.on("GET /v1/client", () => ({ json: { response: client, client: null } }));
  return fapi;
}

test("nothing is shown to those who are not signed in", async () => {
  const page = await renderPage(new ScriptedFapi(environmentJson()), <UserButtonView />);
  await page.until(() => window.Clerk?.loaded);
  expect(document.querySelector("button")).toBeNull();
});

test("the picture opens a card by keyboard, and Escape closes it where it was opened", async () => {
  const page = await renderPage(signedIn(environmentJson(), [sessionJson()]), <UserButtonView />);
  const trigger = await page.get("button", "Open account menu");
  trigger.focus();
  await page.click(trigger);
  const card = await page.get("dialog", "Ada Lovelace");
  expect(card.textContent).toContain("ada@example.com");
  expect(document.activeElement?.textContent).toBe("Manage account");
  await page.press("ArrowDown");
  expect(document.activeElement?.textContent).toBe("Sign out");
  await page.press("Escape");
  expect(document.querySelector('[role="dialog"]')).toBeNull();
  expect(document.activeElement).toBe(trigger);
});

test("an app's own entries stand between ours, and where it says", async () => {
  const entries = async (items: { label: string; onClick?: () => void }[]): Promise<(string | null)[]> => {
    const page = await renderPage(
      signedIn(environmentJson(), [sessionJson()]),
      <UserButtonView defaultOpen customMenuItems={items} />,
    );
    await page.get("dialog", "Ada Lovelace");
    return [...document.querySelectorAll(".cl-userButtonPopoverActionButton")].map(
      ({ textContent }) => textContent,
    );
  };
  expect(await entries([{ label: "Billing" }, { label: "signOut" }, { label: "Help" }])).toEqual([
    "Manage account",
    "Billing",
    "Sign out",
    "Help",
  ]);
});

test("a link of the app's is followed by the app's router, and closes the card", async () => {
  const visited: string[] = [];
  const page = await renderPage(
    signedIn(environmentJson(), [sessionJson()]),
    <UserButtonView defaultOpen customMenuItems={[{ label: "Billing", href: "/billing" }]} />,
    { routerPush: (to) => void visited.push(to), routerReplace: () => {} },
  );
  await page.click(await page.get("link", "Billing"));
  expect(visited).toEqual(["/billing"]);
  expect(document.querySelector('[role="dialog"]')).toBeNull();
});

test("with several accounts, another one can become the active one", async () => {
  const grace = userJson({
    id: "user_2",
    first_name: "Grace",
    last_name: "Hopper",
    username: "grace",
  });
  const sessions = [sessionJson(), sessionJson("sess_2", grace)];
  const fapi = signedIn(environmentJson({ auth: { single_session_mode: false } }), sessions);
  fapi.on("POST /v1/client/sessions/sess_2/touch", () => ({
    json: {
      response: sessions[1],
      client: clientJson({ sessions, last_active_session_id: "sess_2" }),
    },
  }));
  const page = await renderPage(fapi, <UserButtonView defaultOpen />);
  await page.get("button", "Add another account");
  await page.get("button", "Sign out of all accounts");
  await page.click(await page.get("button", "Switch to Grace Hopper"));
  await page.until(() => window.Clerk?.user?.id === "user_2");
});

test("signing out ends the session at the server", async () => {
  const fapi = signedIn(environmentJson(), [sessionJson()]);
  fapi.on("DELETE /v1/client/sessions", () => ({ json: { response: clientJson(), client: clientJson() } }));
  const page = await renderPage(fapi, <UserButtonView defaultOpen />, {
    routerPush: () => {},
    routerReplace: () => {},
  });
  await page.click(await page.get("button", "Sign out"));
  await page.until(() => window.Clerk?.user === null);
  expect(fapi.asked("DELETE /v1/client/sessions")).toHaveLength(1);
});
