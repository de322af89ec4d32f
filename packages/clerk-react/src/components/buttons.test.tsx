// @vitest-environment jsdom
import { Clerk } from "@tandem/clerk-js";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClerkContext } from "../clerk_context.ts";
import { SignInButton, SignOutButton, SignUpButton } from "./buttons.tsx";

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

  test("gives the button what it was given beyond its own props", async () => {
    const plain = await show(<SignInButton className="mine" aria-label="Sign in to Acme" data-testid="in" />);
    expect(plain.outerHTML).toBe(
      '<button type="button" class="mine" aria-label="Sign in to Acme" data-testid="in">Sign in</button>',
    );
    const child = await show(
      <SignOutButton className="mine">
        <a href="/out">Leave</a>
      </SignOutButton>,
    );
    expect(child.outerHTML).toBe('<a href="/out" class="mine">Leave</a>');
    const modal = await show(<SignUpButton mode="modal" className="mine" fallbackRedirectUrl="/after" />);
    await act(async () => modal.click());
    expect(opened).toEqual([["signUp", { fallbackRedirectUrl: "/after" }]]);
  });

  test("leads to its page, with where to go afterwards", async () => {
    const redirected: unknown[] = [];
    const go = async (options: unknown) => void redirected.push(options);
    clerk.redirectToSignIn = go;
    clerk.redirectToSignUp = go;
    const signIn = await show(<SignInButton forceRedirectUrl="/in" signUpFallbackRedirectUrl="/up" />);
    await act(async () => signIn.click());
    const signUp = await show(<SignUpButton fallbackRedirectUrl="/up" initialValues={{ username: "ada" }} />);
    await act(async () => signUp.click());
    expect(redirected).toEqual([
      { signInForceRedirectUrl: "/in", signUpFallbackRedirectUrl: "/up" },
      { signUpFallbackRedirectUrl: "/up", initialValues: { username: "ada" } },
    ]);
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
