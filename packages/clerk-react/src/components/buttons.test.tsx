// @vitest-environment jsdom
import { Clerk } from "@tandem/clerk-js";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClerkContext } from "../clerk_context.ts";
import { SignInButton, SignUpButton } from "./buttons.tsx";

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean;
}
globalThis.IS_REACT_ACT_ENVIRONMENT = true;

let root: Root;
let page: HTMLElement;
let clerk: Clerk;
let opened: unknown[];

beforeEach(() => {
  page = document.body.appendChild(document.createElement("main"));
  root = createRoot(page);
  clerk = new Clerk(`pk_test_${btoa("127.0.0.1:3212$")}`);
  opened = [];
  clerk.attachUi({ open: (kind, props) => opened.push([kind, props]), close: () => {} });
});

afterEach(async () => {
  await act(() => root.unmount());
  page.remove();
});

async function show(children: ReactNode): Promise<HTMLElement> {
  await act(() =>
    root.render(
      <ClerkContext.Provider value={{ clerk, resources: undefined }}>{children}</ClerkContext.Provider>,
    ),
  );
  return page.firstElementChild as HTMLElement;
}

describe("a button of the sign-in or sign-up", () => {
  test("is a plain button when it is given nothing or a text", async () => {
    expect((await show(<SignInButton />)).outerHTML).toBe('<button type="button">Sign in</button>');
    expect((await show(<SignUpButton>Join</SignUpButton>)).outerHTML).toBe(
      '<button type="button">Join</button>',
    );
  });

  test("opens the modal with its own props, after its child's handler has run", async () => {
    const button = await show(
      <SignInButton mode="modal" forceRedirectUrl="/after">
        <button type="button" className="mine" onClick={() => opened.push("child")}>
          Go
        </button>
      </SignInButton>,
    );
    expect(button.className).toBe("mine");
    await act(async () => button.click());
    expect(opened).toEqual(["child", ["signIn", { forceRedirectUrl: "/after" }]]);
  });

  test("takes one child", async () => {
    await expect(
      show(
        <SignInButton>
          <b>a</b>
          <b>b</b>
        </SignInButton>,
      ),
    ).rejects.toThrow("<SignInButton> takes one child, and 2 were given");
  });
});
