import type { Clerk, Resources } from "@tandem/clerk-js";
import { createContext, useContext } from "react";

/** What the provider hands down: the client, and its state as of the last render. */
export type ClerkContextValue = {
  clerk: Clerk;
  /** Undefined until the client has loaded. */
  resources: Resources | undefined;
};

export const ClerkContext = createContext<ClerkContextValue | undefined>(undefined);

/** The provider's value. @throws Error naming the caller, when no `<ClerkProvider>` is above. */
export function useClerkContext(caller: string): ClerkContextValue {
  const value = useContext(ClerkContext);
  if (value === undefined) {
    throw new Error(
      `@clerk/clerk-react: ${caller} needs a <ClerkProvider> above it. Wrap your app: <ClerkProvider publishableKey={key}>…</ClerkProvider>.`,
    );
  }
  return value;
}
