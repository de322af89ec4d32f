import { act, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished, vi } from "vitest";
import { ClerkProvider, type ClerkProviderProps } from "../../provider.tsx";
import type { ScriptedFapi } from "./scripted_fapi.ts";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let pages = 0;

/** A page in a test: what somebody with a keyboard and a screen reader can do with it. */
export interface TestPage {
  /** The element with this role and accessible name; waits until it is there. */
  get(role: string, name: string | RegExp): Promise<HTMLElement>;
  /** Waits until `found` answers something other than null, undefined or false. */
  until<T>(found: () => T | null | undefined | false): Promise<T>;
  type(field: HTMLElement, text: string): Promise<void>;
  press(key: string, options?: { shift?: boolean }): Promise<void>;
  click(element: HTMLElement): Promise<void>;
  /** Changes the hash of the page's address, as a reload or a link would. */
  goTo(hash: string): Promise<void>;
}

/** The provider's props, and what follows the path in the page's address. */
type PageOptions = Omit<ClerkProviderProps, "children"> & { address?: string };

/** Draws `node` below a provider whose client talks to `fapi`, and waits until the client has loaded. */
export async function renderPage(
  fapi: ScriptedFapi,
  node: ReactNode,
  { address = "", ...options }: PageOptions = {},
): Promise<TestPage> {
  vi.stubGlobal("fetch", fapi.fetch);
  // As in a browser, a reported error is one that nobody caught.
  vi.stubGlobal("reportError", (error: unknown) =>
    queueMicrotask(() => {
      throw error;
    }),
  );
  window.history.replaceState(null, "", window.location.pathname + address);
  const container = document.body.appendChild(document.createElement("div"));
  const root = createRoot(container);
  pages += 1;
  // Each page is an instance of its own: the client of a key outlives its provider.
  const publishableKey = `pk_test_${btoa(`127.0.0.1:${20_000 + pages}$`)}`;
  await act(async () => {
    root.render(
      <ClerkProvider publishableKey={publishableKey} {...options}>
        {node}
      </ClerkProvider>,
    );
  });
  onTestFinished(async () => {
    await act(async () => root.unmount());
    container.remove();
    vi.unstubAllGlobals();
  });
  await testPage.until(() => window.Clerk?.status !== "loading");
  return testPage;
}

const testPage: TestPage = {
  get: (role, name) =>
    testPage.until(() =>
      [...document.querySelectorAll<HTMLElement>(SELECTORS[role] ?? `[role="${role}"]`)].find((element) => {
        const own = accessibleName(element);
        return typeof name === "string" ? own === name : name.test(own);
      }),
    ),
  async until(found) {
    return vi.waitFor(
      async () => {
        await act(async () => {});
        const result = found();
        if (result === null || result === undefined || result === false) {
          throw new Error(`Not found in:\n${document.body.innerHTML}`);
        }
        return result;
      },
      // On a busy machine the first page of a file takes a while.
      { timeout: 20_000 },
    );
  },
  async type(field, text) {
    const input = field as HTMLInputElement;
    await act(async () => {
      input.focus();
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(input, text);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  },
  async press(key, { shift = false } = {}) {
    await act(async () => {
      const at = document.activeElement ?? document.body;
      const pressed = new KeyboardEvent("keydown", { key, shiftKey: shift, bubbles: true, cancelable: true });
      const goesOn = at.dispatchEvent(pressed);
      if (goesOn && key === "Enter" && at instanceof HTMLInputElement) {
        at.form?.requestSubmit();
      }
    });
  },
  async click(element) {
    await act(async () => element.click());
  },
  async goTo(hash) {
    await act(async () => {
      window.history.replaceState(null, "", hash);
      window.dispatchEvent(new HashChangeEvent("hashchange"));
    });
  },
};

const SELECTORS: Record<string, string> = {
  button: "button",
  textbox: "input:not([type=checkbox])",
  checkbox: "input[type=checkbox]",
  link: "a[href]",
  heading: "h1,h2,h3,h4",
  menuitem: '[role="menuitem"]',
};

/** The name that a screen reader gives to `element`: as much of the accname rules as these components need. */
export function accessibleName(element: HTMLElement): string {
  const labelledBy = element.getAttribute("aria-labelledby");
  if (labelledBy !== null) {
    return document.getElementById(labelledBy)?.textContent ?? "";
  }
  const label = element.getAttribute("aria-label");
  if (label !== null) {
    return label;
  }
  return (
    (element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent) ?? ""
  ).trim();
}

/** What a screen reader adds to an element: the texts that describe it. */
export function descriptionOf(element: HTMLElement): string {
  return (element.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => document.getElementById(id)?.textContent ?? "")
    .join(" ")
    .trim();
}
