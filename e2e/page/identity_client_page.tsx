import {
  ClerkLoading,
  ClerkProvider,
  SignedIn,
  SignedOut,
  SignInButton,
  useAuth,
  useSignIn,
  useUser,
} from "@tandem/clerk-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const parameters = new URLSearchParams(location.search);

/** Every state that was drawn; the claims' subject shows that they came with the first signed-in one. */
const drawn: string[] = [];
(globalThis as unknown as { drawn: string[] }).drawn = drawn;

function State() {
  const { isLoaded, isSignedIn, sessionClaims } = useAuth();
  const { user } = useUser();
  const { errors, fetchStatus } = useSignIn();
  const state = isLoaded ? (isSignedIn ? `in as ${sessionClaims.sub}` : "out") : "loading";
  if (drawn.at(-1) !== state) drawn.push(state);
  return (
    <dl>
      <dd id="state">{state}</dd>
      <dd id="user">{user?.primaryEmailAddress?.emailAddress}</dd>
      <dd id="error">{errors.fields.password?.code ?? errors.fields.code?.code}</dd>
      <dd id="fetching">{fetchStatus}</dd>
    </dl>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ClerkProvider publishableKey={parameters.get("key")!} afterSignOutUrl="#left">
      <State />
      <ClerkLoading>
        <p id="loading">loading</p>
      </ClerkLoading>
      <SignedOut>
        <SignInButton mode="modal" />
      </SignedOut>
      <SignedIn>
        <p id="inside">inside</p>
      </SignedIn>
    </ClerkProvider>
  </StrictMode>,
);
