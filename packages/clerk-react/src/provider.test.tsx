// @vitest-environment jsdom
import { act, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  ClerkLoaded,
  ClerkLoading,
  ClerkProvider,
  Protect,
  Show,
  SignedIn,
  SignedOut,
  SignIn,
  useAuth,
  useClerk,
  useSession,
  useSessionList,
  useSignIn,
  useSignUp,
  useUser,
} from "./index.ts";
import { renderPage } from "./ui/testing/render_page.tsx";
import { clientJson, environmentJson, ScriptedFapi, sessionJson } from "./ui/testing/scripted_fapi.ts";

const KEY = `pk_test_${btoa("127.0.0.1:3212$")}`;

/** Shows what a hook says at the render. */
function Probe<T>({ hook, seen }: { hook: () => T; seen: (value: T) => void }) {
  seen(hook());
  return null;
}

/** Asks the client for something as soon as it is drawn. */
function Impatient() {
  const clerk = useClerk();
  useEffect(() => {
    void clerk.redirectToSignIn();
    void clerk.signOut({ redirectUrl: "/bye" });
  }, [clerk]);
  return null;
}

describe("the provider", () => {
  test("says in plain words that its key is missing or malformed, and whose error that is", () => {
    expect(() => renderToStaticMarkup(<ClerkProvider>app</ClerkProvider>)).toThrow(
      "@clerk/clerk-react: The publishableKey is missing",
    );
    expect(() => renderToStaticMarkup(<ClerkProvider publishableKey="pk_test_x">app</ClerkProvider>)).toThrow(
      '@clerk/clerk-react: The publishableKey "pk_test_x" is malformed',
    );
  });

  test("refuses to be within another one", () => {
    expect(() =>
      renderToStaticMarkup(
        <ClerkProvider publishableKey={KEY}>
          <ClerkProvider publishableKey={KEY}>app</ClerkProvider>
        </ClerkProvider>,
      ),
    ).toThrow("a <ClerkProvider> is within another one");
  });

  test("gives the page's scripts the same client as its components", () => {
    let fromHook: unknown;
    const probe = <Probe hook={useClerk} seen={(clerk) => (fromHook = clerk)} />;
    const app = <ClerkProvider publishableKey={KEY}>{probe}</ClerkProvider>;
    renderToStaticMarkup(app);
    const first = fromHook;
    expect(window.Clerk).toBe(first);
    renderToStaticMarkup(app);
    expect(fromHook).toBe(first);
    const other = `pk_test_${btoa("127.0.0.1:4000$")}`;
    renderToStaticMarkup(<ClerkProvider publishableKey={other}>{probe}</ClerkProvider>);
    expect(fromHook).not.toBe(first);
    expect(window.Clerk?.publishableKey).toBe(other);
  });
});

test("a provider that takes the place of another knows at once who is signed in", async () => {
  const fapi = new ScriptedFapi(environmentJson());
  const client = clientJson({ sessions: [sessionJson()], last_active_session_id: "sess_1" });
  fapi.on("GET /v1/client", () => ({ json: { response: client, client: null } }));
  await renderPage(fapi, "the first page of the app");
  const seen: unknown[] = [];
  const root = createRoot(document.createElement("main"));
  const probe = <Probe hook={useAuth} seen={({ userId }) => seen.push(userId)} />;
  await act(async () =>
    root.render(<ClerkProvider publishableKey={window.Clerk?.publishableKey}>{probe}</ClerkProvider>),
  );
  await act(async () => root.unmount());
  expect(seen[0]).toBe("user_1");
});

test("what a component asks for as it is mounted waits for the client", async () => {
  const display = { sign_in_url: `${window.location.origin}/hosted/sign-in` };
  const fapi = new ScriptedFapi(environmentJson({ display }));
  const client = clientJson({ sessions: [sessionJson()], last_active_session_id: "sess_1" });
  fapi.on("GET /v1/client", () => ({ json: { response: client, client: null } }));
  fapi.on("DELETE /v1/client/sessions", () => ({ json: { response: clientJson(), client: clientJson() } }));
  const visited: string[] = [];
  const page = await renderPage(fapi, <Impatient />, { routerPush: (to) => visited.push(to) });
  await page.until(() => visited.length === 2);
  expect(visited[0]).toMatch(/^\/hosted\/sign-in#/);
  expect(visited[1]).toBe("/bye");
});

describe("before the client has loaded", () => {
  // React logs what it renders to say so; the tests look at what is thrown.
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
  afterEach(() => void vi.restoreAllMocks());

  const rendered = (children: React.ReactNode) =>
    renderToStaticMarkup(<ClerkProvider publishableKey={KEY}>{children}</ClerkProvider>);

  test("nobody is shown as signed in or out, and the loading state is", () => {
    expect(
      rendered(
        <>
          <SignedIn>in</SignedIn>
          <SignedOut>out</SignedOut>
          <Show when="signed-out">out</Show>
          <Protect fallback="no">yes</Protect>
          <ClerkLoaded>loaded</ClerkLoaded>
          <ClerkLoading>loading</ClerkLoading>
          <SignIn fallback="sign-in to come" />
        </>,
      ),
    ).toBe("loadingsign-in to come");
  });

  test("every hook says that it does not know yet", () => {
    const seen: { isLoaded: boolean }[] = [];
    const hooks = [useAuth, useUser, useSession, useSessionList, useSignIn, useSignUp];
    rendered(
      hooks.map((hook) => <Probe key={hook.name} hook={() => hook()} seen={(state) => seen.push(state)} />),
    );
    expect(seen).toHaveLength(6);
    for (const state of seen) expect(state.isLoaded).toBe(false);
    expect(seen[0]).toMatchObject({ isSignedIn: undefined, userId: undefined, sessionClaims: undefined });
    expect(seen[4]).toMatchObject({ signIn: undefined, fetchStatus: "idle", errors: { raw: null } });
  });

  test("a hook without a provider names the provider", () => {
    expect(() => renderToStaticMarkup(<Probe hook={useAuth} seen={() => {}} />)).toThrow(
      "useAuth() needs a <ClerkProvider> above it",
    );
  });
});
