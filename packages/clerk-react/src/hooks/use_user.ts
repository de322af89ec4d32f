import type { UserResource } from "@tandem/clerk-js";
import { useClerkContext } from "../clerk_context.ts";

export type UseUserReturn =
  | { isLoaded: false; isSignedIn: undefined; user: undefined }
  | { isLoaded: true; isSignedIn: false; user: null }
  | { isLoaded: true; isSignedIn: true; user: UserResource };

/** The user who is signed in (F §7.4). */
export function useUser(): UseUserReturn {
  const user = useClerkContext("useUser()").resources?.user;
  if (user === undefined) {
    return { isLoaded: false, isSignedIn: undefined, user: undefined };
  }
  return user === null
    ? { isLoaded: true, isSignedIn: false, user }
    : { isLoaded: true, isSignedIn: true, user };
}
