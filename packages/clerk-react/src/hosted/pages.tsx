import type { ReactNode } from "react";
import { SignedIn, SignedOut } from "../components/control.tsx";
import { RedirectToSignIn } from "../components/redirects.tsx";
import { SignIn, SignUp, UserButton, UserProfile } from "../components/views.tsx";

/** Where somebody goes who came for no app in particular. */
const HOME = "/user";

/** The hosted pages by their paths (F §9.7). */
const PAGES: Record<string, { title: string; view: () => ReactNode }> = {
  "/sign-in": {
    title: "Sign in",
    view: () => <SignIn fallbackRedirectUrl={HOME} signUpFallbackRedirectUrl={HOME} />,
  },
  "/sign-up": {
    title: "Sign up",
    view: () => <SignUp fallbackRedirectUrl={HOME} signInFallbackRedirectUrl={HOME} />,
  },
  "/user": { title: "Account", view: Account },
};

/** The page at `pathname`; undefined when there is none. */
export function hostedPage(pathname: string): { title: string; view: () => ReactNode } | undefined {
  return PAGES[pathname.replace(/\/+$/, "")];
}

function Account(): ReactNode {
  return (
    <>
      <SignedIn>
        <div className="bar">
          <UserButton userProfileMode="navigation" userProfileUrl={HOME} showName />
        </div>
        <UserProfile />
      </SignedIn>
      <SignedOut>
        <RedirectToSignIn />
      </SignedOut>
    </>
  );
}
