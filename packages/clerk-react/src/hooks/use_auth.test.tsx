import { Clerk, type Resources } from "@tandem/clerk-js";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { ClerkContext } from "../clerk_context.ts";
import { MultisessionAppSupport, Protect, Show, SignedIn, SignedOut } from "../components/control.tsx";
import { type UseAuthReturn, useAuth } from "./use_auth.ts";

const clerk = new Clerk(`pk_test_${btoa("127.0.0.1:3212$")}`);
const claims = { sub: "user_1", sid: "sess_1", aud: "convex", iat: 1, exp: 61 };

/** As much of a client's state as decides who is signed in. */
function resourcesOf(session: object | null | undefined): Resources {
  return { client: {}, session, user: session && {}, organization: null } as Resources;
}

const session = {
  id: "sess_1",
  status: "active",
  user: { id: "user_1", organizationMemberships: [] },
  lastActiveOrganizationId: null,
  actor: null,
  lastActiveToken: { jwt: { claims } },
  checkAuthorization: ({ role }: { role?: string }) => role === "admin",
};

function render(state: object | null | undefined, children: React.ReactNode): string {
  return renderToStaticMarkup(
    <ClerkContext.Provider value={{ clerk, resources: resourcesOf(state) }}>
      {children}
    </ClerkContext.Provider>,
  );
}

type Options = { treatPendingAsSignedOut?: boolean };

function Probe({ options, seen }: { options: Options | undefined; seen: (auth: UseAuthReturn) => void }) {
  seen(useAuth(options));
  return null;
}

function authOf(state: object | null | undefined, options?: Options) {
  const seen: UseAuthReturn[] = [];
  render(state, <Probe options={options} seen={(auth) => seen.push(auth)} />);
  return seen[0];
}

describe("useAuth()", () => {
  test("knows the user and the token's claims on the first render of a signed-in page", () => {
    expect(authOf(session)).toMatchObject({
      isLoaded: true,
      isSignedIn: true,
      userId: "user_1",
      sessionId: "sess_1",
      sessionClaims: { aud: "convex" },
      orgId: null,
      orgRole: null,
      orgSlug: null,
    });
  });

  test("says null for everything when nobody is signed in", () => {
    const auth = authOf(null);
    expect(auth).toMatchObject({
      isLoaded: true,
      isSignedIn: false,
      userId: null,
      sessionId: null,
      orgId: null,
    });
    expect(auth?.has?.({ role: "admin" })).toBe(false);
  });

  test("knows nothing between two states, or before there is a token", () => {
    expect(authOf(undefined)).toMatchObject({ isLoaded: false, isSignedIn: undefined });
    expect(authOf({ ...session, lastActiveToken: null })).toMatchObject({ isLoaded: false });
  });

  test("takes a session with a task for none, unless it is told not to", () => {
    const pending = { ...session, status: "pending" };
    expect(authOf(pending)).toMatchObject({ isSignedIn: false });
    expect(authOf(pending, { treatPendingAsSignedOut: false })).toMatchObject({ isSignedIn: true });
  });

  test("names the active organisation and the user's role in it", () => {
    const organization = { id: "org_1", slug: "acme", name: "Acme" };
    const membership = { role: "org:admin", permissions: [], organization };
    expect(
      authOf({
        ...session,
        lastActiveOrganizationId: "org_1",
        user: { id: "user_1", organizationMemberships: [membership] },
      }),
    ).toMatchObject({ orgId: "org_1", orgRole: "org:admin", orgSlug: "acme" });
  });
});

describe("control components", () => {
  const all = (
    <>
      <SignedIn>[in]</SignedIn>
      <SignedOut>[out]</SignedOut>
      <Show when="signed-in">[show in]</Show>
      <Show when="signed-out" fallback="[not out]">
        [show out]
      </Show>
      <Show when={{ role: "admin" }} fallback="[no admin]">
        [admin]
      </Show>
      <Show when={(has) => has({ role: "member" })} fallback="[no member]">
        [member]
      </Show>
      <Protect>[protected]</Protect>
      <Protect {...{ role: "member" }} fallback="[forbidden]">
        [allowed]
      </Protect>
      <Protect condition={(has) => has({ role: "admin" })}>[condition]</Protect>
    </>
  );

  test("show to a user what is for them", () => {
    expect(render(session, all)).toBe(
      "[in][show in][not out][admin][no member][protected][forbidden][condition]",
    );
  });

  test("show to a visitor what is for everybody", () => {
    expect(render(null, all)).toBe("[out][show out][no admin][no member][forbidden]");
  });

  test("show nothing between two states", () => {
    expect(render(undefined, all)).toBe("");
  });

  test("begin anew for another session", () => {
    expect(render(session, <MultisessionAppSupport>[app]</MultisessionAppSupport>)).toBe("[app]");
  });
});
