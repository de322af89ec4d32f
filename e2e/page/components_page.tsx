import {
  ClerkProvider,
  SignedIn,
  SignedOut,
  SignInButton,
  SignUpButton,
  UserButton,
} from "@tandem/clerk-react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

const publishableKey = await (await fetch("/ask/publishable-key")).text();

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ClerkProvider publishableKey={publishableKey}>
      <SignedOut>
        <SignInButton mode="modal" />
        <SignUpButton mode="modal" />
      </SignedOut>
      <SignedIn>
        <UserButton />
        <p id="inside">Signed in</p>
      </SignedIn>
    </ClerkProvider>
  </StrictMode>,
);
