import { Clerk, type ClerkConstructorOptions } from "@tandem/clerk-js";

declare global {
  interface Window {
    /** The client of the page's `<ClerkProvider>`, for scripts outside of React. */
    Clerk?: Clerk;
  }
}

let current: Clerk | undefined;

/**
 * The page's client for a publishable key: one, however often providers come and
 * go. Another key ends the previous client. On a server, each render has its own.
 *
 * @throws Error when the key is missing or malformed
 */
export function clerkFor(publishableKey: string, options: ClerkConstructorOptions): Clerk {
  if (typeof window === "undefined") {
    return new Clerk(publishableKey, options);
  }
  if (current?.publishableKey !== publishableKey) {
    const next = new Clerk(publishableKey, options);
    current?.dispose();
    current = next;
    window.Clerk = next;
  }
  return current;
}

/** Waits until the client knows who is signed in. @throws Error when it could not find out */
export function whenLoaded(clerk: Clerk): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      if (clerk.status === "loading") {
        return;
      }
      clerk.off("status", settle);
      if (clerk.loaded) {
        resolve();
      } else {
        reject(new Error("Sign-in is out of order: the client could not be loaded. The console says why."));
      }
    };
    clerk.on("status", settle, { notify: true });
  });
}
