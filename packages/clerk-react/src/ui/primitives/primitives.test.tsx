// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: each test makes the components that it looks at
import { act, type ReactNode, useState } from "react";
import { expect, test, vi } from "vitest";
import { useClerkState } from "../clerk_state.ts";
import { LookProvider, LookRoot } from "../look/look_context.tsx";
import { renderPage, type TestPage } from "../testing/render_page.tsx";
import { environmentJson, ScriptedFapi } from "../testing/scripted_fapi.ts";
import { initialsOf } from "./avatar.tsx";
import { CodeInput, digitsOf } from "./code_input.tsx";
import { Dialog } from "./dialog.tsx";
import { Menu } from "./menu.tsx";

async function show(node: ReactNode): Promise<TestPage> {
  function Loaded(): ReactNode {
    const { client } = useClerkState();
    return (
      client && (
        <LookProvider component="signIn" appearance={undefined}>
          <LookRoot>{node}</LookRoot>
        </LookProvider>
      )
    );
  }
  return renderPage(new ScriptedFapi(environmentJson()), <Loaded />);
}

function focused(): string | null | undefined {
  return document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
}

test("a dialog takes the focus in, keeps it while Tab goes round, and gives it back on Escape", async () => {
  function Page(): ReactNode {
    const [open, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
        {open && (
          <Dialog kind="signIn" labelledBy="title" onClose={() => setOpen(false)}>
            <h1 id="title">A title</h1>
            <button type="button">First</button>
            <button type="button">Second</button>
          </Dialog>
        )}
      </>
    );
  }
  const page = await show(<Page />);
  const opener = await page.get("button", "Open");
  opener.focus();
  await page.click(opener);
  const dialog = await page.get("dialog", "A title");
  expect(dialog.getAttribute("aria-modal")).toBe("true");
  expect(dialog.contains(document.activeElement)).toBe(true);
  (await page.get("button", "Close")).focus();
  await page.press("Tab");
  expect(focused()).toBe("First");
  await page.press("Tab", { shift: true });
  expect(focused()).toBe("Close");
  await page.press("Escape");
  expect(document.querySelector('[role="dialog"]')).toBeNull();
  expect(document.activeElement).toBe(opener);
});

test("a dialog has the keys still when what had the focus in it is gone", async () => {
  const closed = vi.fn();
  const page = await show(
    <Dialog kind="signIn" labelledBy="title" onClose={closed}>
      <h1 id="title">A title</h1>
      <button type="button">First</button>
    </Dialog>,
  );
  await page.get("dialog", "A title");
  (document.activeElement as HTMLElement).blur();
  await page.press("Tab");
  expect(focused()).toBe("First");
  (document.activeElement as HTMLElement).blur();
  await page.press("Escape");
  expect(closed).toHaveBeenCalledOnce();
});

test("the page behind a dialog does not scroll, and does so again afterwards", async () => {
  const page = await show(
    <Dialog kind="signIn" labelledBy="x" onClose={() => {}}>
      <h1 id="x">A title</h1>
    </Dialog>,
  );
  await page.get("dialog", "A title");
  expect(document.documentElement.style.overflow).toBe("hidden");
});

test("a menu opens on its first entry, moves with the arrow keys, and gives the focus back", async () => {
  const chosen = vi.fn();
  const page = await show(
    <Menu
      label="Actions"
      entries={[
        { label: "Make primary", onSelect: () => chosen("primary") },
        { label: "Remove", onSelect: () => chosen("remove") },
      ]}
    />,
  );
  const opener = await page.get("button", "Actions");
  expect(opener.getAttribute("aria-haspopup")).toBe("menu");
  await page.click(opener);
  expect(opener.getAttribute("aria-expanded")).toBe("true");
  expect(focused()).toBe("Make primary");
  await page.press("ArrowDown");
  expect(focused()).toBe("Remove");
  await page.press("ArrowDown");
  expect(focused()).toBe("Make primary");
  await page.press("Escape");
  expect(document.activeElement).toBe(opener);
  await page.click(opener);
  await page.click(await page.get("menuitem", "Remove"));
  expect(chosen.mock.calls).toEqual([["remove"]]);
  expect(document.querySelector('[role="menu"]')).toBeNull();
});

test("six boxes are one field: typing and pasting keep its digits, and the sixth completes it once", async () => {
  const completed = vi.fn();
  function Page(): ReactNode {
    const [code, setCode] = useState("");
    return <CodeInput label="Code" value={code} onChange={setCode} onComplete={completed} />;
  }
  const page = await show(<Page />);
  const field = (await page.get("textbox", "Code")) as HTMLInputElement;
  expect([field.autocomplete, field.inputMode]).toEqual(["one-time-code", "numeric"]);
  await page.type(field, "12a3");
  expect(field.value).toBe("123");
  expect(
    [...document.querySelectorAll(".cl-otpCodeFieldInput")].map(({ textContent }) => textContent),
  ).toEqual(["1", "2", "3", "", "", ""]);
  await act(async () => {
    const pasted = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(pasted, { clipboardData: { getData: () => "Your code: 424 242." } });
    field.dispatchEvent(pasted);
  });
  expect(field.value).toBe("424242");
  expect(completed.mock.calls).toEqual([["424242"]]);
});

test("digits of other scripts are digits", () => {
  expect(digitsOf("４２-4 2")).toBe("4242");
});

test.each([
  ["Ada Lovelace", "AL"],
  ["Ada King Lovelace", "AL"],
  ["ada", "A"],
  ["ada.lovelace@example.com", "AL"],
  ["ada+news@example.com", "A"],
  ["Émile Zola", "ÉZ"],
  ["", ""],
])("the initials of “%s” are “%s”", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
