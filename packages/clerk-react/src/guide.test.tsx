// @vitest-environment jsdom
import { Authenticated, AuthLoading, ConvexReactClient, Unauthenticated } from "@tandem/convex/react";
import { ConvexProviderWithClerk } from "@tandem/convex/react-clerk";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { expect, expectTypeOf, test } from "vitest";
import {
  ClerkProvider,
  SignInButton,
  SignOutButton,
  SignUpButton,
  UserButton,
  useAuth,
  useUser,
} from "./index.ts";

function App() {
  return (
    <>
      <Unauthenticated>
        <SignInButton />
        <SignInButton mode="modal" />
        <SignUpButton mode="modal">Sign up</SignUpButton>
      </Unauthenticated>
      <Authenticated>
        <UserButton />
        <SignOutButton />
        <Badge />
      </Authenticated>
      <AuthLoading>Still loading</AuthLoading>
    </>
  );
}

function Badge() {
  const { isLoaded, user } = useUser();
  return <span>Logged in{isLoaded && user ? ` as ${user.fullName}` : ""}</span>;
}

test("the app of the guide type-checks, and waits for the client", async () => {
  const convex = new ConvexReactClient("http://127.0.0.1:3210");
  const html = renderToString(
    <StrictMode>
      <ClerkProvider publishableKey={`pk_test_${btoa("127.0.0.1:3212$")}`}>
        <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
          <App />
        </ConvexProviderWithClerk>
      </ClerkProvider>
    </StrictMode>,
  );
  expect(html).toBe("Still loading");
  await convex.close();
});

test("what is known of a user follows from whether somebody is signed in", () => {
  type Auth = ReturnType<typeof useAuth>;
  expectTypeOf<Extract<Auth, { isSignedIn: true }>["userId"]>().toEqualTypeOf<string>();
  expectTypeOf<Extract<Auth, { isSignedIn: false }>["userId"]>().toEqualTypeOf<null>();
  expectTypeOf<Extract<Auth, { isLoaded: false }>["userId"]>().toEqualTypeOf<undefined>();
});
