import { createRoot } from "react-dom/client";
import { ClerkProvider } from "../provider.tsx";
import { addressParameters } from "../ui/redirects.ts";
import { hostedPage } from "./pages.tsx";
import { pageBesideApp, pageOfStep, readSettings } from "./settings.ts";

/** The identity server's own pages for signing in, signing up and the account (F §9.7), for apps without their own. */
function show(root: HTMLElement): void {
  const page = new URL(window.location.href);
  const { publishableKey, applicationName, allowedOrigins } = readSettings(root, page);
  const beside = pageBesideApp(page, addressParameters().get("redirect_url"));
  if (beside !== undefined) {
    window.location.replace(beside);
    return;
  }
  const { pathname } = showAt(pageOfStep(page));
  const hosted = hostedPage(pathname);
  if (hosted === undefined) {
    throw new Error(`There is no hosted page at ${pathname}.`);
  }
  document.title = applicationName === "" ? hosted.title : `${hosted.title} · ${applicationName}`;
  createRoot(root).render(
    <ClerkProvider
      publishableKey={publishableKey}
      signInUrl="/sign-in"
      signUpUrl="/sign-up"
      afterSignOutUrl="/sign-in"
      allowedRedirectOrigins={[...allowedOrigins]}
    >
      <hosted.view />
    </ClerkProvider>,
  );
}

function showAt(page: URL): URL {
  window.history.replaceState(window.history.state, "", page);
  return page;
}

const root = document.querySelector<HTMLElement>("[data-publishable-key]");
if (root === null) {
  throw new Error("The hosted page has no element with a data-publishable-key.");
}
show(root);
