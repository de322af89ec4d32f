import type { Clerk } from "@tandem/clerk-js";
import { useClerkContext } from "./clerk_context.ts";

/**
 * The client itself, for what the other hooks do not offer: opening modals,
 * redirects, `setActive()`. It is there before it has loaded.
 *
 * @throws Error when no `<ClerkProvider>` is above
 */
export function useClerk(): Clerk {
  return useClerkContext("useClerk()").clerk;
}
